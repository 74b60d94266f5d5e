/** The hand at a virtual counter: one finger that presses, keys that it leaves down, contacts that it lets bounce. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Level } from '../../protocol/index.js';
import type { BenchKeys } from './bench-keys.js';

export interface BenchHandOptions {
  readonly keys: Pick<BenchKeys, 'press' | 'release' | 'onLamp' | 'restMs'>;
  /** How long the accepted lamp is waited for, ms. */
  readonly lampTimeoutMs?: number;
}

/** So many edges more than the one that was meant, spread over so many ms behind it. */
export interface Bounce {
  readonly edges: number;
  readonly spreadMs: number;
}

const LAMP_TIMEOUT_MS = 3_000;

export class BenchHand {
  readonly #options: BenchHandOptions;
  readonly #bouncing = new Map<Level, NodeJS.Timeout[]>();
  #bounce: Bounce | undefined;
  /** There is one finger: presses queue up behind each other. */
  #finger: Promise<void> = Promise.resolve();

  constructor(options: BenchHandOptions) {
    this.#options = options;
  }

  get bounces(): boolean {
    return this.#bounce !== undefined;
  }

  /** From now on every edge bounces like this, or none does. */
  bounce(how: Bounce | undefined): void {
    this.#bounce = how;
  }

  /** @returns whether the accepted lamp was seen going on in time after the key moved. */
  press(level: Level, holdMs: number): Promise<boolean> {
    const { keys, lampTimeoutMs = LAMP_TIMEOUT_MS } = this.#options;
    const turn = this.#finger.then(() => {
      const accepted = lampGoesOn(keys, lampTimeoutMs);
      // Idle once the key is up and this press is decided, so that no lamp is taken for another press's.
      return { accepted, idle: Promise.all([this.#touch([level], holdMs), accepted]) };
    });
    this.#finger = turn.then(({ idle }) => idle).then(() => wait(this.#options.keys.restMs));
    return turn.then(({ accepted }) => accepted);
  }

  /** Two keys at once; resolves when both are up again. */
  chord(levels: readonly Level[], holdMs: number): Promise<void> {
    const turn = this.#finger.then(() => this.#touch(levels, holdMs));
    this.#finger = turn.then(() => wait(this.#options.keys.restMs));
    return turn;
  }

  /** Moves a key and leaves it there. */
  key(level: Level, down: boolean): void {
    const { keys } = this.#options;
    const put = (to: boolean) => (to ? keys.press(level) : keys.release(level));
    for (const timer of this.#bouncing.get(level) ?? []) clearTimeout(timer);
    this.#bouncing.delete(level);
    put(down);
    const bounce = this.#bounce;
    if (!bounce) return;
    const timers = Array.from({ length: bounce.edges }, (_, edge) =>
      setTimeout(
        // Whatever the number of edges, it comes to rest where it was meant to.
        () => put(edge + 1 === bounce.edges || edge % 2 === 1 ? down : !down),
        ((edge + 1) * bounce.spreadMs) / bounce.edges,
      ),
    );
    this.#bouncing.set(level, timers);
  }

  /** Lets nothing bounce any more. */
  stop(): void {
    for (const timers of this.#bouncing.values()) timers.forEach((timer) => clearTimeout(timer));
    this.#bouncing.clear();
  }

  async #touch(levels: readonly Level[], holdMs: number): Promise<void> {
    for (const level of levels) this.key(level, true);
    await wait(holdMs);
    for (const level of levels) this.key(level, false);
  }
}

/** Whether the accepted lamp goes from dark to lit within the time; one that is lit already does not count. */
function lampGoesOn(keys: BenchHandOptions['keys'], timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const decide = (accepted: boolean) => {
      clearTimeout(timer);
      stopListening();
      resolve(accepted);
    };
    const timer = setTimeout(() => decide(false), timeoutMs);
    const stopListening = keys.onLamp((lamp, lit) => {
      if (lamp === 'accepted' && lit) decide(true);
    });
  });
}
