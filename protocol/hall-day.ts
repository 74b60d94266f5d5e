/** The day of a hall, as its people count it: from midnight to midnight in the hall's time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

interface Civil {
  readonly date: string;
  readonly ofDayMs: number;
}

/**
 * When the hall's day began that a moment falls in, ms since 1970. Where the clocks skip midnight, the day begins
 * with the first moment that there is.
 * @param timeZone IANA name. @throws RangeError when there is none of that name.
 */
export function hallDayStartMs(atMs: number, timeZone: string): number {
  const { date, ofDayMs } = civil(atMs, timeZone);
  let startMs = atMs - ofDayMs;
  // Where the clocks were set since midnight, that is off by as much.
  const found = civil(startMs, timeZone);
  if (found.date === date) startMs -= found.ofDayMs;
  else if (found.ofDayMs > 0) startMs += 86_400_000 - found.ofDayMs;
  return startMs;
}

/** Milliseconds since the hall's midnight, by the clock on the wall. */
export function hallTimeOfDayMs(atMs: number, timeZone: string): number {
  return civil(atMs, timeZone).ofDayMs;
}

function civil(atMs: number, timeZone: string): Civil {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // Of all locales the Swedish one writes ISO 8601.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  const text = format.format(atMs);
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(11).split(':').map(Number);
  const ms = ((atMs % 1_000) + 1_000) % 1_000;
  return { date: text.slice(0, 10), ofDayMs: ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms };
}
