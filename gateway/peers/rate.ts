/** A rate as configuration has it. */
import { z } from 'zod';

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** @returns the schema of a rate with these defaults. */
export function rateSchema(perSecond: number, burst: number) {
  return z
    .strictObject({
      perSecond: z.number().positive().max(1e9).default(perSecond).describe('that many a second, on and on'),
      burst: z.number().positive().max(1e9).default(burst).describe('that many at once'),
    })
    .prefault({});
}
