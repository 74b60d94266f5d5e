/** `golden/*.hex`: one command or row a line, `#` begins a comment. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadEncoder } from '../../hw/escpos/encode-commands.js';
import { slipBytes } from '../../hw/escpos/slip-bytes.js';
import type { Slip } from '../../hw/ports/receipt-printer.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import type { PrinterProfile } from '../../hw/profiles/printer-profile.js';
import { RECEIPT } from './bench-printer.js';

const P58 = loadPrinterProfile('escpos-58');
const encode = await loadEncoder();
const bytesOf = (slip: Slip, profile: PrinterProfile = P58) => slipBytes(slip, profile, encode).bytes;

function golden(name: string): string {
  const file = readFileSync(new URL(`golden/${name}.hex`, import.meta.url), 'utf8');
  return file.replaceAll(/#.*|\s/g, '');
}

it.each(['escpos-58', 'escpos-80'])('on %s', (name) => {
  expect(bytesOf(RECEIPT, loadPrinterProfile(name)).toString('hex')).toBe(golden(name));
});

it('in which no style is told twice', () => {
  const hex = bytesOf(RECEIPT).toString('hex');
  const total = (command: string) => hex.split(command).length - 1;
  // To the centre and back for the head, and again from the line above the QR on; large and bold once, there and back.
  expect([total('1b6101'), total('1b6100'), total('1b6102')]).toEqual([2, 1, 0]);
  expect([total('1d2111'), total('1d2100')]).toEqual([1, 1]);
  expect([total('1b4501'), total('1b4500')]).toEqual([2, 2]);
  expect([total('1b40'), total('1c26'), total('1d5600')]).toEqual([1, 1, 1]);
  // Neither italic nor underline, which the package would send along with bold.
  expect([total('1b34'), total('1b2d')]).toEqual([0, 0]);
});

it('whose QR commands have the length that they say', () => {
  for (const length of [1, 98, 254, 255, 300]) {
    const bytes = bytesOf({ lines: [{ kind: 'qr', text: 'A'.repeat(length) }] });
    let at = bytes.indexOf('1d286b', 'hex');
    const functions: number[] = [];
    const lengths: number[] = [];
    while (bytes.subarray(at, at + 3).toString('hex') === '1d286b') {
      const said = bytes.readUInt16LE(at + 3);
      expect(bytes[at + 5]).toBe(49);
      functions.push(bytes[at + 6] ?? 0);
      lengths.push(said);
      at += 5 + said;
    }
    expect(functions).toEqual([65, 67, 69, 80, 81]);
    expect(lengths).toEqual([4, 3, 3, length + 3, 3]);
    // What follows is the line of the quiet zone, so the last length was right, too.
    expect(bytes.subarray(at).toString('hex')).toBe('0a0a0a0a1d5600');
  }
});

it('whose QR modules shrink until the symbol with its quiet zone fits across the paper', () => {
  const dots = (length: number, profile = P58) => {
    const bytes = bytesOf({ lines: [{ kind: 'qr', text: 'a'.repeat(length) }] }, profile);
    const at = bytes.indexOf('1d286b03003143', 'hex');
    return at < 0 ? undefined : bytes[at + 7];
  };
  expect(dots(10)).toBe(6);
  // Version 6 at M holds 106 bytes: 41 + 8 modules of 6 dots are 294. Version 10 holds 213: without its quiet zone
  // 57 × 6 would fit on 384 dots, with it 65 × 5 does. Version 16 holds 450: 89 × 4.
  expect([dots(100), dots(213), dots(450)]).toEqual([6, 5, 4]);
  expect(dots(450, loadPrinterProfile('escpos-80'))).toBe(6);
  expect(dots(2_331)).toBe(2);
});

it('says a QR code that fits on no paper as text, and tells', () => {
  const tooLong = 'b'.repeat(2_332);
  const { bytes, unprintable } = slipBytes({ lines: [{ kind: 'qr', text: tooLong }] }, P58, encode);
  expect(unprintable).toEqual([tooLong]);
  expect(bytes.toString('latin1').split('b').length - 1).toBe(2_332);
});

it('draws the QR itself for a printer that cannot, to the same dots', () => {
  const raster: PrinterProfile = { ...P58, qr: 'raster' };
  const bytes = bytesOf({ lines: [{ kind: 'qr', text: 'A'.repeat(98).toLowerCase() }] }, raster);
  const at = bytes.indexOf('1d7630', 'hex');
  const [m, rowBytes, rows] = [bytes[at + 3], bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)];
  // 41 modules of 6 dots, as 3 doubled ones.
  expect([m, rowBytes, rows]).toEqual([3, 16, 123]);
  expect(bytes.subarray(at + 8 + rowBytes * rows).toString('hex')).toBe('0a0a0a0a1d5600');
  // The finder pattern: seven dark modules, and none of the margin is drawn.
  expect(bytes.subarray(at + 8, at + 11).toString('hex')).toBe('fffff8');
});

it('is a few hundred bytes, and its QR a tenth of what a raster takes', () => {
  const command = bytesOf(RECEIPT).length;
  const raster = bytesOf(RECEIPT, { ...P58, qr: 'raster' }).length;
  const spaces = bytesOf(RECEIPT, { ...P58, position: 'spaces' }).length;
  // Eight data bits, a start and a stop bit.
  const seconds = (bytes: number) => ((bytes * 10) / 9_600).toFixed(2);
  console.log(
    `slip: command ${command} B ${seconds(command)} s, raster ${raster} B ${seconds(raster)} s, spaces ${spaces} B`,
  );
  expect(command).toBeLessThanOrEqual(480);
  expect(spaces).toBeGreaterThan(command);
  expect(raster).toBeLessThanOrEqual(2_400);
});

it('has the yuan sign in its full width', () => {
  expect(bytesOf({ lines: [{ kind: 'pair', left: '¥5', right: '￥5' }] }).toString('hex')).toContain('a3a435');
  expect(bytesOf({ lines: [{ kind: 'text', text: '¥5', align: 'left', size: 1, bold: false }] }).toString('hex')).toBe(
    '1b401c26a3a4350a0a0a0a1d5600',
  );
});

it('holds no command that a text has smuggled in', () => {
  const text = 'a\x1b@\x10\x04\x01\x1d\x56\x00\x7fz';
  const { bytes, unprintable } = slipBytes(
    { lines: [{ kind: 'text', text, align: 'left', size: 1, bold: false }] },
    P58,
    encode,
  );
  const missing = 'a1fe';
  expect(bytes.toString('hex')).toBe(
    `1b401c2661${missing}40${missing.repeat(4)}56${missing.repeat(2)}7a0a0a0a0a1d5600`,
  );
  expect(unprintable).toEqual(['\x1b', '\x10', '\x04', '\x01', '\x1d', '\0', '\x7f']);
});

it('holds no command that a picture has drawn by chance: a printer obeys DLE EOT, ENQ and DC4 within one, too', () => {
  const bits = Uint8Array.of(0x10, 0x04, 0x01, 0x10, 0x05, 0x10, 0x14, 0x10, 0x10, 0x04, 0x02, 0x10);
  const hex = encode([{ op: 'raster', raster: { scale: 1, rowBytes: 4, rows: 3, bits } }], 'gb18030').toString('hex');
  expect(hex).toBe('1d76300004000300' + '18040118051814101804' + '0210');
  expect(bits[0]).toBe(0x10);
});
