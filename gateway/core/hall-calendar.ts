/**
 * The hall's calendar: its days by number, and the moments at which its clock on the wall shows something. Pure. It
 * holds in every zone: where the clocks skip midnight or a whole day, where they are set back across midnight, before
 * 1970, and for clocks that say nonsense.
 *
 * A day that has begun does not begin again: where the clocks are set back from 00:01 to 23:01, the hour after belongs
 * to the new day. A day that a zone left out has no moment; it counts as a day all the same.
 */

const DAY_MS = 86_400_000;
/** No zone is, or ever was, further from UTC. */
const FARTHEST_MS = 16 * 3_600_000;
/** What a `Date` can hold. */
const LAST_MS = 8.64e15;
/** Boundaries that are kept; a hall asks after a few hundred. */
const KEPT = 4_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly starts: Map<number, number>;
}

const zones = new Map<string, Zone>();

/**
 * The hall's day that a moment falls in, counted from 1 January 1970.
 * @param timeZone IANA name. @throws RangeError when there is none of that name, or the moment is no number.
 */
export function hallDayOf(atMs: number, timeZone: string): number {
  if (!(Math.abs(atMs) <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`no moment: ${atMs}`);
  let day = Math.floor(atMs / DAY_MS) + 1;
  while (hallDayStart(day, timeZone) > atMs) day -= 1;
  return day;
}

/** The first moment of a hall's day, ms since 1970. */
export function hallDayStart(day: number, timeZone: string): number {
  const { starts } = zoneOf(timeZone);
  const known = starts.get(day);
  if (known !== undefined) return known;
  const startMs = hallMoment(day, 0, timeZone);
  if (starts.size >= KEPT) starts.clear();
  starts.set(day, startMs);
  return startMs;
}

/** The first moment at which the hall's clock shows `ofDayMs` of that day, or has passed it. */
export function hallMoment(day: number, ofDayMs: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  const shownMs = day * DAY_MS + ofDayMs;
  let [beforeMs, afterMs] = [shownMs - FARTHEST_MS, shownMs + FARTHEST_MS];
  const [offsetBefore, offsetAfter] = [offsetMs(zone, beforeMs), offsetMs(zone, afterMs)];
  if (offsetBefore === offsetAfter) return shownMs - offsetAfter;
  // The clocks are set in between: when?
  while (afterMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + afterMs) / 2);
    if (offsetMs(zone, middleMs) === offsetBefore) beforeMs = middleMs;
    else afterMs = middleMs;
  }
  if (shownMs - offsetBefore < afterMs) return shownMs - offsetBefore;
  return Math.max(afterMs, shownMs - offsetAfter);
}

/** Year, month and day of a hall's day, as ISO 8601 has them. */
export function isoDate(day: number): string {
  return new Date(within(day * DAY_MS)).toISOString().replace(/T.*$/, '');
}

/** What the hall's clock shows less what UTC's shows, ms. */
function offsetMs({ format }: Zone, atMs: number): number {
  const wholeMs = Math.floor(within(atMs) / 1_000) * 1_000;
  const said: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(wholeMs)) said[type] = value;
  const year = Number(said['year']);
  const shown = new Date(0);
  shown.setUTCFullYear(said['era'] === 'B' ? 1 - year : year, Number(said['month']) - 1, Number(said['day']));
  shown.setUTCHours(Number(said['hour']), Number(said['minute']), Number(said['second']));
  const shownMs = shown.getTime();
  // At the very ends of time the zone's own date can be out of reach.
  return Number.isNaN(shownMs) ? 0 : shownMs - wholeMs;
}

function within(ms: number): number {
  return Math.max(-LAST_MS, Math.min(LAST_MS, ms));
}

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'narrow',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const zone = { format, starts: new Map<number, number>() };
  zones.set(timeZone, zone);
  return zone;
}
