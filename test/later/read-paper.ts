/** A picture of paper, read as a phone's camera program reads it. */
import jsqr from 'jsqr';
import sharp from 'sharp';
import type { Picture } from '../virtual-printer/printer-at-work.js';

const readQr = jsqr as unknown as (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

export async function greyOf(png: Buffer): Promise<Picture> {
  const { data, info } = await sharp(png).greyscale().toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, grey: data };
}

/** @throws when there is no code on it. */
export function readCode({ width, height, grey }: Picture): string {
  const pixels = new Uint8ClampedArray(width * height * 4);
  grey.forEach((value, at) => pixels.fill(value, at * 4, at * 4 + 3).fill(255, at * 4 + 3, at * 4 + 4));
  const read = readQr(pixels, width, height);
  if (read === null) throw new Error('no code can be read on this paper');
  return read.data;
}
