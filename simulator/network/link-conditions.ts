/** What a wire between two programs is like at the moment. `there` is from whoever connected, `back` to it. */
export interface LinkConditions {
  /** The cable is out: open connections are reset, and new ones as soon as they are made. */
  readonly cut: boolean;
  /** How long a byte travels, each way, ms. */
  readonly latencyMs: number;
  /** How much the wire carries each way, bits a second, of all its connections together; `null` is as much as it can. */
  readonly bitsPerSecond: number | null;
  /** Connections stay open and nothing arrives any more, either way; what was sent waits. */
  readonly stalled: boolean;
  /**
   * What is sent is gone, and nobody is told: no reset, no end. A direction of a connection that has lost a byte is
   * dead from then on, also when the wire is good again, as where a router has forgotten the connection; one that is
   * made afterwards works.
   */
  readonly vanishing: 'nothing' | 'there' | 'back' | 'both';
}

export const GOOD_CONDITIONS: LinkConditions = {
  cut: false,
  latencyMs: 0,
  bitsPerSecond: null,
  stalled: false,
  vanishing: 'nothing',
};
