/** What goes to the centre as the why of a rating besides the reasons of its press: the column `supplied` of the queue. */
import { z } from 'zod';
import { reasonCodesSchema, textCommitmentSchema } from '../../protocol/index.js';

/**
 * `evaluator`: their own words, as far as those had passed their review when the rating first went (no `text`: they had
 * not). `callback`: what a callback brought. `system`: the profile's neutral words.
 */
export const suppliedSchema = z.object({
  by: z.enum(['evaluator', 'callback', 'system']),
  codes: reasonCodesSchema.optional(),
  /** Commitment to the text, which is in `freeText`. */
  text: textCommitmentSchema.optional(),
});
export type Supplied = z.infer<typeof suppliedSchema>;

export function suppliedOf({ supplied }: { readonly supplied: string | null }): Supplied | null {
  return supplied === null ? null : suppliedSchema.parse(JSON.parse(supplied));
}
