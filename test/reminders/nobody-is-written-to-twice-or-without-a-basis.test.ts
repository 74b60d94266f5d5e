import { expect, test } from 'vitest';
import { openService } from '../support/open-service.js';
import { PHONE, ReminderHall } from './reminder-hall.js';

test('an invitation within a day, a reminder before the end, and no third message', async () => {
  const hall = await ReminderHall.open();
  await hall.served('s-1');
  await hall.live(24 * 10);
  expect(hall.carrier.said).toEqual(['invitation 2026-09-28', 'reminder 2026-09-28']);
  const [invitation, reminder] = hall.carrier.asked;
  expect(invitation).toEqual({
    messageId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) as string,
    purpose: 'invitation',
    phone: PHONE,
    template: 'T-1',
    parameters: { hall: 'demo', window: '1', date: '2026-09-28', url: 'https://hall.example/r/3' },
  });
  expect(reminder).toMatchObject({ template: 'T-2' });
  expect(reminder?.messageId).not.toBe(invitation?.messageId);
  expect(hall.book()).toEqual({
    rows: [
      { serviceId: 's-1', purpose: 'invitation', outcome: 'sent', code: null },
      { serviceId: 's-1', purpose: 'reminder', outcome: 'sent', code: null },
    ],
    entries: [
      { serviceId: 's-1', purpose: 'invitation', outcome: 'sent' },
      { serviceId: 's-1', purpose: 'reminder', outcome: 'sent' },
    ],
  });
});

test('only who was served, has not rated, may be written to and wants it', async () => {
  const hall = await ReminderHall.open();
  await hall.served('no-basis', { basis: null });
  await hall.served('no-phone', { phone: null });
  await hall.served('opted-out', { phone: '+86 138 0000 1111' });
  await hall.optOuts.add('138-0000-1111');
  hall.chain.ratedService('rated', 5);
  await hall.hall.sendAll(hall.chain);
  await hall.knows('rated', PHONE);
  await hall.served('rated-by-phone');
  await hall.hall.rateOffSite('rated-by-phone', 4);
  hall.hall.reachable = false;
  const asked = { serviceId: 'never-opened', caseNo: 'case-1', stage: 'completion' as const, terminal: 't1' };
  await openService(hall.hall.desk, asked, 'key').catch(() => undefined);
  await hall.knows('never-opened', PHONE);
  await hall.served('erased');
  hall.hall.log.run("UPDATE evaluator SET erasedAt = 1 WHERE serviceId = 'erased'");
  hall.hall.reachable = true;
  const back = { serviceId: 'taken-back', caseNo: 'case-2', stage: 'completion' as const, terminal: 't1' };
  await openService(hall.hall.desk, back, 'key-2');
  await hall.knows('taken-back', PHONE);
  await hall.hall.desk.cancel('taken-back');
  await hall.served('written-to');
  await hall.live(24 * 10);
  expect(hall.carrier.said).toEqual(['invitation 2026-09-28', 'reminder 2026-09-28']);
  // Who has no number and who wants none is told apart by no entry.
  expect(hall.book().rows).toEqual([
    ...['no-phone', 'opted-out'].flatMap((serviceId) =>
      ['invitation', 'reminder'].map((purpose) => ({ serviceId, purpose, outcome: 'skipped', code: 'no-contact' })),
    ),
    ...['invitation', 'reminder'].map((purpose) => ({ serviceId: 'written-to', purpose, outcome: 'sent', code: null })),
  ]);
  // Whoever wants them again gets the next one.
  await hall.optOuts.remove('13800001111');
  await hall.served('again', { phone: '13800001111' });
  await hall.live(24);
  expect(hall.carrier.asked.at(-1)?.phone).toBe('13800001111');
});

test('nobody is asked to rate what a terminal that is cut off may have as rated already', async () => {
  const hall = await ReminderHall.open();
  await hall.served('uncovered', { covered: false });
  await hall.live(23);
  expect(hall.carrier.said).toEqual([]);
  // After the policy's hours nobody waits for that log any more.
  await hall.live(24 * 9);
  expect(hall.carrier.said).toEqual(['reminder 2026-09-28']);
});

test('who rates between the invitation and the reminder gets no reminder', async () => {
  const hall = await ReminderHall.open();
  await hall.served('s-1');
  await hall.live(24);
  await hall.hall.rateOffSite('s-1', 1);
  await hall.live(24 * 9);
  expect(hall.carrier.said).toEqual(['invitation 2026-09-28']);
});

test('at night nothing leaves, and what waits leaves in the morning', async () => {
  // 19:00: two hours later it is night.
  const hall = await ReminderHall.open({}, Date.parse('2026-09-28T19:00:00+08:00'));
  await hall.served('s-1');
  await hall.live(13.25);
  expect(hall.carrier.said).toEqual([]);
  await hall.live(0.25);
  expect(hall.carrier.said).toEqual(['invitation 2026-09-28']);
});

test('where the policy has no messages, none leave', async () => {
  const hall = await ReminderHall.open({ enabled: false });
  await hall.served('s-1');
  await hall.live(24 * 9);
  expect([hall.carrier.said, hall.book().rows]).toEqual([[], []]);
});

test('a clock that jumps writes to nobody until it has proved itself', async () => {
  const hall = await ReminderHall.open();
  await hall.served('s-1');
  await hall.reminders.look();
  hall.hall.log.clock.step(5 * 24 * 3_600_000);
  await hall.live(5);
  expect(hall.carrier.said).toEqual([]);
});
