import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Mosquitto } from '../../broker/mosquitto.js';
import { Hall } from '../../support/hall.js';
import type { FaultClass } from '../fault-class.js';
import { killRound } from './kill-round.js';

export const brokerKill: FaultClass = {
  name: 'broker-kill',
  title: 'SIGKILL of an external broker (Mosquitto, which keeps nothing), at random',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled: the log is the only queue',
  async unavailable() {
    const found = spawn('mosquitto', ['-h'], { stdio: 'ignore' });
    const there = await Promise.race([once(found, 'exit').then(() => true), once(found, 'error').then(() => false)]);
    return there ? undefined : 'mosquitto is not installed';
  },
  async run(run) {
    const broker = await new Mosquitto().prepare();
    const hall = new Hall({ terminals: 3, root: run.root, brokerUrl: broker.url });
    let running = false;
    const program = {
      name: 'broker',
      pid: 0,
      get running() {
        return running;
      },
      async kill() {
        running = false;
        await broker.kill();
      },
    };
    const start = async () => {
      await broker.start();
      running = true;
    };
    try {
      await start();
      await hall.start();
      return await killRound(run, hall, [[{ program, start }]]);
    } finally {
      await hall.stop();
      await broker.remove();
    }
  },
};
