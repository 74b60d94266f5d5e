/** Keys and lamps of a button box on a serial line: the port `CounterBoard` by frames that a profile describes. */
import { KeyWatch } from '../keys/key-watch.js';
import type { LinkAddress } from '../link/byte-link.js';
import type { CounterBoard, CounterBoardEvents, KeyLevel, LampSignal, LinkState } from '../ports/counter-board.js';
import type { SerialKeypadProfile } from '../profiles/serial-keypad-profile.js';
import { KeypadSession } from './keypad-session.js';
import { ToldKeys } from './told-keys.js';

export interface SerialKeypadBoardOptions {
  readonly profile: SerialKeypadProfile;
  /** From `parseKeypadAddress`. */
  readonly address: LinkAddress;
  /** The caller's monotonic clock, ms. */
  readonly monoMs: () => number;
  /** Wait before the next try, ms; `attempt` counts the failures since the box last served, from 1. */
  readonly nextDelayMs: (attempt: number) => number;
}

type KeyEvents = Pick<CounterBoardEvents, 'press' | 'chord' | 'stuck' | 'freed'>;

const STOP_TIMEOUT_MS = 1_000;

export class SerialKeypadBoard implements CounterBoard {
  readonly #options: SerialKeypadBoardOptions;
  readonly #keys: KeyWatch;
  readonly #told: ToldKeys;
  /** Presses of which the next bytes may yet tell that they were noise. */
  #unsettled: { readonly level: KeyLevel; readonly atMonoMs: number }[] = [];
  #heard: KeyEvents | undefined;
  #events: CounterBoardEvents | undefined;
  #session: KeypadSession | undefined;
  #sessionEnded: (() => void) | undefined;
  #ready = false;
  #link: LinkState = 'lost';
  #linkTold = false;
  #signal: LampSignal = 'off';
  /** What the lamps of this connection were last told; `undefined`: nothing yet. */
  #shown: LampSignal | undefined;
  #lampsUnderWay = false;
  #attempt = 0;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(options: SerialKeypadBoardOptions) {
    this.#options = options;
    this.#keys = new KeyWatch({
      settings: options.profile,
      monoMs: options.monoMs,
      armed: () => this.#armed(),
      events: () => this.#heard,
    });
    this.#told = new ToldKeys(options.profile, (key, down) => this.#edge(key, down));
  }

  get link(): LinkState {
    return this.#link;
  }

  start(events: CounterBoardEvents): void {
    if (this.#events) return;
    this.#events = events;
    this.#heard = hasChecksum(this.#options.profile)
      ? events
      : {
          press: (level, atMonoMs) => this.#doubtPress(level, atMonoMs),
          chord: () => events.chord(),
          stuck: (level) => events.stuck(level),
          freed: (level) => events.freed(level),
        };
    this.#connect();
  }

  setLamps(signal: LampSignal): void {
    this.#signal = signal;
    this.#showLamps();
  }

  /** Darkens the lamps, lets the box go and takes no more events from it. */
  async stop(): Promise<void> {
    if (!this.#events) return;
    // Darkness goes out before the end, also behind a signal that is still under way.
    this.#lampsUnderWay = false;
    this.setLamps('off');
    this.#events = undefined;
    this.#heard = undefined;
    clearTimeout(this.#retryTimer);
    this.#forget();
    this.#keys.lost();
    this.#keys.stop();
    const session = this.#session;
    if (session) {
      await new Promise<void>((resolve) => {
        const patience = setTimeout(resolve, STOP_TIMEOUT_MS);
        this.#sessionEnded = () => {
          clearTimeout(patience);
          resolve();
        };
        session.end('the driver was stopped');
      });
      session.destroy('the driver was stopped');
    }
    this.#session = undefined;
    this.#link = 'lost';
    this.#linkTold = false;
    this.#attempt = 0;
  }

  #connect(): void {
    const session = new KeypadSession(this.#options.profile, this.#options.address, {
      ready: () => this.#begin(),
      heard: (word) => (word.kind === 'key' ? this.#told.hear(word.key, word.down) : this.#begin()),
      noise: () => this.#noise(),
      settled: () => this.#settle(),
      ended: (reason) => this.#ended(reason),
    });
    this.#session = session;
    session.start();
  }

  /** The box was found, or has started anew. It tells changes only, so its keys count as up until it says otherwise. */
  #begin(): void {
    this.#forget();
    if (this.#link === 'connected') this.#setLink('lost', 'the box has started anew');
    this.#ready = true;
    this.#shown = undefined;
    this.#lampsUnderWay = false;
    this.#showLamps();
    this.#keys.began([]);
  }

  /** What was told in the last moments may have been noise too: it is undone, and keys wait anew. */
  #noise(): void {
    this.#unsettled = [];
    this.#told.doubt();
    this.#setLink('degraded', `bytes came that are no frame of ${this.#options.profile.name}; look at cable and baud`);
    this.#keys.began(this.#told.down);
  }

  #ended(reason: string): void {
    this.#session = undefined;
    this.#ready = false;
    this.#forget();
    this.#keys.lost();
    this.#sessionEnded?.();
    if (!this.#events) return;
    this.#setLink('lost', reason);
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), this.#options.nextDelayMs(this.#attempt));
  }

  #edge(key: KeyLevel, down: boolean): void {
    if (down && this.#link !== 'connected')
      this.#setLink('degraded', 'a key is held down; keys count once all have been up');
    this.#keys.edge(key, down);
  }

  /** Without a checksum, a press is told once the bytes behind it have been read and are no noise. */
  #doubtPress(level: KeyLevel, atMonoMs: number): void {
    this.#unsettled.push({ level, atMonoMs });
    // A busy program hears its timers before bytes that came long ago: those are let in first.
    setImmediate(() => this.#session?.midFrame === false && this.#settle());
  }

  #settle(): void {
    const presses = this.#unsettled;
    this.#unsettled = [];
    for (const { level, atMonoMs } of presses) this.#events?.press(level, atMonoMs);
  }

  #forget(): void {
    this.#unsettled = [];
    this.#told.forget();
  }

  #armed(): void {
    this.#attempt = 0;
    const { name, heartbeat } = this.#options.profile;
    this.#setLink('connected', heartbeat ? `${name} serves` : `the port of ${name} is open; the box cannot tell more`);
  }

  #setLink(state: LinkState, reason: string): void {
    if (state === this.#link && this.#linkTold) return;
    this.#link = state;
    this.#linkTold = true;
    this.#events?.link(state, reason);
  }

  /** One signal is under way at a time; of those wished for meanwhile the last follows. A deaf box fills no memory. */
  #showLamps(): void {
    const { lamps } = this.#options.profile;
    const session = this.#session;
    if (!lamps || !session || !this.#ready || this.#lampsUnderWay || this.#shown === this.#signal) return;
    this.#shown = this.#signal;
    if (lamps[this.#signal].length === 0) return;
    this.#lampsUnderWay = true;
    session.say(lamps[this.#signal], () => {
      if (session !== this.#session) return;
      this.#lampsUnderWay = false;
      this.#showLamps();
    });
  }
}

function hasChecksum({ frames }: SerialKeypadProfile): boolean {
  return frames.form === 'framed' && frames.checksum !== 'none';
}
