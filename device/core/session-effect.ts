/** What a transition asks of the shell, as data. */
import type { EntryBody, EntryKind, ErrorCode } from '../../protocol/index.js';

/** An entry to be. */
export type Draft = { [K in EntryKind]: { readonly kind: K; readonly body: EntryBody<K> } }[EntryKind];

/** What the lamps say; exactly one at a time, and none depends on a level (I6). */
export type LampSignal = 'off' | 'idle' | 'invited' | 'accepted' | 'fault';

/** A word to the citizen that lasts a moment and changes nothing. */
export type Notice =
  | 'nothing-open'
  | 'session-over'
  | 'one-key-only'
  | 'paused'
  | 'off-duty'
  | 'out-of-service'
  | 'press-not-taken'
  | 'rating-stands';

/** What becomes of something that was asked for. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly code: ErrorCode };

/**
 * An `append` is the first effect of its list and the only one of its kind. All others, and the new state,
 * hold only once it is committed (I4); when it fails, `notTaken` gives what holds instead.
 */
export type Effect =
  | { readonly type: 'append'; readonly drafts: readonly Draft[] }
  | { readonly type: 'lamps'; readonly signal: LampSignal }
  /** A press stands in the log: lamp and screen say 已收到. */
  | { readonly type: 'accepted' }
  | { readonly type: 'notice'; readonly notice: Notice }
  /** When to give the input `time`, in ms since boot; `null`: not at all. */
  | { readonly type: 'deadline'; readonly atMonoMs: number | null }
  | ({ readonly type: 'answer' } & Answer);

export function ok(): Effect {
  return { type: 'answer', ok: true };
}

export function refused(code: ErrorCode): Effect {
  return { type: 'answer', ok: false, code };
}

export function notice(word: Notice): Effect {
  return { type: 'notice', notice: word };
}
