/**
 * Who is written to when (S §13, X 五(二)3): those who have not rated get an invitation within a day of the service, and
 * a reminder shortly before its days end; each at hours of the hall's day at which people are awake. Pure.
 */
import type { Policy } from '../../protocol/index.js';
import { hallDayOf, hallDayStart, hallMoment, isoDate } from './hall-calendar.js';

export const REMINDER_PURPOSES = ['invitation', 'reminder'] as const;
export type ReminderPurpose = (typeof REMINDER_PURPOSES)[number];

export type ReminderRules = Pick<Policy, 'ratingWindowDays' | 'reminders' | 'timeZone'>;

/** When a message may leave, ms since 1970; `untilMs` itself is too late. */
export interface SendingTime {
  readonly fromMs: number;
  readonly untilMs: number;
}

const HOUR_MS = 3_600_000;
/** X 五(二)3: the invitation goes within so long of the service. */
const INVITATION_WITHIN_MS = 24 * HOUR_MS;

/**
 * When the message about a service may leave, hours of the day apart.
 * @param daysFromMs from when the days of the service count.
 * @returns `null` when there is no such time: its days are over before the reminder would be due.
 */
export function sendingTime(purpose: ReminderPurpose, daysFromMs: number, rules: ReminderRules): SendingTime | null {
  const { reminders, ratingWindowDays, timeZone } = rules;
  const invitedByMs = daysFromMs + INVITATION_WITHIN_MS;
  if (purpose === 'invitation') return someTime(daysFromMs + reminders.invitationAfterHours * HOUR_MS, invitedByMs);
  const lastDay = hallDayOf(daysFromMs, timeZone) + ratingWindowDays;
  const dueMs = hallDayStart(lastDay - reminders.reminderDaysBefore, timeZone);
  // Nobody is invited and reminded in one day.
  return someTime(Math.max(dueMs, invitedByMs), hallDayStart(lastDay + 1, timeZone));
}

/**
 * The services that a message may leave about at a moment: those whose days count from within these bounds. Wider than
 * `sendingTime`, by which each of them is looked at.
 */
export function dueFrom(purpose: ReminderPurpose, nowMs: number, rules: ReminderRules): SendingTime {
  const { reminders, ratingWindowDays, timeZone } = rules;
  if (purpose === 'invitation')
    return { fromMs: nowMs - INVITATION_WITHIN_MS, untilMs: nowMs - reminders.invitationAfterHours * HOUR_MS + 1 };
  const today = hallDayOf(nowMs, timeZone);
  const youngest = today - ratingWindowDays + reminders.reminderDaysBefore;
  return { fromMs: hallDayStart(today - ratingWindowDays, timeZone), untilMs: hallDayStart(youngest + 1, timeZone) };
}

/**
 * The next moment at which a message may leave, at `nowMs` or after it: at night it waits for the morning.
 * @returns `null` when it will be too late by then, or no hour of the day is left to it.
 */
export function nextSendingMs(time: SendingTime, nowMs: number, { reminders, timeZone }: ReminderRules): number | null {
  const earliestMs = Math.max(nowMs, time.fromMs);
  const today = hallDayOf(earliestMs, timeZone);
  const [from, to] = [ofDayMs(reminders.from), ofDayMs(reminders.to)];
  // The hours of yesterday may go past midnight; those of tomorrow are the last that can be waited for.
  for (let day = today - 1; day <= today + 1; day += 1) {
    const opensMs = hallMoment(day, from, timeZone);
    const closesMs = hallMoment(from <= to ? day : day + 1, to, timeZone);
    const atMs = Math.max(earliestMs, opensMs);
    if (atMs < closesMs) return atMs < time.untilMs ? atMs : null;
  }
  return null;
}

/** The day of a service as a message names it. */
export function serviceDate(daysFromMs: number, timeZone: string): string {
  return isoDate(hallDayOf(daysFromMs, timeZone));
}

function someTime(fromMs: number, untilMs: number): SendingTime | null {
  return fromMs < untilMs ? { fromMs, untilMs } : null;
}

/** `hh:mm` in ms since midnight. */
function ofDayMs(hours: string): number {
  const [hour = 0, minute = 0] = hours.split(':').map(Number);
  return (hour * 60 + minute) * 60_000;
}
