/**
 * The days of a service (S §17): natural days of the hall, counted from the day after the one on which they begin to
 * count. They end with the beginning of the hall's day after the last of them. Pure.
 */
import { hallDayOf, hallDayStart } from './hall-calendar.js';

/**
 * When the days of a service end, ms since 1970: from this moment on it may not be rated any more.
 * @param daysFromMs from when they count.
 * @param days how many natural days there are.
 * @param timeZone IANA name. @throws RangeError when there is none of that name.
 */
export function daysEndMs(daysFromMs: number, days: number, timeZone: string): number {
  return hallDayStart(hallDayOf(daysFromMs, timeZone) + days + 1, timeZone);
}

/**
 * The services whose days are over: exactly those that count from before this moment. The other side of `daysEndMs`:
 * `daysFromMs < expiredBeforeMs(nowMs)` if and only if `daysEndMs(daysFromMs) <= nowMs`.
 */
export function expiredBeforeMs(nowMs: number, days: number, timeZone: string): number {
  return hallDayStart(hallDayOf(nowMs, timeZone) - days, timeZone);
}
