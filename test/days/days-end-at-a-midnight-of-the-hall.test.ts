import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hallDayOf, hallMoment, isoDate } from '../../gateway/core/hall-calendar.js';
import { daysEndMs, expiredBeforeMs } from '../../gateway/core/rating-days.js';

const DAY_MS = 86_400_000;
const ms = (text: string) => {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new Error(text);
  return value;
};

test.each([
  ['any day', 'Asia/Shanghai', '2026-03-01T10:00:00+08:00', 7, '2026-03-09T00:00:00+08:00'],
  ['first moment of a day', 'Asia/Shanghai', '2026-03-01T00:00:00+08:00', 7, '2026-03-09T00:00:00+08:00'],
  ['last moment of a day', 'Asia/Shanghai', '2026-03-01T23:59:59.999+08:00', 7, '2026-03-09T00:00:00+08:00'],
  ['over a year', 'Asia/Shanghai', '2026-12-28T12:00:00+08:00', 7, '2027-01-05T00:00:00+08:00'],
  ['over 29 February', 'Asia/Shanghai', '2028-02-22T12:00:00+08:00', 7, '2028-03-01T00:00:00+08:00'],
  ['over a February of 28 days', 'Asia/Shanghai', '2100-02-22T12:00:00+08:00', 7, '2100-03-02T00:00:00+08:00'],
  ['one day', 'Asia/Shanghai', '2026-03-01T10:00:00+08:00', 1, '2026-03-03T00:00:00+08:00'],
  ['a year of them', 'Asia/Shanghai', '2026-03-01T10:00:00+08:00', 365, '2027-03-02T00:00:00+08:00'],
  ['clocks set ahead in between', 'Europe/Berlin', '2026-03-25T12:00:00+01:00', 7, '2026-04-02T00:00:00+02:00'],
  ['clocks set back in between', 'Europe/Berlin', '2026-10-21T12:00:00+02:00', 7, '2026-10-29T00:00:00+01:00'],
  ['a day that begins at one', 'America/Sao_Paulo', '2018-10-27T12:00:00-03:00', 7, '2018-11-04T01:00:00-02:00'],
  ['a day that there was not', 'Pacific/Apia', '2011-12-22T12:00:00-10:00', 7, '2011-12-31T00:00:00+14:00'],
  ['the day before it', 'Pacific/Apia', '2011-12-21T12:00:00-10:00', 7, '2011-12-29T00:00:00-10:00'],
  ['from beyond it', 'Pacific/Apia', '2011-12-28T12:00:00-10:00', 7, '2012-01-05T00:00:00+14:00'],
  ['a half hour of summer', 'Australia/Lord_Howe', '2026-03-28T12:00:00+11:00', 7, '2026-04-05T00:00:00+11:00'],
  ['a day that is broken off', 'America/St_Johns', '2010-10-30T12:00:00-02:30', 7, '2010-11-07T00:00:00-02:30'],
  ['before 1970', 'Asia/Shanghai', '1969-12-28T12:00:00+08:00', 7, '1970-01-05T00:00:00+08:00'],
])('seven natural days end with the last of them: %s', (_name, timeZone, from, days, end) => {
  expect(new Date(daysEndMs(ms(from), days, timeZone)).toISOString()).toBe(new Date(ms(end)).toISOString());
});

test('a day that has begun does not begin again when the clocks are set back over midnight', () => {
  // At 00:01 of 7 November the clocks of Newfoundland went back to 23:01.
  const begins = ms('2010-11-07T00:00:00-02:30');
  for (const at of [begins, begins + 60_000, begins + 3_600_000, begins + 4_000_000])
    expect(isoDate(hallDayOf(at, 'America/St_Johns'))).toBe('2010-11-07');
  expect(isoDate(hallDayOf(begins - 1, 'America/St_Johns'))).toBe('2010-11-06');
});

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Asia/Urumqi',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Kwajalein',
  'Antarctica/Troll',
  'Etc/GMT+12',
];
const zone = fc.constantFrom(...ZONES);
const days = fc.integer({ min: 1, max: 365 });
const moment = fc.integer({ min: ms('1930-01-01T00:00:00Z'), max: ms('2099-12-31T00:00:00Z') });
/** What no clock should say, and one does. */
const nonsense = fc.oneof(
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.integer({ min: -9e15, max: 9e15 }),
  fc.constantFrom(0, -1, 1, 8.64e15, -8.64e15, ms('0000-01-01T00:00:00Z'), ms('-000001-12-31T23:59:59Z')),
);

test('what is over by the end of its days is over by the cutoff, and nothing else', () => {
  const near = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }));
  fc.assert(
    fc.property(zone, days, fc.oneof(moment, nonsense), near, (timeZone, many, now, off) => {
      const cutoff = expiredBeforeMs(now, many, timeZone);
      for (const from of [cutoff + off, cutoff, cutoff - 1, now, now - many * DAY_MS + off])
        expect(from < cutoff).toBe(daysEndMs(from, many, timeZone) <= now);
    }),
    { numRuns: 1_500 },
  );
});

test('a later service never ends earlier', () => {
  fc.assert(
    fc.property(zone, days, moment, fc.integer({ min: 0, max: 3 * DAY_MS }), (timeZone, many, from, later) => {
      expect(daysEndMs(from + later, many, timeZone)).toBeGreaterThanOrEqual(daysEndMs(from, many, timeZone));
    }),
    { numRuns: 1_000 },
  );
});

test("the hall's day is the one that its clock shows", () => {
  const shown = (at: number, timeZone: string) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
  const unbroken = fc.constantFrom(...ZONES.filter((name) => name !== 'America/St_Johns'));
  fc.assert(
    fc.property(unbroken, moment, (timeZone, at) => {
      const day = hallDayOf(at, timeZone);
      expect(isoDate(day)).toBe(shown(at, timeZone));
      const begins = hallMoment(day, 0, timeZone);
      expect([begins <= at, shown(begins, timeZone), shown(begins - 1, timeZone) < isoDate(day)]).toEqual([
        true,
        isoDate(day),
        true,
      ]);
    }),
    { numRuns: 500 },
  );
});
