import { setTimeout as wait } from 'node:timers/promises';
import type { FaultClass } from '../fault-class.js';
import { wireRound } from '../hall/wire-round.js';

/** Terminals of this hall send again after 500 ms, its gateway gives up after 1 s: shorter and longer than both. */
const SHORTEST_MS = 100;
const LONGEST_MS = 2_400;

export const networkStall: FaultClass = {
  name: 'network-stall',
  title: 'nothing passes for a while, and then all of it at once',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled',
  run: (run) =>
    wireRound(run, async (wire, _near, random) => {
      wire.change({ stalled: true });
      await wait(SHORTEST_MS + random() * LONGEST_MS);
      wire.change({ stalled: false });
      return 'stall';
    }),
};
