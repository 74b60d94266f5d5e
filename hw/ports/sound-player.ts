/**
 * The port of what is heard at the counter: recorded clips, one at a time.
 *
 * Contract
 * - `start()` returns at once; the card is found and found again for ever. Losing it is a state, never an error.
 * - No event comes before `start()` or after the promise of `stop()` has settled.
 * - `play()` never rejects, and settles in bounded time: the clip's length and a few seconds. A clip replaces the one
 *   that sounds, which settles as `replaced`.
 * - `played` also where nobody has recorded that clip, or the volume is 0: nothing is said, and nothing is wrong.
 * - No clip depends on a level, and none names a matter or a person (I6, R9).
 */
import type { LinkState } from './counter-board.js';

export const SOUND_LANGUAGES = ['zh', 'en', 'bo'] as const;
export type SoundLanguage = (typeof SOUND_LANGUAGES)[number];

/** `key`: a press was taken, the same for every level. */
export type SoundClip = 'key' | `${'welcome' | 'invite' | 'thanks'}-${SoundLanguage}`;

export type PlayOutcome = 'played' | 'failed' | 'replaced';

export interface SoundPlayerEvents {
  /** Whether it can be heard changed; `reason` is for the operator. */
  link(state: LinkState, reason: string): void;
}

export interface SoundPlayer {
  start(events: SoundPlayerEvents): void;
  /** `volumePercent`: 0 to 100 of the recording's own amplitude. */
  play(clip: SoundClip, volumePercent: number): Promise<PlayOutcome>;
  readonly link: LinkState;
  stop(): Promise<void>;
}
