/** Keys and lamps of a Firmata board by johnny-five: the real thing behind the port `CounterBoard`. */
import five, { type Board, type Button } from 'johnny-five';
import { KeyWatch } from '../keys/key-watch.js';
import type { CounterBoard, CounterBoardEvents, KeyLevel, LampSignal, LinkState } from '../ports/counter-board.js';
import type { BoardProfile } from '../profiles/board-profile.js';
import type { LinkAddress } from '../link/byte-link.js';
import { DEFAULT_SESSION_TIMINGS, FirmataSession, type SessionTimings } from './firmata-session.js';
import { LastingIo, PIN_MODES } from './lasting-io.js';

export interface FirmataCounterBoardOptions {
  readonly profile: BoardProfile;
  /** From `parseBoardAddress`. */
  readonly address: LinkAddress;
  /** The caller's monotonic clock, ms. */
  readonly monoMs: () => number;
  /** Wait before the next try, ms; `attempt` counts the failures since the board last served, from 1. */
  readonly nextDelayMs: (attempt: number) => number;
  readonly timings?: SessionTimings;
}

const STOP_TIMEOUT_MS = 1_000;

export class FirmataCounterBoard implements CounterBoard {
  readonly #options: FirmataCounterBoardOptions;
  readonly #io: LastingIo;
  readonly #edgeSeenMs = new Map<KeyLevel, number>();
  readonly #keys: KeyWatch;
  #events: CounterBoardEvents | undefined;
  #board: Board | undefined;
  #buttons: Button[] = [];
  #session: FirmataSession | undefined;
  #sessionEnded: (() => void) | undefined;
  #link: LinkState = 'lost';
  #linkTold = false;
  #signal: LampSignal = 'off';
  #scanning = false;
  #attempt = 0;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(options: FirmataCounterBoardOptions) {
    this.#options = options;
    this.#keys = new KeyWatch({
      settings: options.profile,
      monoMs: options.monoMs,
      armed: () => this.#armed(),
      events: () => this.#events,
    });
    this.#io = new LastingIo(
      options.profile.keys.map(({ pin, activeLevel, pullUp }) => ({
        pin,
        pullUp,
        activeValue: activeLevel === 'low' ? 0 : 1,
      })),
    );
  }

  get link(): LinkState {
    return this.#link;
  }

  start(events: CounterBoardEvents): void {
    if (this.#events) return;
    this.#events = events;
    const board = new five.Board({ io: this.#io, repl: false, sigint: false, debug: false });
    // An 'error' without a listener ends the process.
    board.on('error', () => undefined);
    this.#board = board;
    for (const pin of this.#lampPins()) board.pinMode(pin, PIN_MODES.OUTPUT);
    this.#buttons = this.#options.profile.keys.map(({ level, pin, activeLevel }) => {
      const button = new five.Button({ board, pin, invert: activeLevel === 'low' });
      button.on('down', () => this.#edge(level, true));
      button.on('up', () => this.#edge(level, false));
      return button;
    });
    this.#showLamps();
    this.#connect();
  }

  setLamps(signal: LampSignal): void {
    this.#signal = signal;
    this.#showLamps();
  }

  /** Darkens the lamps, lets the board go and takes no more events from it. */
  async stop(): Promise<void> {
    if (!this.#events) return;
    this.setLamps('off');
    this.#events = undefined;
    clearTimeout(this.#retryTimer);
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
    }
    this.#release();
  }

  /** Takes the Board out of johnny-five's tables; nothing of it must keep the process or the memory. */
  #release(): void {
    this.#session?.destroy('the driver was stopped');
    this.#session = undefined;
    this.#link = 'lost';
    this.#linkTold = false;
    this.#io.detach();
    this.#io.removeAllListeners();
    for (const button of this.#buttons) button.removeAllListeners();
    this.#buttons = [];
    const board = this.#board;
    this.#board = undefined;
    if (!board) return;
    board.removeAllListeners();
    board.register.length = 0;
    const place = five.Board.cache.indexOf(board);
    if (place >= 0) five.Board.cache.splice(place, 1);
    five.Board.Pins.normalize.clear();
  }

  #connect(): void {
    const session = new FirmataSession(this.#options.address, this.#options.timings ?? DEFAULT_SESSION_TIMINGS, {
      ready: () => this.#ready(session),
      read: (pin, value) => this.#read(pin, value),
      restarted: () => {
        if (this.#link !== 'lost') this.#setLink('lost', 'the board was reset');
        this.#keys.lost();
        this.#scanning = false;
        this.#io.attach(session);
      },
      noise: () => this.#noise(),
      ended: (reason) => this.#ended(reason),
    });
    this.#session = session;
    session.start();
  }

  #ready(session: FirmataSession): void {
    const lacks = [...this.#io.modes].flatMap(([pin, mode]) => session.lack(pin, mode) ?? []);
    if (lacks.length > 0) return session.end(`${lacks.join('; ')} (profile ${this.#options.profile.name})`);
    this.#io.attach(session);
  }

  #ended(reason: string): void {
    this.#session = undefined;
    this.#scanning = false;
    this.#keys.lost();
    this.#sessionEnded?.();
    this.#io.detach();
    this.#edgeSeenMs.clear();
    if (!this.#events) return;
    this.#setLink('lost', reason);
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => this.#connect(), this.#options.nextDelayMs(this.#attempt));
  }

  #noise(): void {
    this.#scanning = false;
    this.#keys.lost();
    if (this.#link === 'connected')
      this.#setLink('degraded', 'the board sent bytes that are no Firmata; look at the cable');
    this.#io.readAnew();
  }

  #read(pin: number, value: 0 | 1): void {
    const key = this.#options.profile.keys.find((candidate) => candidate.pin === pin);
    if (!key) return;
    const known = this.#edgeSeenMs.get(key.level);
    const active = value === (key.activeLevel === 'low' ? 0 : 1);
    // The first report of a press is when the contact moved; the confirming one comes later.
    if (!active) this.#edgeSeenMs.delete(key.level);
    else if (known === undefined) this.#edgeSeenMs.set(key.level, this.#options.monoMs());
    this.#keys.contact(key.level, active);
    this.#io.heard(pin, value);
    if (!this.#scanning) this.#beginScanning();
  }

  #beginScanning(): void {
    const active = this.#io.activePins();
    if (!active) return;
    this.#scanning = true;
    const down = this.#options.profile.keys.filter((key) => active.includes(key.pin)).map((key) => key.level);
    if (down.length > 0) this.#setLink('degraded', 'a key is held down; keys count once all have been up');
    this.#keys.began(down);
  }

  #edge(key: KeyLevel, down: boolean): void {
    this.#keys.edge(key, down, this.#edgeSeenMs.get(key));
  }

  #armed(): void {
    this.#attempt = 0;
    this.#setLink('connected', `${this.#options.profile.name} serves`);
  }

  #setLink(state: LinkState, reason: string): void {
    if (state === this.#link && this.#linkTold) return;
    this.#link = state;
    this.#linkTold = true;
    this.#events?.link(state, reason);
  }

  #lampPins(): readonly number[] {
    return [...new Set(Object.values(this.#options.profile.lamps).flat())];
  }

  /** Dark before lit: two signals are never lit together. */
  #showLamps(): void {
    const lit = this.#signal === 'off' ? [] : this.#options.profile.lamps[this.#signal];
    const dark = this.#lampPins().filter((pin) => !lit.includes(pin));
    for (const pin of dark) this.#board?.digitalWrite(pin, 0);
    for (const pin of lit) this.#board?.digitalWrite(pin, 1);
  }
}
