/** A field of printed dots, one byte a dot: 1 is black. */
export interface Dots {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function blankDots(width: number, height: number): Dots {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Dots from rows of bits, the highest bit leftmost, rows filled up to whole bytes (GS v 0, GS ( L). */
export function dotsFromRows(rowBytes: number, height: number, bits: Uint8Array, width = rowBytes * 8): Dots {
  const dots = blankDots(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      dots.data[y * width + x] = ((bits[y * rowBytes + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
  return dots;
}

/** Dots from columns of bits, the highest bit on top (ESC *). */
export function dotsFromColumns(width: number, columnBytes: number, bits: Uint8Array): Dots {
  const height = columnBytes * 8;
  const dots = blankDots(width, height);
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++)
      dots.data[y * width + x] = ((bits[x * columnBytes + (y >> 3)] ?? 0) >> (7 - (y & 7))) & 1;
  return dots;
}

/** Every dot becomes a block of dots, as printers enlarge. */
export function enlarge(dots: Dots, timesWide: number, timesHigh: number): Dots {
  if (timesWide === 1 && timesHigh === 1) return dots;
  const larger = blankDots(dots.width * timesWide, dots.height * timesHigh);
  for (let y = 0; y < larger.height; y++) {
    const row = Math.floor(y / timesHigh) * dots.width;
    for (let x = 0; x < larger.width; x++)
      larger.data[y * larger.width + x] = dots.data[row + Math.floor(x / timesWide)] ?? 0;
  }
  return larger;
}

/** A quarter turn clockwise (ESC V). */
export function quarterTurn(dots: Dots): Dots {
  const turned = blankDots(dots.height, dots.width);
  for (let y = 0; y < dots.height; y++)
    for (let x = 0; x < dots.width; x++)
      turned.data[x * turned.width + (dots.height - 1 - y)] = dots.data[y * dots.width + x] ?? 0;
  return turned;
}

/** A half turn (ESC {). */
export function halfTurn(dots: Dots): Dots {
  return { ...dots, data: dots.data.slice().reverse() };
}

/** Lays black dots onto black or white ones; what lies outside of the paper is lost. */
export function lay(onto: Dots, dots: Dots, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < dots.height && top + y < onto.height; y++)
    for (let x = Math.max(0, -left); x < dots.width && left + x < onto.width; x++)
      if (dots.data[y * dots.width + x] === 1) onto.data[(top + y) * onto.width + left + x] = 1;
}

export function fill(dots: Dots, left: number, top: number, width: number, height: number): void {
  for (let y = Math.max(0, top); y < Math.min(dots.height, top + height); y++)
    dots.data.fill(1, y * dots.width + Math.max(0, left), y * dots.width + Math.min(dots.width, left + width));
}

export function invert(dots: Dots): void {
  for (let at = 0; at < dots.data.length; at++) dots.data[at] = dots.data[at] === 1 ? 0 : 1;
}
