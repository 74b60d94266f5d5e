import { expect, test } from 'vitest';
import type { SmsOutcome } from '../../gateway/reminders/sms-port.js';
import { PjqError } from '../../protocol/index.js';
import { PHONE, ReminderHall } from './reminder-hall.js';

const away: SmsOutcome = { kind: 'retry', code: 'sms-unreachable', detail: 'ECONNREFUSED' };
const unsure: SmsOutcome = { kind: 'unsure', code: 'sms-unsure', detail: 'no answer within 10000 ms' };
const refused: SmsOutcome = { kind: 'failed', code: 'sms-refused', detail: 'status 400' };

test('a gateway that dies between its commit and the sending has sent it for good', async () => {
  const hall = await ReminderHall.open();
  await hall.served('s-1');
  hall.carrier.answers = [new Error('died here'), { kind: 'sent' }];
  await hall.live(2.25);
  expect(hall.carrier.asked).toHaveLength(1);
  expect(hall.book().rows).toMatchObject([{ outcome: 'sent' }]);
  await hall.live(24, hall.newReminders());
  expect(hall.carrier.asked).toHaveLength(1);
});

test('the row is there before the message leaves', async () => {
  const hall = await ReminderHall.open();
  await hall.served('s-1');
  const seen: unknown[] = [];
  const sender = {
    send: () => {
      seen.push(hall.book());
      return Promise.resolve({ kind: 'sent' } as const);
    },
    close: () => Promise.resolve(),
  };
  await hall.live(24, hall.newReminders({ sender }));
  expect(seen).toEqual([
    {
      rows: [{ serviceId: 's-1', purpose: 'invitation', outcome: 'sent', code: null }],
      entries: [{ serviceId: 's-1', purpose: 'invitation', outcome: 'sent' }],
    },
  ]);
});

test('two gateways at one time write once', async () => {
  const hall = await ReminderHall.open();
  for (let n = 0; n < 20; n += 1) await hall.served(`s-${n}`);
  const both = [hall.newReminders(), hall.newReminders()];
  for (let quarter = 0; quarter < 12; quarter += 1) {
    hall.hall.pass(900_000);
    await Promise.all(both.map((one) => one.look()));
  }
  expect(new Set(hall.carrier.asked.map(({ messageId }) => messageId)).size).toBe(20);
  expect(hall.carrier.asked).toHaveLength(20);
});

test('what certainly did not leave is tried again, ever more seldom, as long as it is time', async () => {
  const hall = await ReminderHall.open();
  for (let n = 0; n < 5; n += 1) await hall.served(`s-${n}`);
  hall.carrier.answers = [away];
  await hall.live(2.25);
  const tries = () => hall.carrier.asked.length;
  expect(tries()).toBe(1);
  await hall.live(6);
  // 1, 2, 4 … minutes, and at last an hour apart: one at a time, and not five.
  expect(tries()).toBeGreaterThan(6);
  expect(tries()).toBeLessThan(14);
  expect(hall.book().rows).toEqual([
    { serviceId: 's-0', purpose: 'invitation', outcome: 'failed', code: 'sms-unreachable' },
  ]);
  hall.carrier.answers = [{ kind: 'sent' }];
  const before = tries();
  await hall.live(1);
  expect(tries() - before).toBe(5);
  expect(hall.book().rows).toHaveLength(5);
  expect(hall.book().rows.every((row) => (row as { outcome: string }).outcome === 'sent')).toBe(true);
});

test('a carrier that asks for time gets it', async () => {
  const hall = await ReminderHall.open();
  await hall.served('s-1');
  hall.carrier.answers = [{ ...away, retryAfterMs: 3_600_000 }];
  await hall.live(2.25);
  await hall.live(0.75);
  expect(hall.carrier.asked).toHaveLength(1);
  await hall.live(0.5);
  expect(hall.carrier.asked).toHaveLength(2);
});

test('what nobody knows of counts as sent; what is refused is not tried again', async () => {
  const hall = await ReminderHall.open();
  await hall.served('s-1');
  hall.carrier.answers = [unsure];
  await hall.live(12);
  expect(hall.carrier.asked).toHaveLength(1);
  expect(hall.book().rows).toMatchObject([{ outcome: 'sent', code: 'sms-unsure' }]);
  await hall.served('s-2');
  hall.carrier.answers = [refused];
  await hall.live(24);
  expect(hall.carrier.asked).toHaveLength(2);
  expect(hall.book().entries.at(-1)).toEqual({
    serviceId: 's-2',
    purpose: 'invitation',
    outcome: 'failed',
    code: 'sms-refused',
  });
});

test('a store that is an older copy of itself writes to nobody whom it may have written to', async () => {
  const hall = await ReminderHall.open();
  await hall.served('before');
  const { store } = hall.hall.log;
  hall.hall.pass(60_000);
  await store.db.transaction().execute((trx) => store.own.restored(trx, 'a terminal knows better', 1));
  await hall.served('after');
  await hall.live(24);
  expect(hall.book().rows).toMatchObject([{ serviceId: 'after' }]);
});

test('a number that cannot be read keeps nobody else from their message', async () => {
  const hall = await ReminderHall.open();
  for (const serviceId of ['s-1', 'damaged', 's-2']) await hall.served(serviceId);
  const phoneOf = (serviceId: string) =>
    serviceId === 'damaged' ? Promise.reject(new PjqError('evaluator-damaged')) : Promise.resolve(PHONE);
  await hall.live(6, hall.newReminders({ phoneOf }));
  expect(hall.carrier.asked).toHaveLength(2);
  expect(hall.logLines.filter((line) => line.includes('evaluator-damaged'))).toHaveLength(1);
});

test('no number is in a row, an entry or a log line, whatever happens', async () => {
  const hall = await ReminderHall.open();
  for (const [index, answer] of [{ kind: 'sent' } as const, away, unsure, refused, new Error('died')].entries()) {
    await hall.served(`s-${index}`);
    hall.carrier.answers = [answer];
    await hall.live(4);
  }
  await hall.optOuts.add(PHONE);
  expect(hall.carrier.asked.length).toBeGreaterThan(3);
  expect(hall.logLines.length).toBeGreaterThan(2);
  const tables = ['entry', 'reminder', 'optOut', 'meta', 'quarantine', 'alarm'];
  const everything = [
    ...hall.logLines,
    ...tables.flatMap((table) => hall.hall.log.rows<Record<string, unknown>>(`SELECT * FROM "${table}"`)),
  ];
  const written = everything.map((one) =>
    typeof one === 'string'
      ? one
      : Object.values(one)
          .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
          .join(' '),
  );
  expect(written.filter((line) => line.includes(PHONE))).toEqual([]);
});
