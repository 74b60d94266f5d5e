/** Bytes without a meaning, the same for the same seed. */
import { mulberry32 } from './mulberry32.js';

export function noiseBytes(length: number, seed: number): Uint8Array {
  const next = mulberry32(seed);
  return Uint8Array.from({ length }, () => next() & 0xff);
}
