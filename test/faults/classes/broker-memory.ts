import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Hall, QUICK_TO_NOTICE } from '../../support/hall.js';
import { auditHall, Citizens, settled } from '../citizens.js';
import { addFindings, type FaultClass, type FaultRun, type Findings } from '../fault-class.js';
import { RememberingMosquitto } from '../hall/remembering-mosquitto.js';
import { Tally } from '../tools/tally.js';

const TERMINALS = 3;
/** Of the faults, so many fall on the broker that the gateway brings along. */
const EMBEDDED_SHARE = 0.25;
/** The broker is away for at most this long, and there for at most that. */
const AWAY_MS = 400;
const THERE_MS = 1_200;
const OLD_MEMORY = 'old-memory.db';

type Restart = (broker: RememberingMosquitto) => Promise<void>;

const RESTARTS: Readonly<Record<string, Restart>> = {
  'Mosquitto ended, and started with its memory': (broker) => broker.end(),
  'Mosquitto killed, and started with what it had saved': (broker) => broker.kill(),
  'Mosquitto killed, and started without memory': async (broker) => {
    await broker.kill();
    broker.forget();
  },
  'Mosquitto started with the memory of a while ago': async (broker) => {
    await broker.kill();
    broker.recall(OLD_MEMORY);
  },
};

export const brokerMemory: FaultClass = {
  name: 'broker-memory',
  title: 'a broker starts again with its memory, with an old one, or with none, in mid-load; aedes with its gateway',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled: nothing rests on what a broker remembers',
  unavailable: () =>
    Promise.resolve(RememberingMosquitto.available() ? undefined : 'mosquitto is not installed at /usr/sbin'),
  async run(run) {
    const tally = new Tally();
    const embedded = run.faults > 1 ? Math.ceil(run.faults * EMBEDDED_SHARE) : 0;
    const first = await withMosquitto(run, run.faults - embedded, tally);
    const second = embedded === 0 ? first : addFindings(first, await withAedes(run, embedded, tally));
    return { injected: tally.counts(), findings: second };
  },
};

async function withMosquitto(run: FaultRun, faults: number, tally: Tally): Promise<Findings> {
  const { random } = run;
  const broker = new RememberingMosquitto(join(run.folder, 'mosquitto'));
  const names = Object.keys(RESTARTS);
  try {
    await broker.start();
    return await underLoad(run, 'm', { brokerUrl: broker.url }, async () => {
      for (let fault = 1; fault <= faults; fault += 1) {
        await wait(random() * THERE_MS);
        if (fault % 3 === 1) broker.remember(OLD_MEMORY);
        const name = names[Math.floor(random() * names.length)] ?? '';
        await RESTARTS[name]?.(broker);
        await wait(random() * AWAY_MS);
        await broker.start();
        tally.add(name);
      }
    });
  } finally {
    await broker.kill();
  }
}

function withAedes(run: FaultRun, faults: number, tally: Tally): Promise<Findings> {
  const { random } = run;
  return underLoad(run, 'a', {}, async (hall) => {
    for (let fault = 1; fault <= faults; fault += 1) {
      await wait(random() * THERE_MS);
      await hall.gateway.stop();
      await wait(random() * AWAY_MS);
      await hall.gateway.start();
      tally.add('the gateway, and aedes with it, ended and started');
    }
  });
}

async function underLoad(
  { random, seed, root }: FaultRun,
  prefix: string,
  options: { readonly brokerUrl?: string },
  faults: (hall: Hall) => Promise<void>,
): Promise<Findings> {
  const hall = new Hall({
    terminals: TERMINALS,
    root,
    ...QUICK_TO_NOTICE,
    ...options,
  });
  try {
    await hall.start();
    const citizens = new Citizens(hall, { random, prefix: `${seed}-${prefix}` });
    citizens.start();
    try {
      await faults(hall);
    } finally {
      await citizens.stop();
    }
    await settled(hall, citizens.seen);
    return await auditHall(hall, citizens.seen);
  } finally {
    await hall.stop();
  }
}
