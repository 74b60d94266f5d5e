/**
 * What is heard at the counter. It follows the counter's events and hands clips to the player; nothing waits for it,
 * so no sound delays a rating, and a card that is lost costs nothing but the sound (I5).
 *
 * An event of the counter comes after its commit (I4) and tells no level, so that neither the choice of a clip, nor its
 * moment, nor its length can depend on one (I6). A key and a finger on the screen sound alike.
 */
import type { PlayOutcome, SoundPlayer } from '../../hw/ports/sound-player.js';
import type { Clock } from '../../protocol/index.js';
import type { CounterEvent } from '../counter/counter.js';
import type { Snapshot } from '../core/session-state.js';
import { clipsOf, isQuiet, type Occasion, type SoundPolicy } from './sound-policy.js';

export interface SoundDeskParts {
  readonly player: Pick<SoundPlayer, 'play'>;
  /** The policy in force, asked anew at every sound. */
  readonly policy: () => SoundPolicy;
  /** The hall's time zone, IANA name. */
  readonly timeZone: () => string;
  readonly clock: Pick<Clock, 'wallMs'>;
}

export class SoundDesk {
  readonly #parts: SoundDeskParts;
  /** The services whose invitation and whose thanks were due last. */
  #invited: string | undefined;
  #thanked: string | undefined;
  /** Counts what was begun: a newer occasion ends the older one's clips. */
  #turn = 0;
  #stopped = false;

  constructor(parts: SoundDeskParts) {
    this.#parts = parts;
  }

  /** What stands at the start was greeted before, or has nobody before it any more: nothing is said of it. */
  start(snapshot: Snapshot): void {
    this.#invited = snapshot.serviceId;
    this.#thanked = snapshot.ended?.serviceId;
  }

  take(event: CounterEvent): void {
    if (event.type === 'accepted') return this.#sound('accepted');
    if (event.type !== 'changed') return;
    const { state, serviceId, ended } = event.snapshot;
    if (state === 'invited' && serviceId !== this.#invited) {
      this.#invited = serviceId;
      return this.#sound('opened');
    }
    if (ended === undefined || ended.serviceId === this.#thanked) return;
    this.#thanked = ended.serviceId;
    // Nothing is said to one who did not rate: staff would hear it, and nobody is to be urged.
    if (ended.how === 'rated') this.#sound('thanked');
    // An invitation that is still being said has nobody to hear it.
    else this.#turn += 1;
  }

  /** For the self-check: the tone and the first prompt that has a recording, at any hour. Never rejects. */
  async check(): Promise<'played' | 'failed'> {
    const { languages, volumePercent } = this.#parts.policy();
    const clips = ['key', ...languages.map((language) => `invite-${language}` as const)] as const;
    const outcomes: PlayOutcome[] = [];
    const turn = (this.#turn += 1);
    for (const clip of clips) {
      if (turn === this.#turn)
        outcomes.push(await this.#parts.player.play(clip, Math.max(volumePercent, CHECK_PERCENT)));
    }
    return outcomes.includes('failed') ? 'failed' : 'played';
  }

  stop(): void {
    this.#stopped = true;
    this.#turn += 1;
  }

  #sound(occasion: Occasion): void {
    const { policy, timeZone, clock } = this.#parts;
    const now = policy();
    if (this.#stopped || isQuiet(now.quiet, timeZone(), clock.wallMs())) return;
    void this.#say(clipsOf(occasion, now), now.volumePercent);
  }

  async #say(clips: readonly Parameters<SoundPlayer['play']>[0][], volumePercent: number): Promise<void> {
    if (clips.length === 0) return;
    const turn = (this.#turn += 1);
    for (const clip of clips) {
      if (turn !== this.#turn) return;
      if ((await this.#parts.player.play(clip, volumePercent)) !== 'played') return;
    }
  }
}

/** Loud enough to be heard by the one who checks, where the hall has it silent. */
const CHECK_PERCENT = 40;
