/** The real programs: what a policy asks beside the whole, and a list of reasons that is exchanged without a restart. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Seal } from '../../device/local/seal.js';
import { LEVELS, type CentreRating } from '../../protocol/index.js';
import { Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';

const INDICATORS = `
indicators:
  - { code: service, zh: 服务评价, en: Service }
  - { code: courier, zh: 快递送达, en: Courier, askedAt: [phone] }
`;

let hall: Hall;
beforeAll(async () => {
  hall = await new Hall({ policy: { changeOfMindMs: 2_000, more: INDICATORS } }).start();
});
afterAll(() => hall.stop());

interface Asked {
  readonly things: readonly { readonly of: string; readonly code: string; readonly isMarked: boolean }[];
  readonly reasons: readonly { readonly code: string }[] | null;
  readonly marking: number | null;
}

const kiosk = (method: string, path: string, body?: unknown) =>
  hall.local(hall.counter(1), method, path, body, 'kiosk');
const asked = async () => (await kiosk('GET', '/v1/screen')).body as Asked;

async function open(caseNo: string, more: object = {}): Promise<void> {
  const { status, body } = await hall.api('POST', '/v1/services', { caseNo, terminal: 't1', ...more });
  expect(status, JSON.stringify(body)).toBe(201);
}

async function rating(caseNo: string): Promise<CentreRating> {
  const find = async () => (await hall.ledger()).find((row) => row.caseNo === caseNo);
  await until(`${caseNo} is in the ledger`, async () => (await find()) !== undefined);
  return (await find()) as CentreRating;
}

async function pjq(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await Program.run(['dist/gateway/pjq.js', ...args, '--config', hall.gatewayConfig]);
  expect(code, stderr).toBe(0);
  return stdout;
}

test('a theme is unfolded by the keys alone once it is asked for, and stands at the centre with all its levels', async () => {
  const labelled = (code: string, label: string) => ({ matter: { code, label } });
  await open('theme', {
    form: 'theme',
    cases: [
      { caseNo: 'theme', ...labelled('M-1', '社会保险登记') },
      { caseNo: 'neighbour-7', ...labelled('M-2', '公积金缴存') },
    ],
  });
  expect((await asked()).things).toEqual([]);
  expect(await hall.press(1, 4)).toBe(true);
  const screen = await asked();
  expect(screen.things.map(({ of, code }) => `${of} ${code}`)).toEqual([
    'indicator service',
    'matter M-1',
    'matter M-2',
  ]);
  expect(JSON.stringify(screen)).not.toContain('neighbour');
  for (const [index, level] of [2, 5].entries()) {
    expect((await kiosk('POST', '/v1/thing', { index: index + 1 })).status).toBe(200);
    expect(await hall.press(1, level as 2 | 5)).toBe(true);
  }
  expect((await asked()).things.map(({ isMarked }) => isMarked)).toEqual([false, true, true]);
  expect((await kiosk('POST', '/v1/thing', { index: 3 })).status).toBe(409);
  expect((await kiosk('POST', '/v1/done')).status).toBe(200);
  const row = await rating('theme');
  expect(row).toMatchObject({ satisfaction: 4, cases: [{ caseNo: 'theme' }, { caseNo: 'neighbour-7' }] });
  expect(row.marks).toEqual([
    { of: 'matter', code: 'M-1', level: 2 },
    { of: 'matter', code: 'M-2', level: 5 },
  ]);
});

test('another list is shown from the next service on; the press names it, and the proof holds', async () => {
  await open('before');
  expect(await hall.press(1, 1)).toBe(true);
  expect((await kiosk('POST', '/v1/reasons/open')).status).toBe(200);
  const file = join(hall.folder, 'reasons.yaml');
  const lines = LEVELS.flatMap((level) =>
    ['窗口', '态度', '时限'].map((zh, at) => `  - { code: ${level}h${at}, zh: ${zh}, en: Hall }`),
  );
  writeFileSync(file, `name: hall-2026\nreasons:\n${lines.join('\n')}\n`);
  const said = await pjq('reason-list', 'use', file);
  const id = said.split(' ')[0] ?? '';
  expect(id).toMatch(/^hall-2026@/);
  await hall.gateway.waitFor((line) => line['list'] === id);
  const seal = new Seal(readFileSync(join(hall.counter(1).dataDir, 'kiosk-secret'), 'utf8').trim());
  const choose = (...codes: string[]) => kiosk('POST', '/v1/reasons', { sealed: seal.close({ codes }) });
  // Whoever is at the reasons keeps the list that they see.
  expect((await asked()).reasons).toHaveLength(40);
  expect((await choose('1h1')).status).toBe(409);
  expect((await choose('115')).status).toBe(200);
  await kiosk('POST', '/v1/done');
  expect(await rating('before')).toMatchObject({ satisfaction: 1, reasons: ['115'] });

  let n = 0;
  await until('the terminal shows it', async () => {
    n += 1;
    await open(`after-${n}`);
    expect(await hall.press(1, 2)).toBe(true);
    return (await asked()).reasons?.length === 15;
  });
  expect((await choose('207')).status).toBe(409);
  expect((await choose('2h2', '2h0')).status).toBe(200);
  await kiosk('POST', '/v1/done');
  expect(await rating(`after-${n}`)).toMatchObject({ satisfaction: 2, reasons: ['2h2', '2h0'] });
  expect(await pjq('reason-list', 'show')).toContain(`${id}\n非常满意\t5h0\t窗口\tHall`);
  expect(hall.gateway.lines.some((line) => line.event === 'meaning set aside')).toBe(false);
});

test('a list that screens cannot take is refused with every fault, and changes nothing', async () => {
  const file = join(hall.folder, 'wrong.yaml');
  writeFileSync(file, 'name: wrong\nreasons:\n  - { code: 5a, zh: 好, en: Good }\n  - { code: 9, zh: 坏, en: Bad }\n');
  const config = ['--config', hall.gatewayConfig];
  const refused = await Program.run(['dist/gateway/pjq.js', 'reason-list', 'use', file, ...config]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('reason-list-invalid');
  expect(refused.stderr).toContain('reasons.1.code');
  expect(await pjq('reason-list', 'history')).toMatch(/^\S+\thall-2026@\S+\n$/);
});
