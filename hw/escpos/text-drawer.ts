/**
 * Draws text that the printer has no characters for, by sharp (libvips, pango) with the fonts of this machine: Debian's
 * fonts-noto-cjk for Chinese, fonts-noto-core or the npm package @fontsource/noto-serif-tibetan for Tibetan.
 * Loaded only when such a text comes: it costs some 20 MB.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sfntOf } from './woff-font.js';

/** Black dots on white, one byte each: 1 is black. */
export interface Dots {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;
}

export interface TextDrawer {
  /** How many dots wide each is at size 1; what no font has is left out. */
  widths(graphemes: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The ink of a text, without margins. One that would be wider than `mostDots` is drawn narrower. */
  draw(text: string, style: { readonly size: 1 | 2; readonly bold: boolean }, mostDots: number): Promise<Dots>;
}

/** Its half-width and full-width characters are exactly as wide as a printer's. */
const FONT = 'Noto Sans Mono CJK SC';
const TIBETAN_PACKAGE = '@fontsource/noto-serif-tibetan/files/noto-serif-tibetan-tibetan-400-normal.woff';
/** More graphemes than any hall prints; then it measures anew. */
const MOST_MEASURED = 4_096;
const INK = 128;
const LEAST_BOX_DOTS = 6;

/** @throws when sharp cannot be loaded here. @param emDots width of a full-width character: two columns. */
export async function loadTextDrawer(emDots: number): Promise<TextDrawer> {
  const { default: sharp } = await import('sharp');
  // A slip an hour is no reason to hold memory or threads.
  sharp.cache(false);
  sharp.concurrency(1);
  const fontfile = unpackedTibetanFont();
  return new PangoDrawer(emDots, async (words, px, bold) => {
    const text = words.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
    const font = `${FONT} ${bold ? 'Bold ' : ''}${px}`;
    const picture = sharp({ text: { text, font, dpi: 72, ...(fontfile === undefined ? {} : { fontfile }) } });
    const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const dots = new Uint8Array(width * height);
    for (let at = 0; at < dots.length; at += 1) dots[at] = (data[at * channels] ?? 0) >= INK ? 1 : 0;
    return { width, height, dots };
  });
}

type Render = (words: string, px: number, bold: boolean) => Promise<Dots>;

class PangoDrawer implements TextDrawer {
  readonly #emDots: number;
  readonly #render: Render;
  /** `undefined`: no font has it. */
  readonly #known = new Map<string, number | undefined>();
  #strokes: Promise<number> | undefined;

  constructor(emDots: number, render: Render) {
    this.#emDots = emDots;
    this.#render = render;
  }

  async widths(graphemes: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const widths = new Map<string, number>();
    if (this.#known.size > MOST_MEASURED) this.#known.clear();
    for (const grapheme of graphemes) {
      if (!this.#known.has(grapheme)) this.#known.set(grapheme, await this.#measure(grapheme));
      const width = this.#known.get(grapheme);
      if (width !== undefined) widths.set(grapheme, width);
    }
    return widths;
  }

  async draw(text: string, { size, bold }: { size: 1 | 2; bold: boolean }, mostDots: number): Promise<Dots> {
    // Nothing is drawn for an empty text, and pango would throw.
    if (text.trim() === '') return { width: 0, height: 0, dots: new Uint8Array() };
    const ink = await this.#render(text, this.#emDots * size, bold);
    return ink.width > mostDots ? narrowed(ink, mostDots) : ink;
  }

  async #measure(grapheme: string): Promise<number | undefined> {
    for (const character of grapheme) {
      // Spaces, joiners and variation selectors show nothing by themselves, and pango throws for nothing.
      if (/[\s\p{Default_Ignorable_Code_Point}]/u.test(character)) continue;
      if (isMissing(await this.#render(character, this.#emDots, false))) return undefined;
    }
    // Its picture has no margins; between two strokes it is as wide as it is in a text.
    this.#strokes ??= this.#inkWidth('||');
    return Math.max(0, (await this.#inkWidth(`|${grapheme}|`)) - (await this.#strokes));
  }

  async #inkWidth(text: string): Promise<number> {
    return (await this.#render(text, this.#emDots, false)).width;
  }
}

/** The same picture on fewer columns: a dot is black where any of those that it stands for was. */
function narrowed({ width, height, dots }: Dots, narrower: number): Dots {
  const narrow = new Uint8Array(narrower * height);
  dots.forEach((dot, at) => {
    const x = Math.floor(((at % width) * narrower) / width);
    if (dot === 1) narrow[Math.floor(at / width) * narrower + x] = 1;
  });
  return { width: narrower, height, dots: narrow };
}

/**
 * Whether pango drew a box with the character's number in it: that is what it shows where no font has the glyph. The
 * frame is one dot wide and whole, with white inside of it. (A sign that looks just so, like U+25AF, is taken for it.)
 */
function isMissing({ width, height, dots }: Dots): boolean {
  const rowInk = (y: number) => dots.subarray(y * width, (y + 1) * width).reduce((sum, dot) => sum + dot, 0);
  let top = 0;
  while (top < height && rowInk(top) === 0) top += 1;
  let bottom = height - 1;
  while (bottom > top && rowInk(bottom) === 0) bottom -= 1;
  const left = dots.indexOf(1, top * width) - top * width;
  const right = dots.lastIndexOf(1, (bottom + 1) * width - 1) - bottom * width;
  // An upright stroke, as in 本, is no frame.
  if (bottom - top < LEAST_BOX_DOTS || right - left < LEAST_BOX_DOTS) return false;
  if (rowInk(top) !== right - left + 1 || rowInk(bottom) !== rowInk(top)) return false;
  if (rowInk(top + 1) !== 2 || rowInk(bottom - 1) !== 2) return false;
  for (let y = top; y <= bottom; y += 1) {
    if (dots[y * width + left] !== 1 || dots[y * width + right] !== 1) return false;
  }
  return true;
}

/** Where the npm package is installed: its font in a file that pango takes, gone with the program. */
function unpackedTibetanFont(): string | undefined {
  try {
    const packed = readFileSync(createRequire(import.meta.url).resolve(TIBETAN_PACKAGE));
    const folder = mkdtempSync(join(tmpdir(), 'pjq-font-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'noto-serif-tibetan.ttf');
    writeFileSync(file, sfntOf(packed));
    return file;
  } catch {
    // Not installed, or no room for it: then there are the fonts of the system.
    return undefined;
  }
}
