/** The part of johnny-five 2.1 that is used here (the package has no types of its own). */
declare module 'johnny-five' {
  import type { EventEmitter } from 'node:events';

  class Board extends EventEmitter {
    constructor(options: { io: EventEmitter; id?: string; repl: false; sigint: false; debug: false });
    /** Every board that was ever made in this process; nothing takes one out but us. */
    static readonly cache: Board[];
    static readonly Pins: { readonly normalize: { clear(): void } };
    /** Components attached to this board. */
    readonly register: unknown[];
    pinMode(pin: number, mode: number): this;
    digitalWrite(pin: number, value: 0 | 1): this;
  }

  /** Emits `down` and `up`, debounced by 7 ms. */
  class Button extends EventEmitter {
    constructor(options: { board: Board; pin: number; invert: boolean });
  }

  const five: { readonly Board: typeof Board; readonly Button: typeof Button };
  export default five;
  export type { Board, Button };
}
