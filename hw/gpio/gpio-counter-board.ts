/** Keys and lamps on GPIO lines by the tools of libgpiod: the port `CounterBoard` with no native module. */
import { KeyWatch } from '../keys/key-watch.js';
import type { CounterBoard, CounterBoardEvents, KeyLevel, LampSignal, LinkState } from '../ports/counter-board.js';
import type { GpioAddress, GpioProfile } from '../profiles/gpio-profile.js';
import { EventClock } from './event-clock.js';
import { GPIOD_TOOLS, type GpiodTools } from './gpiod-commands.js';
import type { LineEdge } from './gpiod-output.js';
import { findGpiod, type Gpiod } from './gpiod.js';
import { KeyLines } from './key-lines.js';
import { LampLines } from './lamp-lines.js';

export interface GpioCounterBoardOptions {
  readonly profile: GpioProfile;
  /** From `parseGpioAddress`. */
  readonly address: GpioAddress;
  /** The caller's monotonic clock, ms. */
  readonly monoMs: () => number;
  /** Wait before the next try, ms; `attempt` counts the failures since the keys last served, from 1. */
  readonly nextDelayMs: (attempt: number) => number;
  readonly tools?: GpiodTools;
}

/**
 * A key that read down at the start may have been let go before gpiomon listened. While one holds the keys back they
 * are read once more, so that nobody is told of a stuck key that is up.
 */
const READ_AGAIN_MS = 1_000;
const DARK: readonly number[] = [];

export class GpioCounterBoard implements CounterBoard {
  readonly #options: GpioCounterBoardOptions;
  readonly #keys: KeyWatch;
  readonly #clock = new EventClock();
  readonly #down = new Set<KeyLevel>();
  readonly #stopping = new AbortController();
  #events: CounterBoardEvents | undefined;
  #gpiod: Gpiod | undefined;
  #work: Promise<void> = Promise.resolve();
  #keyLines: KeyLines | undefined;
  #lamps: LampLines | undefined;
  #lampFault: string | null = null;
  #link: LinkState = 'lost';
  #linkTold = false;
  #watching = false;
  #armed = false;
  #signal: LampSignal = 'off';
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GpioCounterBoardOptions) {
    this.#options = options;
    this.#keys = new KeyWatch({
      settings: options.profile,
      monoMs: options.monoMs,
      armed: () => this.#arm(),
      events: () => this.#events,
    });
  }

  get link(): LinkState {
    return this.#link;
  }

  start(events: CounterBoardEvents): void {
    if (this.#events) return;
    this.#events = events;
    this.#work = this.#connect(false);
  }

  setLamps(signal: LampSignal): void {
    this.#signal = signal;
    this.#showLamps();
  }

  /** Darkens the lamps and lets the lines go; no process of it is left when this resolves. */
  async stop(): Promise<void> {
    if (!this.#events) return;
    this.#events = undefined;
    this.#stopping.abort();
    clearTimeout(this.#timer);
    this.#keys.stop();
    await this.#work;
    await Promise.all([this.#keyLines?.stop(), this.#lamps?.stop(true)]);
    this.#link = 'lost';
  }

  /** `quietly`: the keys are read anew, and the link stays as it is unless that fails. */
  async #connect(quietly: boolean): Promise<void> {
    const { profile, address, tools = GPIOD_TOOLS } = this.#options;
    if (!quietly) {
      const gpiod = this.#gpiod ?? (await findGpiod(tools, address.chip, this.#stopping.signal));
      if (!this.#events) return;
      if ('failed' in gpiod) return this.#lost(gpiod.failed);
      this.#gpiod = gpiod;
    }
    if (!this.#gpiod) return;
    const lines = new KeyLines(
      this.#gpiod,
      profile.bias,
      profile.keys.map((key) => key.line),
    );
    this.#keyLines = lines;
    lines.start({
      began: (high) => this.#began(high, quietly),
      edge: (edge) => this.#edge(edge),
      noise: () => {
        this.#unarm('gpiomon printed what is no event');
        this.#again();
      },
      ended: (reason) => this.#lost(reason),
    });
  }

  #began(high: readonly number[], again: boolean): void {
    this.#watching = true;
    const { keys, activeLevel, stuckMs } = this.#options.profile;
    const down = keys.filter(({ line }) => high.includes(line) === (activeLevel === 'high')).map(({ level }) => level);
    this.#down.clear();
    for (const level of down) this.#down.add(level);
    if (down.length > 0) {
      this.#unarm('a key is held down; keys count once all have been up');
      if (!again) this.#timer = setTimeout(() => this.#readAgain(), Math.min(READ_AGAIN_MS, stuckMs / 4));
    }
    this.#keys.began(down);
    this.#showLamps();
  }

  #edge({ line, high, kernelMs }: LineEdge): void {
    const { keys, activeLevel } = this.#options.profile;
    const key = keys.find((candidate) => candidate.line === line);
    if (!key) return;
    const down = high === (activeLevel === 'high');
    const seenMs = this.#clock.seenMs(kernelMs, this.#options.monoMs());
    // The edge between was lost: too many at once for the kernel to keep, or before gpiomon listened.
    if (this.#down.has(key.level) === down) this.#keys.edge(key.level, !down, seenMs);
    if (down) this.#down.add(key.level);
    else this.#down.delete(key.level);
    this.#keys.edge(key.level, down, seenMs);
  }

  #arm(): void {
    this.#armed = true;
    this.#attempt = 0;
    clearTimeout(this.#timer);
    this.#tell();
  }

  #unarm(reason: string): void {
    this.#armed = false;
    this.#keys.lost();
    this.#setLink('degraded', reason);
  }

  #readAgain(): void {
    const lines = this.#keyLines;
    if (this.#armed || this.#down.size === 0 || !lines) return;
    this.#work = lines.stop().then(() => (this.#events ? this.#connect(true) : undefined));
  }

  /** The keys cannot be read; the lamps are let go too, as a chip that went has lost them without a word. */
  #lost(reason: string): void {
    this.#watching = false;
    this.#armed = false;
    this.#keys.lost();
    this.#lampFault = null;
    this.#setLink('lost', reason);
    this.#again();
  }

  #again(): void {
    if (!this.#events) return;
    clearTimeout(this.#timer);
    this.#attempt += 1;
    const keyLines = this.#keyLines;
    const lamps = this.#link === 'lost' ? this.#lamps : undefined;
    this.#keyLines = undefined;
    if (lamps) this.#lamps = undefined;
    this.#work = Promise.all([keyLines?.stop(), lamps?.stop(false)]).then(() => {
      if (!this.#events) return;
      this.#timer = setTimeout(() => {
        this.#work = this.#connect(false);
      }, this.#options.nextDelayMs(this.#attempt));
    });
  }

  #showLamps(): void {
    // Before the keys are watched nobody knows whether there is a chip.
    if (!this.#events || !this.#gpiod || !this.#watching) return;
    const { lamps, lampActiveLevel } = this.#options.profile;
    const { nextDelayMs } = this.#options;
    this.#lamps ??= new LampLines({
      gpiod: this.#gpiod,
      lines: [...new Set(Object.values(lamps).flat())],
      activeHigh: lampActiveLevel === 'high',
      nextDelayMs,
      fault: (reason) => {
        this.#lampFault = reason;
        this.#tell();
      },
    });
    this.#lamps.show(this.#signal === 'off' ? DARK : lamps[this.#signal]);
  }

  /** What holds while the lines are watched. */
  #tell(): void {
    if (!this.#armed) return;
    if (this.#lampFault === null) this.#setLink('connected', `${this.#options.profile.name} serves`);
    else this.#setLink('degraded', `the lamps cannot be set: ${this.#lampFault}`);
  }

  #setLink(state: LinkState, reason: string): void {
    if (state === this.#link && this.#linkTold) return;
    this.#link = state;
    this.#linkTold = true;
    this.#events?.link(state, reason);
  }
}
