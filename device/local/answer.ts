/** The counter's answer as HTTP has it. */
import { PjqError } from '../../protocol/index.js';
import type { Answer } from '../core/session-effect.js';

/** @throws PjqError with the answer's code, unless it is `ok`. */
export function done(answer: Answer): { readonly ok: true } {
  if (!answer.ok) throw new PjqError(answer.code);
  return { ok: true };
}
