import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hallDayStartMs, hallTimeOfDayMs } from '../../protocol/index.js';

const at = (text: string) => Date.parse(text);

test.each([
  ['Asia/Shanghai', '2026-11-21T00:00:00+08:00', '2026-11-21T00:00:00+08:00'],
  ['Asia/Shanghai', '2026-11-21T23:59:59.999+08:00', '2026-11-21T00:00:00+08:00'],
  ['Asia/Shanghai', '2026-11-21T07:59:00+08:00', '2026-11-21T00:00:00+08:00'],
  ['UTC', '2026-11-21T07:59:00+08:00', '2026-11-20T00:00:00Z'],
  // The clocks were set forward, or back, earlier that day.
  ['Europe/Berlin', '2026-03-29T12:00:00+02:00', '2026-03-29T00:00:00+01:00'],
  ['Europe/Berlin', '2026-10-25T12:00:00+01:00', '2026-10-25T00:00:00+02:00'],
  // No midnight that day: it began at one.
  ['America/Santiago', '2026-09-06T12:00:00-03:00', '2026-09-06T01:00:00-03:00'],
])('in %s the day of %s began at %s', (timeZone, moment, begin) => {
  expect(new Date(hallDayStartMs(at(moment), timeZone)).toISOString()).toBe(new Date(begin).toISOString());
});

test('in China a moment is never more than a day after the begin of its day, and lies as far from it as its clock says', () => {
  fc.assert(
    fc.property(fc.integer({ min: at('2020-01-01'), max: at('2050-01-01') }), (atMs) => {
      const startMs = hallDayStartMs(atMs, 'Asia/Shanghai');
      expect(atMs - startMs).toBe(hallTimeOfDayMs(atMs, 'Asia/Shanghai'));
      expect(atMs - startMs).toBeLessThan(86_400_000);
      expect(hallDayStartMs(startMs, 'Asia/Shanghai')).toBe(startMs);
    }),
  );
});

test('a time zone that does not exist is refused', () => {
  expect(() => hallDayStartMs(0, 'Asia/Nowhere')).toThrow(RangeError);
});
