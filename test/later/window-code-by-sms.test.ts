import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { codeCarrier } from '../../gateway/rate/window-code-sms.js';
import { FileSms } from '../../gateway/reminders/file-sms.js';
import type { WindowCodeDesk } from '../../gateway/rate/window-code-desk.js';
import { isPjqError } from '../../protocol/index.js';
import { quiet, temporaryFolder } from '../ingest/hall-log.js';
import { CALLER, CASE_NO, PHONE, policyWith, told, WINDOW, WindowHall } from './window-hall.js';

const BY_SMS = policyWith({ secondFactor: 'sms-code' });
const MINUTE_MS = 60_000;

let hall: WindowHall;
let desk: WindowCodeDesk;
let file: string;
beforeEach(async () => {
  hall = await WindowHall.open();
  file = join(temporaryFolder(), 'sms.jsonl');
  const clock = { wallMs: () => hall.edge.nowMs, monoMs: () => hall.edge.nowMs };
  const sender = new FileSms({ file, clock });
  const carryCode = codeCarrier({ hall: 'hall-1', sender, template: 'code', clock, policy: BY_SMS, logger: quiet });
  desk = hall.desk({ policy: BY_SMS, carryCode });
});

const send = (caseNo = CASE_NO, window = WINDOW) => desk.sendCode(window, caseNo, CALLER);

interface Sent {
  readonly phone: string;
  readonly purpose: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function sent(): Sent[] {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sent);
}

async function arrived(total: number): Promise<Sent> {
  await expect.poll(() => sent().length).toBe(total);
  return sent().at(-1) as Sent;
}

test('a code comes to the registered phone, says nothing but hall, window and day, and opens', async () => {
  await hall.serve();
  await send();
  const { phone, purpose, parameters } = await arrived(1);
  expect([phone, purpose]).toEqual([PHONE, 'code']);
  expect(Object.keys(parameters).sort()).toEqual(['code', 'date', 'hall', 'window']);
  expect(parameters['code']).toMatch(/^\d{6}$/);
  expect(await told(desk, CASE_NO, parameters['code'] ?? '')).toHaveLength(39);
  // The last four digits are known to many; here they open nothing.
  expect(await told(desk, CASE_NO, '4321')).toBe('window-code-refused');
});

test('it is good for ten minutes at least, and not for twenty; it opens no other case', async () => {
  await hall.serve();
  await hall.serve({ caseNo: 'other', serviceId: 's-2' });
  await send();
  const code = (await arrived(1)).parameters['code'] ?? '';
  expect(await told(desk, 'other', code)).toBe('window-code-refused');
  hall.edge.nowMs += 10 * MINUTE_MS;
  expect(await told(desk, CASE_NO, code)).toHaveLength(39);
  hall.edge.nowMs += 10 * MINUTE_MS;
  expect(await told(desk, CASE_NO, code)).toBe('window-code-refused');
});

test('for a case that there is not, or without a phone, nothing is sent, and the answer is the same', async () => {
  await hall.serve({ evaluator: { name: '张三' } });
  expect(await send()).toBeUndefined();
  expect(await send('nothing')).toBeUndefined();
  await hall.serve({ caseNo: 'other', serviceId: 's-2' });
  expect(await send('other', 'A13')).toBeUndefined();
  await send('other');
  expect((await arrived(1)).phone).toBe(PHONE);
});

test('a case gets three a day, and is told so alike whether there is such a case', async () => {
  await hall.serve();
  const refusal = async (caseNo: string) => {
    try {
      await send(caseNo);
      return 'sent';
    } catch (error) {
      if (isPjqError(error)) return error.code;
      throw error;
    }
  };
  for (const caseNo of [CASE_NO, 'nothing']) {
    const answers: string[] = [];
    for (let n = 0; n < 4; n += 1) answers.push(await refusal(caseNo));
    expect(answers).toEqual(['sent', 'sent', 'sent', 'window-code-locked']);
  }
  await arrived(3);
});

test('where no codes are carried, none can be asked for', () => {
  expect(() => hall.desk().sendCode(WINDOW, CASE_NO, CALLER)).toThrow(
    expect.objectContaining({ code: 'request-malformed' }),
  );
});
