import { expect, test } from 'vitest';
import { ScanReader } from '../../device/kiosk/staff/scan-reader.js';

/** Types with the given gaps, ms; the last belongs to Enter. */
function typed(reader: ScanReader, text: string, gapsMs: (index: number) => number, fromMs = 0): string | null {
  let atMs = fromMs;
  let scan: string | null = null;
  for (const [index, key] of [...text, 'Enter'].entries()) {
    atMs += gapsMs(index);
    scan = reader.key(key, atMs);
  }
  return scan;
}

test('what comes faster than fingers can is a scan', () => {
  expect(typed(new ScanReader(), 'GZ-2026-000123', () => 8)).toBe('GZ-2026-000123');
  expect(typed(new ScanReader(), 'GZ-2026-000123', () => 60)).toBe('GZ-2026-000123');
});

test('a busy computer that stretches some gaps loses no character of it', () => {
  expect(typed(new ScanReader(), 'GZ-2026-000123', (index) => (index % 5 === 2 ? 350 : 8))).toBe('GZ-2026-000123');
});

test('what a hand types is none, and neither is a short word', () => {
  expect(typed(new ScanReader(), 'GZ-2026-000123', () => 90)).toBeNull();
  expect(typed(new ScanReader(), '11010', () => 8)).toBeNull();
});

test('what was typed by hand before is no part of it', () => {
  const reader = new ScanReader();
  reader.key('3', 0);
  expect(typed(reader, '2026000000201', (index) => (index === 0 ? 450 : 8))).toBe('2026000000201');
});

test('one scan after the other', () => {
  const reader = new ScanReader();
  expect(typed(reader, 'AAAAAA', () => 8)).toBe('AAAAAA');
  expect(typed(reader, 'BBBBBB', () => 8, 100)).toBe('BBBBBB');
});

test('Shift is part of a capital letter; any other key of control ends what was typed', () => {
  const reader = new ScanReader();
  for (const [index, key] of ['Shift', 'A', 'Shift', 'B', '1', '2', '3', '4'].entries()) reader.key(key, index * 5);
  expect(reader.key('Enter', 45)).toBe('AB1234');
  for (const [index, key] of ['A', 'B', '1', '2', '3', '4', 'Tab'].entries()) reader.key(key, 1_000 + index * 5);
  expect(reader.key('Enter', 1_040)).toBeNull();
});
