import { setTimeout as wait } from 'node:timers/promises';
import type { FaultClass } from '../fault-class.js';
import { wireRound } from '../hall/wire-round.js';

const LATENCY_MS = 2_000;
const BITS_PER_SECOND = 9_600;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 4_000;

export const networkSlow: FaultClass = {
  name: 'network-slow',
  title: 'every byte takes 2 s each way, or 9,600 bit/s is all that passes',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled, however often something is sent again',
  run: (run) =>
    wireRound(run, async (wire, _near, random) => {
      const narrow = random() < 0.5;
      wire.change(narrow ? { bitsPerSecond: BITS_PER_SECOND } : { latencyMs: LATENCY_MS });
      await wait(SHORTEST_MS + random() * LONGEST_MS);
      wire.change({ bitsPerSecond: null, latencyMs: 0 });
      return narrow ? '9,600 bit/s' : '2 s latency';
    }),
};
