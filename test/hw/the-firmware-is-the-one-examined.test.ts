import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isPjqError } from '../../protocol/index.js';
import { readIntelHex } from '../../simulator/board/intel-hex.js';
import { loadUnoFirmware } from '../../simulator/board/uno-firmware.js';

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isPjqError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'not refused';
}

it('and fills the flash from its first byte on', () => {
  const flash = loadUnoFirmware();
  expect(flash).toHaveLength(32_768);
  // `jmp` at the reset vector.
  expect([...flash.slice(0, 4)]).toEqual([0x0c, 0x94, 0x74, 0x00]);
  expect(flash.at(-1)).toBe(0xff);
});

it('and any other is refused, with its hash, as one that is missing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-firmware-'));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
  const file = createRequire(import.meta.url).resolve('avrgirl-arduino/junk/hex/uno/StandardFirmata.cpp.hex');
  const other = join(folder, 'other.hex');
  writeFileSync(other, `${readFileSync(file, 'latin1')}\n`);
  expect(refusalOf(() => loadUnoFirmware(other))).toMatch(/^config-invalid .*must have the SHA-256 6d57ea7c.*\(got /);
  expect(refusalOf(() => loadUnoFirmware(join(folder, 'none.hex')))).toMatch(/^config-invalid .*cannot be read/);
});

it.each([
  ['a record whose sum is wrong', ':0100000055AB\n:00000001FF', 'line 1 is no record'],
  ['a record that is cut short', ':02000000559\n:00000001FF', 'line 1 is no record'],
  ['a record beyond the flash', ':0100100055' + '9A\n:00000001FF', 'line 1 is not for a flash of 16 bytes'],
  ['a wider address', ':020000021000EC\n:00000001FF', 'line 1 is not for a flash of 16 bytes'],
  ['no end', ':0100000055AA', 'the record of the end is missing'],
])('%s is no Intel HEX', (_, text, reason) => {
  expect(() => readIntelHex(text, 16)).toThrow(reason);
});

it('reads data where it belongs, and leaves the rest erased', () => {
  expect([...readIntelHex(':0100020055A8\r\n:00000001FF\r\n', 4)]).toEqual([0xff, 0xff, 0x55, 0xff]);
});
