/** Whether a service may be rated now by whoever holds its slip or pass; and if not, why. Pure. */
import { PjqError, receiptDayMs, type Policy, type Stage } from '../../protocol/index.js';
import { hallDayOf } from '../core/hall-calendar.js';
import { daysEndMs } from '../core/rating-days.js';
import type { ServiceTable } from '../store/schema.js';

const DAY_MS = 86_400_000;
/** A code is dated in UTC by its terminal's clock, and a service counts its days by the hall's. */
const OTHER_CALENDAR_DAYS = 1;

type Judged = Pick<ServiceTable, 'takenBackAt' | 'stage' | 'expiredAt' | 'daysFrom' | 'requestedAt'>;
type Rules = Pick<Policy, 'stages' | 'ratingWindowDays' | 'timeZone'>;

/** @throws PjqError `service-taken-back`, `service-ungranted`, `rating-window-over`. */
export function refuseService(service: Judged, { stages, ratingWindowDays, timeZone }: Rules, nowMs: number): void {
  const { takenBackAt, stage, expiredAt, daysFrom, requestedAt } = service;
  if (takenBackAt !== null) throw new PjqError('service-taken-back');
  if (stages[stage as Stage].opens === 'nothing') throw new PjqError('service-ungranted');
  // A row of a version that kept no days counts from when it was made.
  const isOver = nowMs >= daysEndMs(daysFrom ?? requestedAt, ratingWindowDays, timeZone);
  if (isOver || expiredAt !== null) throw new PjqError('rating-window-over');
}

/**
 * Of a service that no log has told of yet only the day on the code is known.
 * @throws PjqError `rating-window-over`: once the log is here, the service's own day decides.
 */
export function refuseUnknown(dayMs: number, { ratingWindowDays, timeZone }: Rules, nowMs: number): void {
  const lastDay = Math.floor(dayMs / DAY_MS) + ratingWindowDays + OTHER_CALENDAR_DAYS;
  if (hallDayOf(nowMs, timeZone) > lastDay) throw new PjqError('rating-window-over');
}

/**
 * Whether a code and the service that it names are of one day. The terminal dates a code by the opening's own entry;
 * somebody who has only learnt a key that is retired can make no code for a service of a later day.
 */
export function isOfItsDay({ openedAt }: Pick<ServiceTable, 'openedAt'>, dayMs: number): boolean {
  return openedAt === null || receiptDayMs(openedAt) === dayMs;
}
