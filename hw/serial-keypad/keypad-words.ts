/** What the frames of a box mean, by its profile: each payload that is known, and its meaning. Pure. */
import type { KeyLevel } from '../ports/counter-board.js';
import { hexBytes, type SerialKeypadProfile } from '../profiles/serial-keypad-profile.js';

export type Word =
  | { readonly kind: 'key'; readonly key: KeyLevel; readonly down: boolean }
  /** It answers, or has said that it is there. */
  | { readonly kind: 'alive' }
  /** It has started: lamps and keys are as after power-on. */
  | { readonly kind: 'started' }
  | { readonly kind: 'nothing' };

export interface KeypadWords {
  readonly payloads: readonly (readonly number[])[];
  /** `undefined`: a well-formed frame that the profile does not name. */
  meaning(payload: readonly number[]): Word | undefined;
}

export function wordsOf(profile: SerialKeypadProfile): KeypadWords {
  const words = new Map<string, Word>();
  const payloads: number[][] = [];
  const learn = (hex: string | null | undefined, word: Word) => {
    if (hex == null) return;
    const payload = hexBytes(hex);
    payloads.push(payload);
    words.set(payload.join(), word);
  };
  for (const { level, down, up } of profile.keys) {
    learn(down, { kind: 'key', key: level, down: true });
    learn(up, { kind: 'key', key: level, down: false });
  }
  learn(profile.heartbeat?.answer, { kind: 'alive' });
  learn(profile.started, { kind: 'started' });
  for (const frame of profile.ignored) learn(frame, { kind: 'nothing' });
  return { payloads, meaning: (payload) => words.get(payload.join()) };
}
