/**
 * Noto Sans SC out of the web font's slices (`@fontsource-variable/noto-sans-sc`, SIL Open Font License): each slice is
 * a small WOFF2 file for some ranges of characters, opened when one of its characters is first drawn. So no font need
 * be installed on the machine, and none that is there changes a picture.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ByteCursor } from './byte-cursor.js';
import { readTransformedGlyf, type Outline } from './glyf-outlines.js';
import { openWoff2 } from './woff2.js';

export interface FontGlyph {
  readonly outline: Outline;
  /** Font units. */
  readonly advance: number;
}

/** Where glyphs come from. */
export interface GlyphSource {
  /** Of the em square. */
  readonly unitsPerEm: number;
  /** @returns `undefined` for a character that the font does not have. */
  glyph(codePoint: number): FontGlyph | undefined;
}

interface Slice {
  readonly glyphs: ReadonlyMap<number, FontGlyph>;
}

export class FontSlices implements GlyphSource {
  readonly unitsPerEm = 1000;
  readonly #ranges: readonly { from: number; to: number; file: string }[];
  readonly #opened = new Map<string, Slice>();

  constructor(folder: string, ranges: Readonly<Record<string, string>>) {
    this.#ranges = Object.entries(ranges).flatMap(([name, list]) => {
      const file = join(folder, 'files', `noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`);
      return list.split(',').map((range) => {
        const [from, to] = range.slice(2).split('-') as [string, string?];
        return { from: parseInt(from, 16), to: parseInt(to ?? from, 16), file };
      });
    });
  }

  glyph(codePoint: number): FontGlyph | undefined {
    for (const { from, to, file } of this.#ranges) {
      if (codePoint < from || codePoint > to) continue;
      const found = this.#slice(file).glyphs.get(codePoint);
      if (found) return found;
    }
    return undefined;
  }

  #slice(file: string): Slice {
    let slice = this.#opened.get(file);
    if (!slice) this.#opened.set(file, (slice = openSlice(readFileSync(file))));
    return slice;
  }
}

/** The font as its package installs it. */
export function installedFont(): FontSlices {
  const folder = dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/package.json'));
  const ranges = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>;
  return new FontSlices(folder, ranges);
}

function openSlice(file: Uint8Array): Slice {
  const tables = openWoff2(file);
  const table = (tag: string) => {
    const found = tables.get(tag);
    if (!found) throw new Error(`the font slice has no table ${tag}`);
    return found;
  };
  const glyf = table('glyf');
  if (!glyf.transformed) throw new Error('the font slice has an untransformed glyf table');
  const outlines = readTransformedGlyf(glyf.bytes);
  const hmtx = table('hmtx');
  // A transformed hmtx (WOFF2 §5.4) has a flags byte before its advances and may leave the bearings out.
  const advances = readAdvances(
    hmtx.bytes.subarray(hmtx.transformed ? 1 : 0),
    table('hhea').bytes,
    hmtx.transformed ? 2 : 4,
  );
  const glyphs = new Map<number, FontGlyph>();
  for (const [codePoint, index] of readCharacterMap(table('cmap').bytes)) {
    const outline = outlines[index];
    if (index !== 0 && outline) glyphs.set(codePoint, { outline, advance: advances(index) });
  }
  return { glyphs };
}

function readAdvances(hmtx: Uint8Array, hhea: Uint8Array, stride: number): (glyph: number) => number {
  const metrics = new ByteCursor(hhea);
  metrics.seek(34);
  const count = metrics.u16();
  const cursor = new ByteCursor(hmtx);
  return (glyph) => {
    cursor.seek(Math.min(glyph, count - 1) * stride);
    return cursor.u16();
  };
}

/** OpenType `cmap`: format 12 where there is one, else format 4. */
function readCharacterMap(table: Uint8Array): Map<number, number> {
  const cursor = new ByteCursor(table);
  cursor.skip(2);
  const subtables = Array.from({ length: cursor.u16() }, () => {
    cursor.skip(4);
    return cursor.u32();
  });
  const formatAt = (offset: number) => {
    cursor.seek(offset);
    return cursor.u16();
  };
  const map = new Map<number, number>();
  const twelve = subtables.find((offset) => formatAt(offset) === 12);
  if (twelve !== undefined) {
    cursor.seek(twelve + 12);
    for (let groups = cursor.u32(); groups > 0; groups--) {
      const from = cursor.u32();
      const to = cursor.u32();
      const glyph = cursor.u32();
      for (let code = from; code <= to; code++) map.set(code, glyph + code - from);
    }
    return map;
  }
  const four = subtables.find((offset) => formatAt(offset) === 4);
  if (four === undefined) return map;
  cursor.seek(four + 6);
  const segments = cursor.u16() / 2;
  const column = (index: number) => four + 14 + index * segments * 2 + (index > 0 ? 2 : 0);
  const read = (at: number) => {
    cursor.seek(at);
    return cursor.u16();
  };
  for (let segment = 0; segment < segments; segment++) {
    const end = read(column(0) + segment * 2);
    const start = read(column(1) + segment * 2);
    const delta = read(column(2) + segment * 2);
    const offsetAt = column(3) + segment * 2;
    const offset = read(offsetAt);
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const index = offset === 0 ? code : read(offsetAt + offset + (code - start) * 2);
      if (index !== 0) map.set(code, (index + delta) & 0xffff);
    }
  }
  return map;
}
