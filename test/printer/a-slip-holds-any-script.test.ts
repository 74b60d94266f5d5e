/** Rows that the printer has no characters for come out as pictures; the virtual printer draws its paper dot for dot. */
import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { loadTextDrawer, type TextDrawer } from '../../hw/escpos/text-drawer.js';
import type { SlipLine } from '../../hw/ports/receipt-printer.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import { black, cut, HEAD_DOTS, PrinterAtWork } from '../virtual-printer/printer-at-work.js';
import { serves } from './bench-printer.js';

const text = (words: string, more: Partial<Extract<SlipLine, { kind: 'text' }>> = {}): SlipLine => ({
  kind: 'text',
  text: words,
  align: 'left',
  size: 1,
  bold: false,
  ...more,
});
const QR: SlipLine = { kind: 'qr', text: 'https://hall.example/r/x' };
/** Please rate this service: རོགས་གནང། ends with a shad. */
const TIBETAN = 'ཞབས་ཞུ་འདིར་གདེང་འཇོག་གནང་རོགས།';

async function atWork(profileName = 'escpos-58', loadDrawer?: () => Promise<TextDrawer>) {
  const paper = await new PrinterAtWork().ready();
  const printer = new EscposPrinter({
    profile: loadPrinterProfile(profileName),
    address: parsePrinterAddress(`tcp://127.0.0.1:${paper.port}`),
    nextDelayMs: () => 20,
    ...(loadDrawer === undefined ? {} : { loadDrawer }),
  });
  printer.start({ status: () => undefined });
  onTestFinished(() => printer.stop());
  await serves(printer);
  return { paper, printer };
}

/** The dots of a row of the paper as wide as it is, from its first dot to its last. */
async function ink(paper: PrinterAtWork, height: number): Promise<string[]> {
  const picture = await paper.picture();
  return cut(picture, 0, HEAD_DOTS, picture.width, height);
}

it('a row with Tibetan is a picture with its letters, the others stay text', async () => {
  const { paper, printer } = await atWork();
  expect(await printer.print({ lines: [text('受理回执'), text(TIBETAN), text('请扫码'), QR] })).toEqual({
    outcome: 'printed',
  });
  const lines = await paper.lines();
  expect(lines[0]).toBe('受理回执');
  const pictures = lines.filter((line) => line.startsWith('[raster'));
  expect(pictures.length).toBeGreaterThanOrEqual(1);
  expect(lines).toContain('请扫码');
  expect(await paper.scan()).toBe('https://hall.example/r/x');
  expect((await paper.state())['unknown']).toEqual([]);
});

it('the letters are those that the font draws, dot for dot, and no boxes', async () => {
  const drawer = await loadTextDrawer(24);
  const letter = await drawer.draw('བོད', { size: 1, bold: false }, 384);
  const { paper, printer } = await atWork();
  await printer.print({ lines: [text('བོད')] });
  const [line = ''] = await paper.lines();
  const [width = 0, height = 0] = [...line.matchAll(/\d+/g)].map(Number);
  expect(width).toBe(Math.ceil(letter.width / 8) * 8);
  const top = Math.floor((height - letter.height) / 2);
  const rows = (await ink(paper, height)).slice(top, top + letter.height).map((row) => row.slice(0, letter.width));
  const drawn = Array.from({ length: letter.height }, (_, y) =>
    Array.from({ length: letter.width }, (_, x) => (letter.dots[y * letter.width + x] === 1 ? '#' : '.')).join(''),
  );
  expect(rows).toEqual(drawn);
  // A vowel sign stands above its letter: the same letters without it are not as high, and have less ink.
  const plain = await drawer.draw('བད', { size: 1, bold: false }, 384);
  expect(plain.height).toBeLessThan(letter.height);
  expect(black(rows)).toBeGreaterThan(40);
  expect(await drawer.widths(['བོ', 'ད', '\u{10fff0}'])).toSatisfy(
    (widths: ReadonlyMap<string, number>) => widths.has('བོ') && widths.has('ད') && !widths.has('\u{10fff0}'),
  );
});

it('no character that a font has is taken for one that is missing', async () => {
  const drawer = await loadTextDrawer(24);
  const words = '本回中口囗田目日一丨卜十门闸囚国图圆品器\u2003@#|[]□■';
  expect([...(await drawer.widths([...words])).keys()].join('')).toBe(words.replace('□', ''));
});

it('a rare character of a name is drawn in its row, which still fits; one that no font has is 〓 and listed', async () => {
  const { paper, printer } = await atWork();
  // U+20BB7 is outside of GBK; U+10FFF0 is private use.
  const lines = [{ kind: 'pair', left: '姓名', right: '𠮷田一郎' } as const, text('甲\u{10fff0}乙')];
  expect(await printer.print({ lines })).toEqual({ outcome: 'printed', unprintable: ['\u{10fff0}'] });
  const said = await paper.lines();
  expect(said[0]).toMatch(/^\[raster 384x\d+\]$/);
  expect(said[1]).toBe('甲〓乙');
  const row = await ink(paper, 30);
  // 姓名 at the left edge, 𠮷田一郎 at the right one, and nothing between.
  expect(black(row.map((dots) => dots.slice(0, 50)))).toBeGreaterThan(80);
  expect(black(row.map((dots) => dots.slice(60, 280)))).toBe(0);
  expect(black(row.map((dots) => dots.slice(285)))).toBeGreaterThan(160);
});

it('long Tibetan goes to the next row after a syllable, and no row is wider than the paper', async () => {
  const { paper, printer } = await atWork();
  await printer.print({ lines: [text(TIBETAN.repeat(4)), text(TIBETAN, { size: 2, bold: true, align: 'center' })] });
  const widths = (await paper.lines())
    .filter((line) => line.startsWith('[raster'))
    .map((line) => Number(/\d+/.exec(line)?.[0]));
  expect(widths.length).toBeGreaterThan(4);
  for (const width of widths) expect(width).toBeLessThanOrEqual(384);
});

it('a printer without Chinese characters gets the whole receipt as pictures', async () => {
  const { paper, printer } = await atWork('escpos-58-raster');
  const lines = [text('受理回执', { size: 2, align: 'center' }), text('Window 3'), QR];
  expect(await printer.print({ lines })).toEqual({ outcome: 'printed' });
  const [title, window] = await paper.lines();
  expect(title).toMatch(/^\[raster \d+x60\]$/);
  expect(window).toBe('Window 3');
  expect(await paper.scan()).toBe('https://hall.example/r/x');
});

it('where nothing can be drawn the slip comes out all the same, with 〓', async () => {
  const { paper, printer } = await atWork('escpos-58', () => Promise.reject(new Error('no such module: sharp')));
  expect(await printer.print({ lines: [text('བོད་中')] })).toEqual({
    outcome: 'printed',
    unprintable: ['བ', 'ོ', 'ད', '་'],
  });
  expect((await paper.lines())[0]).toBe('〓〓〓〓中');
});

it('and a terminal whose slips need none of it does not pay for it', () => {
  const stdout = execFileSync(
    process.execPath,
    ['--import', 'tsx', 'test/printer/memory-of-a-slip.ts', '受理回执', TIBETAN],
    { encoding: 'utf8' },
  );
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { drawer: boolean; mb: number });
  console.log(`VmRSS: ${told.map(({ mb }) => `${mb} MB`).join(' after a slip of text, ')} after one with a drawn row`);
  expect(told.map(({ drawer }) => drawer)).toEqual([false, true]);
});
