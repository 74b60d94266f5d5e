/**
 * Kills of programs in a hall under load: at random moments, and at commit points. Each is started again as systemd
 * would; in the end the auditor compares what everybody has.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { until, type Hall } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import type { Program } from '../../support/program.js';
import { auditHall, Citizens, settled } from '../citizens.js';
import type { FaultOutcome, FaultRun } from '../fault-class.js';
import { allEnded } from '../tools/all-ended.js';
import { startAgain } from '../tools/start-again.js';
import { noSyscallFaults, SyscallFault, type Call, type Strike } from '../tools/syscall-fault.js';
import { Tally } from '../tools/tally.js';

/** What may be killed, and how it comes back. */
export interface Victim {
  readonly program: Pick<Program, 'name' | 'pid' | 'running' | 'kill'>;
  /** Starts it again; resolves when it serves. */
  readonly start: () => Promise<void>;
  /** Its write-ahead log, where it has one: commits are syncs of it. */
  readonly commits?: string;
}

/** A program with the file that its commits are syncs of. */
export function victim(program: Program, commits: string): Victim {
  return { program, commits, start: () => startAgain(program) };
}

interface Moment {
  readonly name: string;
  readonly call: Call;
  readonly strike: Strike;
}

const MOMENTS: readonly Moment[] = [
  { name: 'before a commit', call: 'sync', strike: 'die-before' },
  { name: 'after a commit', call: 'sync', strike: 'die-after' },
  { name: 'within a commit', call: 'write', strike: 'die-before' },
];
const AT_RANDOM = 'at random';
/** A kill at random comes within this time; one at a commit at one of the next few. */
const RANDOM_WITHIN_MS = 250;
const COMMITS = 4;
/** A commit that has not come by then does not come: the kill falls at random. */
const NO_COMMIT_MS = 4_000;
/** How often a program lives long enough to take a press: the others die in what they do at their start. */
const PRESS_FIRST = 0.6;
const NEXT_PRESS_MS = 6_000;
/** How long a citizen looks for the lamp: they are many, and a terminal that is dead lights none. */
const PATIENCE_MS = 1_200;

/**
 * @param hall started; stopped by the caller.
 * @param victims groups of programs: within a group one is killed after the other, groups at the same time.
 */
export async function killRound(
  run: FaultRun,
  hall: Hall,
  victims: readonly (readonly Victim[])[],
): Promise<FaultOutcome> {
  const tally = new Tally();
  const blunt = await noSyscallFaults();
  const citizens = new Citizens(hall, {
    random: seeded(`${run.seed} citizens`),
    prefix: run.seed,
    patienceMs: PATIENCE_MS,
  });
  citizens.start();
  let left = run.faults;
  const killing = async (group: readonly Victim[], index: number) => {
    // A stream of its own: groups come in any order.
    const random = seeded(`${run.seed} group ${index}`);
    try {
      while (left > 0) {
        left -= 1;
        const one = group[Math.floor(random() * group.length)];
        if (one === undefined) throw new RangeError('nobody to kill');
        tally.add(await killOnce(random, one, blunt === undefined));
        await one.start();
        if (random() < PRESS_FIRST) await nextPress(citizens, one.program.name);
        if (tally.total % 25 === 0) run.say(`${tally.total} kills, ${citizens.seen.length} presses`);
      }
    } catch (error) {
      // Where one fails, the others end as well.
      left = 0;
      throw error;
    }
  };
  try {
    await allEnded(victims.map(killing));
  } finally {
    await citizens.stop();
  }
  await settled(hall, citizens.seen);
  const findings = await auditHall(hall, citizens.seen);
  return {
    injected: tally.counts(),
    findings,
    ...(blunt === undefined ? {} : { notes: [`kills at random moments only: ${blunt}`] }),
  };
}

/** Somebody presses, at that terminal if it is one; or nobody does within the time. */
async function nextPress({ seen }: Citizens, name: string): Promise<void> {
  const presses = () => seen.filter(({ terminal }) => name === terminal || !/^t\d+$/.test(name)).length;
  const before = presses();
  await until('the next press', () => presses() > before, NEXT_PRESS_MS).catch(() => undefined);
}

/** @returns at what moment it fell. */
async function killOnce(random: () => number, { program, commits }: Victim, sharp: boolean): Promise<string> {
  const moment = MOMENTS[Math.floor(random() * (MOMENTS.length + 1))];
  const nth = 1 + Math.floor(random() * COMMITS);
  if (moment !== undefined && commits !== undefined && sharp) {
    const fault = new SyscallFault({ pid: program.pid, file: commits, nth, ...moment });
    await fault.attach();
    const struck = await fault.struck(NO_COMMIT_MS);
    await fault.detach();
    if (struck) {
      await until(`${program.name} is dead`, () => !program.running, 5_000);
      return moment.name;
    }
  }
  await wait(random() * RANDOM_WITHIN_MS);
  await program.kill();
  return AT_RANDOM;
}
