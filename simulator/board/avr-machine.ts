/**
 * An emulated Uno at the pace of the wall clock. The emulation is faster than the real thing, so it goes in slices of
 * about a millisecond and sleeps between. On a machine too busy for that, the Uno's own time is what suffers.
 *
 * The sketch polls its pins without end, which would cost a third of a processor for nothing. So once it has
 * announced itself and nothing has come in or gone out for `RESTLESS_MS`, it dozes: one slice in `DOZE_MS`, and
 * whatever comes in wakes it at once. What it does is the same, only its own clock (which nothing of Firmata's digital
 * side looks at) then goes slow.
 */
import { AvrUno, CYCLES_PER_MS } from './avr-uno.js';
import type { BoardMachine, BoardPins } from './board-machine.js';

export interface AvrMachineOptions {
  readonly flash: Uint8Array;
  readonly pins: BoardPins;
  /**
   * For tests: from power on to its first byte, which is 1.9 s of waiting with a blinking lamp, time leaps between
   * short runs, so that it takes a tenth of the work and no sleep.
   */
  readonly hurriedBoot?: boolean;
}

const SLEEP_MS = 1;
/** A slice at most; what could not be made up by then is dropped. */
const MOST_SLICE_MS = 4;
const RESTLESS_MS = 60;
const DOZE_MS = 20;
/** Cycles of a leap and of the run after it, in which the sketch looks at the clock some dozen times. */
const LEAP = { ahead: 14_000, run: 1_000, times: 60 } as const;

export class AvrMachine implements BoardMachine {
  readonly #options: AvrMachineOptions;
  #uno: AvrUno | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hurry: NodeJS.Immediate | undefined;
  /** Until when the Uno has been brought, ms of the wall clock. */
  #doneMs = 0;
  #lastEvents = 0;
  #restlessUntilMs = 0;
  #announced = false;

  constructor(options: AvrMachineOptions) {
    this.#options = options;
  }

  boot(): void {
    this.halt();
    const { flash, pins } = this.#options;
    this.#announced = false;
    this.#lastEvents = 0;
    this.#uno = new AvrUno(flash, {
      ...pins,
      send: (bytes) => {
        this.#announced = true;
        pins.send(bytes);
      },
    });
    this.#wake();
  }

  receive(bytes: Uint8Array): void {
    this.#uno?.receive(bytes);
    this.#wake();
  }

  inputsChanged(): void {
    this.#uno?.inputsChanged();
    this.#wake();
  }

  halt(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#hurry);
    this.#uno = undefined;
  }

  #wake(): void {
    const dozing = performance.now() >= this.#restlessUntilMs;
    this.#restlessUntilMs = performance.now() + RESTLESS_MS;
    // The time that it has slept is not made up.
    if (dozing || this.#doneMs === 0) this.#doneMs = performance.now() - SLEEP_MS;
    if (dozing) this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#hurry);
    this.#hurry = setImmediate(() => this.#slice());
  }

  #slice(): void {
    const uno = this.#uno;
    if (!uno) return;
    const nowMs = performance.now();
    if (this.#options.hurriedBoot === true && !this.#announced) return this.#hurryOn(uno);
    const dozes = this.#announced && nowMs >= this.#restlessUntilMs;
    const owedMs = dozes ? SLEEP_MS : Math.min(MOST_SLICE_MS, nowMs - this.#doneMs);
    this.#doneMs = nowMs;
    uno.run(Math.round(owedMs * CYCLES_PER_MS));
    if (uno.events !== this.#lastEvents) this.#restlessUntilMs = nowMs + RESTLESS_MS;
    this.#lastEvents = uno.events;
    const restless = !this.#announced || nowMs < this.#restlessUntilMs;
    this.#timer = setTimeout(() => this.#slice(), restless ? SLEEP_MS : DOZE_MS);
  }

  #hurryOn(uno: AvrUno): void {
    for (let times = 0; times < LEAP.times && !this.#announced; times += 1) {
      uno.leap(LEAP.ahead);
      uno.run(LEAP.run);
    }
    this.#doneMs = performance.now();
    this.#soon();
  }
}
