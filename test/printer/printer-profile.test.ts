import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { BUILT_IN_PRINTER_PROFILES, loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import { parsePrinterProfile } from '../../hw/profiles/printer-profile.js';
import { ProfileError } from '../../hw/profiles/profile-document.js';

function faultsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ProfileError) return error.faults;
    throw error;
  }
  return [];
}

it('all that come with the program are sound', () => {
  expect(BUILT_IN_PRINTER_PROFILES.map(parsePrinterProfile)).toMatchObject([
    { name: 'escpos-58', columns: 32, dotsPerLine: 384, status: { realTime: true, confirm: 'gs-r' } },
    { name: 'escpos-80', columns: 48, dotsPerLine: 576, status: { realTime: true, confirm: 'gs-r' } },
    { name: 'escpos-58-mute', columns: 32, status: { realTime: false, confirm: 'none' } },
    { name: 'escpos-58-serial', cutter: 'none', serial: { baud: 19_200, flow: 'xon-xoff' } },
    { name: 'escpos-80-asb', columns: 48, status: { realTime: true, automatic: true } },
    { name: 'escpos-58-raster', font: 'ascii', qr: 'raster' },
  ]);
});

it('every fault is told at once', () => {
  const faulty = {
    name: 'X',
    columns: 33,
    dotsPerLine: 384,
    cutter: 'laser',
    status: { pollMs: 1 },
    colour: 2,
    font: 'braille',
  };
  expect(faultsOf(() => parsePrinterProfile(faulty))).toEqual([
    'name: must be words of a-z and 0-9 joined by hyphens (got "X")',
    'font: Invalid option: expected one of "gbk"|"ascii" (got "braille")',
    'cutter: Invalid option: expected one of "full"|"partial"|"none" (got "laser")',
    'status.pollMs: Too small: expected number to be >=100 (got 1)',
    'colour: unknown key (got 2)',
  ]);
  expect(faultsOf(() => parsePrinterProfile({ name: 'x', columns: 33, dotsPerLine: 384, cutter: 'none' }))).toEqual([
    'columns: must divide dotsPerLine (384): a column is a whole number of dots (got 33)',
  ]);
});

it('is named, or read from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-printer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
  const file = join(folder, 'ours.yaml');
  writeFileSync(file, 'name: ours\ncolumns: 32\ndotsPerLine: 384\ncutter: none\nqr: raster\n');
  expect(loadPrinterProfile(file)).toMatchObject({ name: 'ours', qr: 'raster', encoding: 'gb18030' });
  expect(faultsOf(() => loadPrinterProfile('none'))).toEqual([
    'profile: must be one of escpos-58, escpos-80, escpos-58-mute, escpos-58-serial, escpos-80-asb, escpos-58-raster, or the path of a .yaml or .json file (got "none")',
  ]);
});

it('an address is tcp, on port 9100 where it names none; serial; or a device file', () => {
  expect(parsePrinterAddress('tcp://10.0.0.9')).toEqual({ kind: 'tcp', host: '10.0.0.9', port: 9100 });
  expect(parsePrinterAddress('tcp://[::1]:7421')).toEqual({ kind: 'tcp', host: '::1', port: 7421 });
  const serial = { baud: 19_200, flow: 'xon-xoff' } as const;
  expect(parsePrinterAddress('serial:/dev/ttyS0')).toEqual({
    kind: 'serial',
    path: '/dev/ttyS0',
    baud: 9_600,
    flow: 'none',
  });
  expect(parsePrinterAddress('serial:/dev/ttyS0', serial)).toEqual({ kind: 'serial', path: '/dev/ttyS0', ...serial });
  expect(parsePrinterAddress('serial:/dev/ttyS0?baud=38400&flow=rts-cts', serial)).toEqual({
    kind: 'serial',
    path: '/dev/ttyS0',
    baud: 38_400,
    flow: 'rts-cts',
  });
  expect(parsePrinterAddress('usb:/dev/usb/lp0')).toEqual({ kind: 'file', path: '/dev/usb/lp0' });
  for (const wrong of ['serial:/dev/x?flow=hard', 'serial:/dev/x?speed=1', 'serial:x?baud=0', 'usb:lp0', 'usb:/']) {
    expect(faultsOf(() => parsePrinterAddress(wrong))).toHaveLength(1);
  }
  for (const wrong of ['10.0.0.9', 'http://10.0.0.9', 'tcp://:9100', 'tcp://h:0', 'tcp://h/x', '']) {
    expect(faultsOf(() => parsePrinterAddress(wrong))).toHaveLength(1);
  }
});
