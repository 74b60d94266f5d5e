/** What a wire between two programs is like at the moment. */
export interface LinkConditions {
  /** The cable is out: open connections are reset, and new ones as soon as they are made. */
  readonly cut: boolean;
  /** How long a byte travels, each way, ms. */
  readonly latencyMs: number;
  /** Connections stay open and nothing arrives any more, either way; what was sent waits. */
  readonly stalled: boolean;
}

export const GOOD_CONDITIONS: LinkConditions = { cut: false, latencyMs: 0, stalled: false };
