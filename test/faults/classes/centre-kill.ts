import { Hall } from '../../support/hall.js';
import type { FaultClass } from '../fault-class.js';
import { killRound, victim } from './kill-round.js';

export const centreKill: FaultClass = {
  name: 'centre-kill',
  title: 'SIGKILL of the centre, at random and before, within and after it has taken a rating',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled: a rating that it took and did not confirm is recognised by its key',
  async run(run) {
    const hall = new Hall({ terminals: 3, root: run.root });
    try {
      await hall.start();
      const commits = `${hall.folder}/centre/centre.sqlite-wal`;
      return await killRound(run, hall, [[victim(hall.centre, commits)]]);
    } finally {
      await hall.stop();
    }
  },
};
