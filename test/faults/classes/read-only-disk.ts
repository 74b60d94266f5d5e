/**
 * A disk that becomes read-only under a terminal or under the gateway, as a card does whose errors the system has
 * met. It is written again after a start of the machine.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Hall } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import { auditHall, settled } from '../citizens.js';
import type { FaultClass, FaultOutcome, FaultRun, Seen } from '../fault-class.js';
import { LoopDisk, noLoopDisks } from '../tools/loop-disk.js';
import { startAgain } from '../tools/start-again.js';
import { Tally } from '../tools/tally.js';
import { ratingGoesOn, TouchingCitizens } from '../tools/touching-citizens.js';

const PRESSES = 8;
const READ_ONLY_MS = 500;
const GOES_ON_MS = 30_000;

export const readOnlyDisk: FaultClass = {
  name: 'read-only-disk',
  title: 'the disk of a terminal or of the gateway becomes read-only under load, until the machine is started again',
  permitted: 'nothing-lost',
  outcome:
    'zero lost, zero doubled; presses are refused and stand nowhere, but the one into whose commit the fault fell: it may stand; at the gateway they wait at the terminals',
  unavailable: async () => (process.getuid?.() === 0 ? undefined : 'needs root'),
  async run(run) {
    const missing = await noLoopDisks(run.folder);
    if (missing !== undefined) throw new Error(missing);
    const hall = new Hall({ terminals: 1, root: run.root });
    const disks = { t1: new LoopDisk(join(run.folder, 't1')), gateway: new LoopDisk(join(run.folder, 'gateway')) };
    try {
      await disks.t1.start(join(hall.folder, 't1'));
      await disks.gateway.start(hall.gatewayData);
      await hall.start();
      return await readOnlyRound(run, hall, disks);
    } finally {
      await hall.stopPrograms();
      await disks.t1.stop();
      await disks.gateway.stop();
      await hall.stop();
    }
  },
};

async function readOnlyRound(
  run: FaultRun,
  hall: Hall,
  disks: { readonly t1: LoopDisk; readonly gateway: LoopDisk },
): Promise<FaultOutcome> {
  const citizens = new TouchingCitizens(hall, { random: seeded(`${run.seed} citizens`), prefix: run.seed });
  const tally = new Tally();
  const stuck: string[] = [];
  const doubtful: Seen[] = [];
  const notes = new Set<string>();
  while (tally.total < run.faults) {
    const atGateway = tally.total % 2 === 1;
    const program = atGateway ? hall.gateway : hall.counter(1).program;
    const [disk, path] = atGateway ? [disks.gateway, hall.gatewayData] : [disks.t1, hall.counter(1).dataDir];
    const from = citizens.seen.length;
    citizens.start();
    await wait(run.random() * 200);
    await disk.becomeReadOnly(path);
    await wait(READ_ONLY_MS);
    await citizens.stop();
    for (let n = 0; n < PRESSES; n += 1) await citizens.serve(1);
    if (!atGateway) doubtful.push(...citizens.seen.slice(from).filter(refused).slice(0, 1));
    if (!program.running) notes.add(`${program.name} ended on a read-only disk`);
    // Whoever mends the card starts the machine again.
    await program.kill();
    await disk.mountAgain(path);
    await startAgain(program);
    tally.add(atGateway ? 'gateway' : 'terminal');
    citizens.start();
    if (!(await ratingGoesOn(citizens, 't1', GOES_ON_MS)))
      stuck.push(`t1 takes no press ${GOES_ON_MS} ms after the disk of ${program.name} could be written again`);
    await citizens.stop();
    if (tally.total % 5 === 0) run.say(`${tally.total} read-only disks, ${citizens.seen.length} presses`);
  }
  await settled(hall, citizens.seen);
  // Its bytes were written and could not be synced, and nothing can be written after them to take them back.
  const seen = citizens.seen.map((one): Seen => (doubtful.includes(one) ? { ...one, outcome: 'unknown' } : one));
  const findings = await auditHall(hall, seen);
  return {
    injected: tally.counts(),
    findings: { ...findings, unexplained: [...findings.unexplained, ...stuck] },
    notes: [...notes],
  };
}

function refused({ outcome }: Seen): boolean {
  return outcome === 'refused';
}
