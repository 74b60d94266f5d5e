import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  dueFrom,
  nextSendingMs,
  REMINDER_PURPOSES,
  sendingTime,
  type ReminderRules,
} from '../../gateway/core/reminder-plan.js';
import { daysEndMs } from '../../gateway/core/rating-days.js';
import { POLICY } from '../api/hall-edge.js';

const HOUR_MS = 3_600_000;
const RULES: ReminderRules = { ...POLICY, reminders: { ...POLICY.reminders, enabled: true } };
const ms = (text: string) => Date.parse(`${text}+08:00`);
const text = (at: number | null) => (at === null ? null : new Date(at + 8 * HOUR_MS).toISOString().slice(0, 16));
const rulesWith = (reminders: Partial<ReminderRules['reminders']>): ReminderRules => ({
  ...RULES,
  reminders: { ...RULES.reminders, ...reminders },
});

/** When the message of a service leaves that is looked at all the time. */
function leaves(purpose: 'invitation' | 'reminder', from: string, rules = RULES): string | null {
  const time = sendingTime(purpose, ms(from), rules);
  return time === null ? null : text(nextSendingMs(time, ms(from), rules));
}

test.each([
  ['two hours after the service', '2026-09-21T10:00', '2026-09-21T12:00', {}],
  ['by day to the last minute', '2026-09-21T17:59', '2026-09-21T19:59', {}],
  ['at night it waits for the morning', '2026-09-21T18:00', '2026-09-22T08:30', {}],
  ['after midnight as well', '2026-09-21T23:30', '2026-09-22T08:30', {}],
  ['early in the morning', '2026-09-21T05:00', '2026-09-21T08:30', {}],
  [
    'past the first day it is too late',
    '2026-09-21T20:30',
    null,
    { from: '20:45', to: '21:00', invitationAfterHours: 8 },
  ],
  ['hours that go past midnight', '2026-09-21T19:00', '2026-09-21T22:00', { from: '22:00', to: '01:00' }],
  ['in the middle of them', '2026-09-21T22:30', '2026-09-22T00:30', { from: '22:00', to: '01:00' }],
  ['no hours at all', '2026-09-21T10:00', null, { from: '09:00', to: '09:00' }],
  ['a whole day later is not within a day', '2026-09-21T10:00', null, { invitationAfterHours: 24 }],
])('an invitation: %s', (_name, from, expected, reminders) => {
  expect(leaves('invitation', from, rulesWith(reminders))).toBe(expected);
});

test.each([
  ['two days before the last', '2026-09-21T10:00', '2026-09-26T08:30', {}],
  ['on the last day', '2026-09-21T10:00', '2026-09-27T08:30', { reminderDaysBefore: 1 }],
  ['never on the day of the invitation', '2026-09-21T10:00', '2026-09-22T10:00', { reminderDaysBefore: 30 }],
])('a reminder: %s', (_name, from, expected, reminders) => {
  expect(leaves('reminder', from, rulesWith(reminders))).toBe(expected);
});

test('a reminder that could not leave for days leaves on the last day, and not after it', () => {
  const served = ms('2026-09-21T10:00');
  const time = sendingTime('reminder', served, RULES);
  if (time === null) throw new Error('never');
  expect(text(nextSendingMs(time, ms('2026-09-28T19:30'), RULES))).toBe('2026-09-28T19:30');
  expect(nextSendingMs(time, ms('2026-09-28T20:00'), RULES)).toBeNull();
  expect(time.untilMs).toBe(daysEndMs(served, RULES.ratingWindowDays, RULES.timeZone));
});

const hour = fc.integer({ min: 0, max: 47 }).map((half) => {
  const [hours, minutes] = [Math.floor(half / 2), (half % 2) * 30];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
});
const rules = fc
  .record({
    timeZone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
    ratingWindowDays: fc.integer({ min: 1, max: 20 }),
    reminders: fc.record({
      enabled: fc.constant(true),
      invitationAfterHours: fc.integer({ min: 0, max: 24 }),
      reminderDaysBefore: fc.integer({ min: 1, max: 30 }),
      from: hour,
      to: hour,
    }),
  })
  .map((changes): ReminderRules => ({ ...RULES, ...changes }));
const served = fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2027-12-31') });
const purpose = fc.constantFrom(...REMINDER_PURPOSES);

/** The hour on the wall, `hh:mm:ss`, by another way than the plan's. */
const shown = (at: number, timeZone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'medium' }).format(at);
const isDecent = (at: number, { timeZone, reminders: { from, to } }: ReminderRules) => {
  const time = shown(at, timeZone);
  const [opens, closes] = [`${from}:00`, `${to}:00`];
  return opens <= closes ? opens <= time && time < closes : time >= opens || time < closes;
};

test('whatever the policy, nothing leaves at another hour, too early or too late, and nothing waits for nothing', () => {
  fc.assert(
    fc.property(purpose, served, fc.integer({ min: -24, max: 24 * 22 }), rules, (what, from, later, policy) => {
      const time = sendingTime(what, from, policy);
      if (time === null) return;
      const now = from + later * HOUR_MS;
      const at = nextSendingMs(time, now, policy);
      if (at === null) {
        // Then no quarter of an hour that is left would have done.
        for (let probe = Math.max(now, time.fromMs); probe < time.untilMs; probe += HOUR_MS / 4)
          if (isDecent(probe, policy)) throw new Error(`could have left at ${new Date(probe).toISOString()}`);
        return;
      }
      expect([at >= now, at >= time.fromMs, at < time.untilMs, isDecent(at, policy)]).toEqual([true, true, true, true]);
      for (let probe = Math.max(now, time.fromMs); probe < at; probe += HOUR_MS / 4)
        expect(isDecent(probe, policy)).toBe(false);
      // Who looks for the services that are due at that moment finds it.
      const due = dueFrom(what, at, policy);
      expect([due.fromMs <= from, from < due.untilMs]).toEqual([true, true]);
    }),
    { numRuns: 300 },
  );
});
