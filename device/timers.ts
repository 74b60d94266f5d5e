/** Waiting, handed in so that tests drive the clock. */
export interface Timers {
  /** Calls `run` once after `delayMs`, unless the answered function is called before. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return () => clearTimeout(handle);
  },
};
