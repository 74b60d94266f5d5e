import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRating, never, reach, SECRET, startPort, temporaryFolder } from './centre-at-work.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

function spawnCentre(args: string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/centre/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, PJQ_PARENT_PIPE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Waits for the program's own word that it listens. */
async function listening(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<string> {
  child.stderr.resume();
  for await (const line of createInterface(child.stdout)) {
    const entry = JSON.parse(line) as { event: string; port: number };
    if (entry.event === 'listening') return `http://127.0.0.1:${entry.port}`;
  }
  throw new Error('the centre ended before it listened');
}

describe('the centre as a program', () => {
  it(
    'keeps every rating that it said yes to when it is killed, and goes on from there',
    { timeout: 60_000 },
    async () => {
      const folder = temporaryFolder();
      const secretFile = join(folder, 'secret');
      writeFileSync(secretFile, `${SECRET}\n`);
      const args = ['--port', '0', '--data', join(folder, 'data'), '--secret-file', secretFile];

      const first = spawnCentre(args);
      const port = startPort(await listening(first), { connections: 4 });
      const ratings = Array.from({ length: 60 }, () => makeRating());
      const accepted: string[] = [];
      const exited = once(first, 'exit');
      const outcomes = await Promise.all(
        ratings.map(async (rating) => {
          const outcome = await port.deliver(rating, rating.ratingId, never);
          if (outcome.kind === 'accepted') accepted.push(rating.ratingId);
          if (accepted.length === 20) first.kill('SIGKILL');
          return outcome.kind;
        }),
      );
      await exited;
      expect(outcomes).toContain('retry');
      expect(accepted.length).toBeGreaterThanOrEqual(20);

      const second = spawnCentre(args);
      const centre = reach(await listening(second));
      expect((await centre.ledger()).map((entry) => entry.ratingId)).toEqual(expect.arrayContaining(accepted));
      const again = startPort(centre.url);
      for (const rating of ratings) {
        const outcome = await again.deliver(rating, rating.ratingId, never);
        expect(outcome.kind).toMatch(accepted.includes(rating.ratingId) ? /^already$/ : /^(accepted|already)$/);
      }
      expect((await centre.ledger()).map((entry) => entry.ratingId).sort()).toEqual(
        ratings.map((rating) => rating.ratingId).sort(),
      );

      // It ends with its parent, cleanly.
      second.stdin.end();
      expect(await once(second, 'exit')).toEqual([0, null]);
    },
  );

  it('tells every fault of its options at once and exits with 78', { timeout: 60_000 }, async () => {
    const child = spawnCentre(['--port', 'http', '--data', '']);
    const told: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => told.push(text));
    expect(await once(child, 'close')).toEqual([78, null]);
    expect(told.join('')).toMatch(/^port: .*\(got "http"\)$/m);
    expect(told.join('')).toMatch(/^data: .*\(got ""\)$/m);
    expect(told.join('')).toMatch(/^secret-file: .*\(got nothing\)$/m);
  });
});
