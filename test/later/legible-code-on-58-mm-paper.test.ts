/**
 * The longest address that a terminal may have, printed by the driver that ships on the narrowest paper, drawn dot for
 * dot, and read by two readers that share no code with us or with each other.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jsqr from 'jsqr';
import sharp from 'sharp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { receiptSlip } from '../../device/core/receipt-slip.js';
import { SLIP_WORDS } from '../../device/core/receipt-words.js';
import { deviceConfigurationSchema } from '../../device/configuration.js';
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import { makeReceiptToken, receiptUrl } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { PrinterAtWork, type Picture } from '../virtual-printer/printer-at-work.js';
import { photograph, type Part, type Photograph } from './photographed-slip.js';

interface Corner {
  readonly x: number;
  readonly y: number;
}
interface Read {
  readonly data: string;
  readonly version: number;
  readonly location: Readonly<
    Record<'topLeftFinderPattern' | 'topRightFinderPattern' | 'bottomLeftFinderPattern', Corner>
  >;
}
const readQr = jsqr as unknown as (pixels: Uint8ClampedArray, width: number, height: number) => Read | null;

/** 203 dots an inch. */
const DOTS_PER_MM = 203 / 25.4;
const LONGEST_BASE = `https://pingjia.zhengwu.${'x'.repeat(33)}.gov.cn/r`;

const URL = receiptUrl(
  LONGEST_BASE,
  makeReceiptToken(nodeSuite, {
    terminalNumber: 0xffff_fffe,
    keyNumber: 255,
    key: new Uint8Array(32).fill(9),
    serviceId: 'a-service',
    nowMs: Date.UTC(2026, 10, 21),
  }),
);

async function printed(profileName: string): Promise<Picture> {
  const profile = loadPrinterProfile(profileName);
  const paper = await new PrinterAtWork(profile.columns).ready();
  const printer = new EscposPrinter({
    profile,
    address: parsePrinterAddress(`tcp://127.0.0.1:${paper.port}`),
    nextDelayMs: () => 20,
  });
  printer.start({ status: () => undefined });
  onTestFinished(() => printer.stop());
  await vi.waitFor(() => expect(printer.status.link).toBe('connected'), { timeout: 20_000 });
  const facts = {
    hall: '测试市政务服务大厅',
    window: '12',
    caseNo: '513300202611210001',
    matter: '居民身份证换领',
    staffNo: '0231',
    openedAt: '2026-11-21 09:30',
    url: URL,
    again: false,
  };
  expect(await printer.print(receiptSlip(facts, SLIP_WORDS.zh))).toMatchObject({ outcome: 'printed' });
  return paper.picture();
}

function read({ width, height, grey }: Picture): Read | null {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at += 1) pixels.fill(grey[at] ?? 255, at * 4, at * 4 + 3);
  return readQr(pixels, width, height);
}

interface Symbol {
  readonly version: number;
  readonly modules: number;
  readonly moduleDots: number;
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Where the symbol is and how large its modules are, from the dots alone. */
function symbolOn(paper: Picture): Symbol {
  const found = read(paper);
  if (found === null) throw new Error('no code on the paper');
  const { topLeftFinderPattern: corner, topRightFinderPattern: right } = found.location;
  const modules = 17 + 4 * found.version;
  const moduleDots = Math.round((right.x - corner.x) / (modules - 7));
  const [left, top] = [corner.x, corner.y].map((centre) => Math.round(centre - 3.5 * moduleDots)) as [number, number];
  return { version: found.version, modules, moduleDots, left, top, side: modules * moduleDots };
}

function isWhite({ width, grey }: Picture, left: number, top: number, wide: number, high: number): boolean {
  for (let y = top; y < top + high; y += 1)
    for (let x = left; x < left + wide; x += 1)
      if (x < 0 || x >= width || (grey[y * width + x] ?? 255) < 128) return x < 0 || x >= width;
  return true;
}

const ZBAR = spawnSync('zbarimg', ['--nodbus', '--version']).status === 0;

async function secondReader({ width, height, grey }: Picture): Promise<string> {
  const file = join(temporaryFolder(), 'slip.png');
  const png = sharp(Buffer.from(grey), { raw: { width, height, channels: 1 } }).png();
  writeFileSync(file, await png.toBuffer());
  const args = ['--quiet', '--nodbus', '--raw', '-Sdisable', '-Sqrcode.enable', file];
  return execFileSync('zbarimg', args, { encoding: 'utf8' }).trim();
}

test('no terminal may have an address that makes a longer code', () => {
  expect([LONGEST_BASE.length, URL.length]).toEqual([66, 110]);
  const { url } = deviceConfigurationSchema.shape.receipt.unwrap().shape;
  expect(url.safeParse(LONGEST_BASE).success).toBe(true);
  expect(url.safeParse(`${LONGEST_BASE}r`).success).toBe(false);
});

/** Version, size of the modules and white edge, as the decision has them. */
function expectGeometry(paper: Picture): void {
  const { version, moduleDots, left, top, side } = symbolOn(paper);
  expect(read(paper)?.data).toBe(URL);
  expect(version).toBeLessThanOrEqual(7);
  // 0.5 mm at least: a lens of 2012 at a hand's distance sees two pixels of it.
  expect(moduleDots / DOTS_PER_MM).toBeGreaterThanOrEqual(0.5);
  const quiet = 4 * moduleDots;
  expect(left).toBeGreaterThanOrEqual(quiet);
  expect(paper.width - left - side).toBeGreaterThanOrEqual(quiet);
  for (const edge of [
    [left - quiet, top - quiet, quiet, side + 2 * quiet],
    [left + side, top - quiet, quiet, side + 2 * quiet],
    [left, top - quiet, side, quiet],
    [left, top + side, side, quiet],
  ] as const)
    expect([edge, isWhite(paper, ...edge)]).toEqual([edge, true]);
}

const CASES: readonly (readonly [string, Photograph])[] = [
  ['sharp, three pixels a module', { dotsPerPixel: 2 }],
  ['blurred', { dotsPerPixel: 2, blurPx: 1.2 }],
  ['at 80 % contrast', { dotsPerPixel: 2, contrast: 0.8 }],
  ['faded to 40 %', { dotsPerPixel: 2, contrast: 0.4 }],
  // Four pixels a module: the paper is no plane any more, and the one reader takes it for one.
  ...[0.3, 0.45, 0.6, 0.75].map((foldAt) => [`folded at ${foldAt}`, { dotsPerPixel: 1.5, foldAt }] as const),
  ['upside down, askew', { dotsPerPixel: 1.5, turnedDegrees: 172 }],
  ['blurred, at 80 % contrast and folded', { dotsPerPixel: 1.5, blurPx: 1, contrast: 0.8, foldAt: 0.6 }],
];

test('an old phone reads it, and so does another reader', async () => {
  const paper = await printed('escpos-58');
  expectGeometry(paper);
  const { top, side, moduleDots } = symbolOn(paper);
  const part: Part = { top, side, edge: 4 * moduleDots };
  for (const [what, how] of CASES) {
    const seen = await photograph(paper, part, how);
    expect([what, read(seen)?.data]).toEqual([what, URL]);
    if (ZBAR) expect([what, await secondReader(seen)]).toEqual([what, URL]);
  }
  // What would be too much is too much: the photographs do take something away.
  expect(read(await photograph(paper, part, { dotsPerPixel: 5, blurPx: 1.5 }))).toBeNull();
});

test('a printer that knows no codes draws one of the same size', async () => {
  expectGeometry(await printed('escpos-58-raster'));
});
