/** A slip's paper as an old phone sees it: small, blurred, faded, folded, held askew. All of it reckoned, none by chance. */
import sharp from 'sharp';
import type { Picture } from '../virtual-printer/printer-at-work.js';

export interface Photograph {
  /** Dots of the paper that one pixel of the camera sees, across. */
  readonly dotsPerPixel: number;
  /** Of the lens, in pixels. */
  readonly blurPx?: number;
  /** 1: black on white; 0.8: four fifths of it. */
  readonly contrast?: number;
  /** A crease, so far down the code (0 to 1); what is below it leans away in its own shadow. */
  readonly foldAt?: number;
  readonly turnedDegrees?: number;
}

/** The part of the paper that is on the photograph: the code and its white edge, dots. */
export interface Part {
  readonly top: number;
  readonly side: number;
  readonly edge: number;
}

export async function photograph(paper: Picture, part: Part, how: Photograph): Promise<Picture> {
  const { contrast = 1, foldAt, blurPx = 0, turnedDegrees = 0, dotsPerPixel } = how;
  const flat = crop(paper, part);
  const shown = foldAt === undefined ? flat : folded(flat, Math.round(part.edge + part.side * foldAt));
  const faded = Buffer.from(shown.grey.map((value) => Math.round(255 - (255 - value) * contrast)));
  let picture = sharp(faded, { raw: { width: shown.width, height: shown.height, channels: 1 } });
  if (turnedDegrees !== 0)
    picture = sharp(await picture.rotate(turnedDegrees, { background: '#ffffff' }).png().toBuffer()).greyscale();
  const small = sharp(await picture.png().toBuffer())
    .greyscale()
    .resize({ width: Math.round(shown.width / dotsPerPixel), kernel: 'cubic' });
  const { data, info } = await (blurPx > 0 ? small.blur(blurPx) : small)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, grey: data };
}

function crop({ width, grey }: Picture, { top, side, edge }: Part): Picture {
  const [from, height] = [top - edge, side + 2 * edge];
  return { width, height, grey: grey.subarray(from * width, (from + height) * width) };
}

const CREASE_DOTS = 3;
/** How much shorter and more askew the half is that is turned away, and how much darker its paper: opened by hand again. */
const [SHORTER, LEAN, DARKER] = [0.96, 0.02, 0.7];

/** On the crease the black has come off; below it the paper leans away, so that it is shorter, askew and in the shade. */
function folded({ width, height, grey }: Picture, crease: number): Picture {
  const below = Math.floor((height - crease) * SHORTER);
  const data = new Uint8Array(width * (crease + below)).fill(255);
  for (let y = 0; y < crease + below; y += 1) {
    const isBelow = y >= crease;
    const from = isBelow ? crease + (y - crease) / SHORTER : y;
    const lean = isBelow ? (y - crease) * LEAN : 0;
    for (let x = 0; x < width; x += 1) {
      const isCrease = Math.abs(y - crease) < CREASE_DOTS / 2;
      const value = grey[Math.min(height - 1, Math.floor(from)) * width + Math.round(x - lean)] ?? 255;
      data[y * width + x] = isCrease ? 235 : Math.round(value * (isBelow ? DARKER : 1));
    }
  }
  return { width, height: crease + below, grey: data };
}
