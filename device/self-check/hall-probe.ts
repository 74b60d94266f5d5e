/** Looks at what ties the terminal to its hall: clock, network, what waits to be sent. */
import type { LinkState } from '../../hw/ports/counter-board.js';
import { finding, type Probe } from './probe.js';

/** A day of a busy window is about 2,000 entries. */
const LARGE_ENTRIES = 2_000;
const OLD_MS = 3_600_000;

export interface HallProbeParts {
  /** How far the wall clock is off the hall's, ms; `null` while the gateway was not heard in this run. */
  readonly clockOffMs: () => number | null;
  readonly clockToleranceMs: number;
  readonly network: () => LinkState;
  readonly backlog: () => { readonly entries: number; readonly oldestAtMs: number | null };
  readonly wallMs: () => number;
}

export function hallProbe(parts: HallProbeParts): Probe {
  return {
    items: ['clock', 'network', 'backlog'],
    run: async () => [clock(parts), network(parts.network()), backlog(parts)],
  };
}

function clock({ clockOffMs, clockToleranceMs }: HallProbeParts) {
  const offMs = clockOffMs();
  if (offMs === null) return finding('clock', 'limited', 'clock-unknown');
  return Math.abs(offMs) > clockToleranceMs ? finding('clock', 'fail', 'clock-off') : finding('clock', 'pass');
}

function network(state: LinkState) {
  if (state === 'lost') return finding('network', 'fail', 'network-lost');
  return state === 'degraded' ? finding('network', 'limited', 'network-degraded') : finding('network', 'pass');
}

/** Nothing is lost by waiting; but what waits for an hour, nobody at the hall knows. */
function backlog({ backlog: told, wallMs }: HallProbeParts) {
  const { entries, oldestAtMs } = told();
  if (entries > LARGE_ENTRIES) return finding('backlog', 'limited', 'backlog-large');
  const old = oldestAtMs !== null && wallMs() - oldestAtMs > OLD_MS;
  return old ? finding('backlog', 'limited', 'backlog-old') : finding('backlog', 'pass');
}
