import { Hall } from '../../support/hall.js';
import type { FaultClass } from '../fault-class.js';
import { killRound, victim } from './kill-round.js';

/** Every counter has a killer of its own: a terminal that starts again costs the others nothing. */
const TERMINALS = 4;

export const deviceKill: FaultClass = {
  name: 'device-kill',
  title: 'SIGKILL of a terminal, at random and before, within and after commit A',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled; a press whose answer was lost in flight stands everywhere or nowhere',
  async run(run) {
    const hall = new Hall({ terminals: Math.min(TERMINALS, run.faults), root: run.root });
    try {
      await hall.start();
      const victims = hall.counters.map(({ program, dataDir }) => [victim(program, `${dataDir}/log.db-wal`)]);
      return await killRound(run, hall, victims);
    } finally {
      await hall.stop();
    }
  },
};
