/**
 * The port of what a citizen presses and sees lit: five keys and a few lamps.
 *
 * Contract
 * - `start()` returns at once; the board is found and found again for ever. Losing it is a state, never an error.
 * - No event comes before `start()` or after the promise of `stop()` has settled.
 * - After every (re)connection keys are armed only when all have read up for 300 ms; what happens before is no press.
 * - `press` comes once a key goes down, debounced, with no other key down within the profile's chord window;
 *   `chord` comes instead when two are down together; a key held past `stuckMs` gives `stuck` once and is
 *   ignored until it has been up for 300 ms.
 * - `setLamps` may be called at any time; the last wish is put on the board when it (re)connects.
 * - Nothing here knows which level means what beyond its number, and no lamp depends on a level (I6).
 */
export type KeyLevel = 1 | 2 | 3 | 4 | 5;

/** What the lamps say. Exactly one at a time. */
export type LampSignal = 'off' | 'idle' | 'invited' | 'accepted' | 'fault';

export type LinkState = 'connected' | 'degraded' | 'lost';

export interface CounterBoardEvents {
  /** `atMonoMs`: when the edge was seen, on the caller's monotonic clock. */
  press(level: KeyLevel, atMonoMs: number): void;
  chord(): void;
  stuck(level: KeyLevel): void;
  freed(level: KeyLevel): void;
  /** The link to the board changed; `reason` is for the operator. */
  link(state: LinkState, reason: string): void;
}

export interface CounterBoard {
  start(events: CounterBoardEvents): void;
  setLamps(signal: LampSignal): void;
  readonly link: LinkState;
  stop(): Promise<void>;
}
