import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { configure } from '../days/old-services.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { CHECKOUT } from '../support/program.js';

async function pjq(input: string, ...args: string[]): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, ['dist/gateway/pjq.js', 'sms', ...args], { cwd: CHECKOUT });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (out += part.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, out };
}

test('a number that wants no messages is kept as a digest, and forgotten when it wants them again', async () => {
  const folder = temporaryFolder();
  const { file } = configure(folder, { evaluator: { keyFile: join(folder, 'ring.json') } });
  const opted = await pjq('138 1234 5678\n\n+8613812345678\n+33612345678\n', 'opt-out', '--config', file);
  expect(opted).toEqual({ code: 0, out: '3 numbers get no messages\n' });
  const db = new Database(join(folder, 'data', 'hall.db'), { readonly: true });
  const digests = () => db.prepare('SELECT phoneDigest FROM optOut').pluck().all() as string[];
  // Two of them are one number.
  expect(digests()).toHaveLength(2);
  expect(digests().join(' ')).not.toMatch(/1381234|612345/);
  expect(await pjq('13812345678', 'opt-in', '--config', file)).toMatchObject({ code: 0 });
  expect(digests()).toHaveLength(1);
  const wrong = await pjq('13812345678\nnobody 4711\n', 'opt-out', '--config', file);
  expect(wrong.code).toBe(1);
  expect(wrong.out).toContain('line 2');
  expect(wrong.out).not.toContain('4711');
  expect(digests()).toHaveLength(1);
  db.close();
});
