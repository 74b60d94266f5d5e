/** A morning in which one side is killed once a third has arrived, and started again with what its disk has. */
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../../support/hall.js';
import { copyOf, type Backlog } from './backlog.js';
import { removeFolder } from './folders.js';
import { GatewayAtWork, SilentCentre } from './gateway-at-work.js';
import { Load } from './load.js';
import { lookWhatArrived, type Arrived } from './what-arrived.js';

export interface KillOptions {
  readonly root?: string | undefined;
  readonly kill: 'edge' | 'hall';
  readonly timeoutMs?: number;
}

const LOOK_EVERY_MS = 5;

/** @throws when it does not come to its end in time, or everything was there before anybody could be killed. */
export async function killOnce(backlog: Backlog, options: KillOptions): Promise<Arrived> {
  const folder = copyOf(backlog);
  const centre = new SilentCentre();
  const [mqttPort] = (await freePorts(1)) as [number];
  const gateway = new GatewayAtWork(folder, { mqtt: mqttPort, centre: await centre.start() }, options);
  const newLoad = () => new Load({ folder, terminals: backlog.terminals, mqttPort });
  let load = newLoad();
  try {
    await gateway.start();
    await load.start();
    const deadline = Date.now() + (options.timeoutMs ?? 300_000);
    const until = async (there: () => boolean) => {
      while (!there()) {
        if (Date.now() > deadline) throw new Error('not drained in time');
        await wait(LOOK_EVERY_MS);
      }
    };
    await load.go();
    await until(() => [...gateway.throughSeqs().values()].reduce((sum, seq) => sum + seq, 0) > backlog.entries / 3);
    if (options.kill === 'edge') {
      await load.kill();
      if (gateway.has(backlog.endSeq)) throw new Error('everything was there before anybody could be killed');
      load = newLoad();
      await load.start();
      await load.go();
    } else {
      await gateway.kill();
      if (gateway.has(backlog.endSeq)) throw new Error('everything was there before anybody could be killed');
      await gateway.start();
    }
    await until(() => gateway.has(backlog.endSeq));
    await load.end();
    await gateway.stop();
    return lookWhatArrived([folder], gateway.file);
  } finally {
    await load.kill();
    await gateway.kill();
    await gateway.stop();
    await centre.stop();
    removeFolder(folder);
  }
}
