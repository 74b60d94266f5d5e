import { Hall } from '../../support/hall.js';
import type { FaultClass } from '../fault-class.js';
import { killRound, victim } from './kill-round.js';

export const gatewayKill: FaultClass = {
  name: 'gateway-kill',
  title: 'SIGKILL of the gateway, at random and before, within and after commits B and C',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled',
  async run(run) {
    const hall = new Hall({ terminals: 3, root: run.root });
    try {
      await hall.start();
      return await killRound(run, hall, [[victim(hall.gateway, `${hall.gatewayData}/hall.db-wal`)]]);
    } finally {
      await hall.stop();
    }
  },
};
