import { setTimeout as wait } from 'node:timers/promises';
import type { FaultClass } from '../fault-class.js';
import { wireRound } from '../hall/wire-round.js';

const SHORTEST_MS = 10;
const LONGEST_MS = 700;

export const networkCut: FaultClass = {
  name: 'network-cut',
  title: 'the cable is pulled out and put in again: connections are reset, new ones refused meanwhile',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled',
  run: (run) =>
    wireRound(run, async (wire, _near, random) => {
      wire.change({ cut: true });
      await wait(SHORTEST_MS + random() * LONGEST_MS);
      wire.change({ cut: false });
      return 'cut';
    }),
};
