/** The outlines of a font's glyphs out of the transformed `glyf` table (WOFF2 §5.1). */
import { ByteCursor } from './byte-cursor.js';

export interface OutlinePoint {
  readonly x: number;
  readonly y: number;
  readonly onCurve: boolean;
}

/** Closed contours of quadratic curves, in font units, y upwards. */
export type Outline = readonly (readonly OutlinePoint[])[];

const MOST_NESTING = 4;

/** @returns the outline of every glyph, by its index. */
export function readTransformedGlyf(table: Uint8Array): readonly Outline[] {
  const head = new ByteCursor(table);
  head.skip(4);
  const glyphs = head.u16();
  head.skip(2);
  const sizes = Array.from({ length: 7 }, () => head.u32());
  let start = head.at;
  const [contourCounts, pointCounts, flags, triplets, composites] = sizes.map((size) => {
    const stream = new ByteCursor(table.subarray(start, start + size));
    start += size;
    return stream;
  }) as [ByteCursor, ByteCursor, ByteCursor, ByteCursor, ByteCursor];
  const parts = Array.from({ length: glyphs }, (): Outline | readonly Component[] => {
    const contours = contourCounts.i16();
    if (contours === 0) return [];
    if (contours < 0) return readComponents(composites, triplets);
    return readContours(contours, pointCounts, flags, triplets);
  });
  const resolve = (index: number, depth: number): Outline => {
    const part = parts[index] ?? [];
    if (!isComposite(part)) return part;
    if (depth > MOST_NESTING) return [];
    return part.flatMap(({ glyph, dx, dy }) =>
      resolve(glyph, depth + 1).map((contour) => contour.map((p) => ({ ...p, x: p.x + dx, y: p.y + dy }))),
    );
  };
  return parts.map((_, index) => resolve(index, 0));
}

interface Component {
  readonly glyph: number;
  readonly dx: number;
  readonly dy: number;
}

function isComposite(part: Outline | readonly Component[]): part is readonly Component[] {
  return part.length > 0 && 'glyph' in (part[0] as object);
}

function readContours(contours: number, pointCounts: ByteCursor, flags: ByteCursor, triplets: ByteCursor): Outline {
  const counts = Array.from({ length: contours }, () => pointCounts.short255());
  let x = 0;
  let y = 0;
  const outline = counts.map((points) =>
    Array.from({ length: points }, () => {
      const flag = flags.u8();
      const [dx, dy] = readTriplet(flag & 0x7f, triplets);
      x += dx;
      y += dy;
      return { x, y, onCurve: flag < 0x80 };
    }),
  );
  // The length of the hinting program stands behind the points of every simple glyph; hints are not used here.
  triplets.short255();
  return outline;
}

/** WOFF2 §5.2, the table of triplet encodings as arithmetic. */
function readTriplet(flag: number, data: ByteCursor): [dx: number, dy: number] {
  const x = (magnitude: number) => (flag & 1 ? magnitude : -magnitude);
  const y = (magnitude: number) => (flag & 2 ? magnitude : -magnitude);
  const first = data.u8();
  // Below 20 one of the two is zero, and bit 0 is the sign of the other.
  if (flag < 10) return [0, x(((flag & 14) << 7) + first)];
  if (flag < 20) return [x((((flag - 10) & 14) << 7) + first), 0];
  if (flag < 84) {
    const code = flag - 20;
    return [x(1 + (code & 0x30) + (first >> 4)), y(1 + ((code & 0x0c) << 2) + (first & 0x0f))];
  }
  const second = data.u8();
  if (flag < 120) {
    const code = flag - 84;
    return [x(1 + (Math.floor(code / 12) << 8) + first), y(1 + (((code % 12) >> 2) << 8) + second)];
  }
  const third = data.u8();
  if (flag < 124) return [x((first << 4) + (second >> 4)), y(((second & 0x0f) << 8) + third)];
  return [x((first << 8) + second), y((third << 8) + data.u8())];
}

/** OpenType `glyf`, composite glyph description: moved components only; scaled ones are drawn unscaled. */
function readComponents(composites: ByteCursor, instructions: ByteCursor): readonly Component[] {
  const components: Component[] = [];
  let flags: number;
  let hinted = false;
  do {
    flags = composites.u16();
    const glyph = composites.u16();
    const wide = (flags & 0x0001) !== 0;
    const dx = wide ? composites.i16() : composites.i8();
    const dy = wide ? composites.i16() : composites.i8();
    composites.skip(flags & 0x0008 ? 2 : flags & 0x0040 ? 4 : flags & 0x0080 ? 8 : 0);
    hinted ||= (flags & 0x0100) !== 0;
    components.push({ glyph, dx, dy });
  } while (flags & 0x0020);
  if (hinted) instructions.short255();
  return components;
}
