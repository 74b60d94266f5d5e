import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../support/hall.js';
import type { FaultClass } from '../fault-class.js';
import { wireRound } from '../hall/wire-round.js';

const DIRECTIONS = ['there', 'back', 'both'] as const;
const WORDS = { there: 'what is sent vanishes', back: 'answers vanish', both: 'everything vanishes' };
/** A wire on which nothing is said loses nothing: then the fault falls on the next that is. */
const SOMETHING_SAID_MS = 10_000;
const LONGEST_MS = 300;
/** Twice the terminal's keep-alive of 5 s, and its way back. */
const NOTICED_MS = 20_000;

export const networkHalfOpen: FaultClass = {
  name: 'network-half-open',
  title: 'packets vanish one way or both, without a reset; the connection stays dead when the wire is good again',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled; the dead connection is noticed by itself, and another is made',
  run: (run) =>
    wireRound(run, async (wire, near, random) => {
      const vanishing = DIRECTIONS[Math.floor(random() * DIRECTIONS.length)] ?? 'both';
      const connected = near.connections();
      const lost = wire.lostBytes;
      wire.change({ vanishing });
      await until('something vanishes', () => wire.lostBytes > lost, SOMETHING_SAID_MS);
      await wait(random() * LONGEST_MS);
      wire.change({ vanishing: 'nothing' });
      if (near.name !== 'centre') await until(`${near.name} notices`, () => near.connections() > connected, NOTICED_MS);
      return WORDS[vanishing];
    }),
};
