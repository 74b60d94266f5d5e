/**
 * Power cuts: the programs' data lies on disks of their own (ext4 on an image), and at random moments under load the
 * image is copied and mounted elsewhere, which is what the disk has when the power comes back. Everything that was
 * acknowledged before must be in it. Now and then the program itself goes on from such a copy.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Hall, until } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import type { Program } from '../../support/program.js';
import { auditHall, Citizens, settled } from '../citizens.js';
import { addFindings, type FaultClass, type FaultOutcome, type FaultRun, type Findings } from '../fault-class.js';
import { LoopDisk, noLoopDisks } from '../tools/loop-disk.js';
import { startAgain } from '../tools/start-again.js';
import { noSyscallFaults } from '../tools/syscall-fault.js';
import { Tally } from '../tools/tally.js';
import { killRound, victim } from './kill-round.js';
import { gatewayAfterCut, promisedByGateway, terminalAfterCut } from './power-cut-audit.js';

const TERMINALS = 2;
const WITHIN_MS = 150;
/** One cut in so many is one that the program goes on from. */
const FOR_GOOD = 12;
const PATIENCE_MS = 1_500;

interface Powered {
  readonly program: Program;
  readonly disk: LoopDisk;
  readonly path: string;
  /** Notes what is acknowledged now. @returns what compares it with a copy of the disk. */
  readonly acknowledged: () => Promise<(cut: string) => Promise<Findings>>;
}

export const powerCut: FaultClass = {
  name: 'power-cut',
  title: 'the disk of a terminal or of the gateway as a power cut leaves it, at random moments under load',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled: what was acknowledged before the cut is on the disk, and its chain holds',
  async unavailable() {
    if (process.getuid?.() === 0) return undefined;
    const blunt = await noSyscallFaults();
    return blunt === undefined ? undefined : `no loop devices without root, and ${blunt}`;
  },
  async run(run) {
    const missing = await noLoopDisks(run.folder);
    return missing === undefined ? cutRound(run) : standIn(run, missing);
  },
};

async function cutRound(run: FaultRun): Promise<FaultOutcome> {
  const hall = new Hall({ terminals: TERMINALS, root: run.root });
  const disks: LoopDisk[] = [];
  const powered = async (name: string, path: string) => {
    const disk = new LoopDisk(join(run.folder, name));
    disks.push(disk);
    await disk.start(path);
    return disk;
  };
  const tally = new Tally();
  const citizens = new Citizens(hall, {
    random: seeded(`${run.seed} citizens`),
    prefix: run.seed,
    patienceMs: PATIENCE_MS,
  });
  let findings: Findings | undefined;
  const found = (more: Findings) => {
    findings = findings === undefined ? more : addFindings(findings, more);
  };
  try {
    const terminalDisks: LoopDisk[] = [];
    for (let n = 1; n <= TERMINALS; n += 1) terminalDisks.push(await powered(`t${n}`, join(hall.folder, `t${n}`)));
    const gatewayDisk = await powered('gateway', hall.gatewayData);
    await hall.start();
    const terminals = hall.counters.map(({ name, program, dataDir }, index): Powered => ({
      program,
      disk: terminalDisks[index] as LoopDisk,
      path: dataDir,
      acknowledged: () => {
        const seen = citizens.seen.filter((one) => one.terminal === name && one.outcome === 'accepted');
        return Promise.resolve((cut: string) => terminalAfterCut(run.root, cut, name, seen));
      },
    }));
    const gateway: Powered = {
      program: hall.gateway,
      disk: gatewayDisk,
      path: hall.gatewayData,
      acknowledged: async () => {
        const promised = hall.counters.map(({ name, dataDir }) => promisedByGateway(name, dataDir));
        const delivered = (await hall.ledger()).map(({ serviceId }) => serviceId);
        return (cut: string) => Promise.resolve(gatewayAfterCut(cut, promised.flat(), delivered));
      },
    };
    citizens.start();
    await until('the first presses are taken', () => citizens.seen.length >= TERMINALS, 60_000);
    while (tally.total < run.faults) {
      const powers = [...terminals, gateway];
      const one = powers[Math.floor(run.random() * powers.length)] ?? gateway;
      await wait(run.random() * WITHIN_MS);
      if (tally.total % FOR_GOOD === FOR_GOOD - 1) {
        await one.disk.cutForGood(one.program.pid, () => ended(one.program), one.path);
        await startAgain(one.program);
        tally.add(`${one.program.name} went on`);
      } else {
        const compare = await one.acknowledged();
        const cut = await one.disk.cut([one.program.pid]);
        found(await compare(cut));
        await one.disk.drop(cut);
        tally.add(one.program.name);
      }
      if (tally.total % 25 === 0) run.say(`${tally.total} cuts, ${citizens.seen.length} presses`);
    }
    await citizens.stop();
    await settled(hall, citizens.seen);
    const whole = await auditHall(hall, citizens.seen);
    return {
      injected: tally.counts(),
      findings: findings === undefined ? whole : addFindings(findings, whole),
    };
  } finally {
    await citizens.stop();
    await hall.stopPrograms();
    for (const disk of disks) await disk.stop();
    await hall.stop();
  }
}

async function ended(program: Program): Promise<void> {
  await until(`${program.name} is dead`, () => !program.running, 5_000);
}

/** Without root: programs die at their N-th write. What was written and not synced stays, so this proves less. */
async function standIn(run: FaultRun, missing: string): Promise<FaultOutcome> {
  const hall = new Hall({ terminals: TERMINALS, root: run.root });
  try {
    await hall.start();
    const victims = [
      ...hall.counters.map(({ program, dataDir }) => [victim(program, `${dataDir}/log.db-wal`)]),
      [victim(hall.gateway, `${hall.gatewayData}/hall.db-wal`)],
    ];
    const outcome = await killRound(run, hall, victims);
    const note = `no power was cut (${missing}): kills at writes and syncs stood in, which lose nothing that was written and not synced`;
    return { ...outcome, notes: [note, ...(outcome.notes ?? [])] };
  } finally {
    await hall.stop();
  }
}
