import { Hall } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import type { Program } from '../../support/program.js';
import { auditHall, settled } from '../citizens.js';
import type { FaultClass, FaultOutcome, FaultRun } from '../fault-class.js';
import { allEnded } from '../tools/all-ended.js';
import { startAgain } from '../tools/start-again.js';
import { noSyscallFaults, SyscallFault, type Call } from '../tools/syscall-fault.js';
import { Tally } from '../tools/tally.js';
import { ratingGoesOn, TouchingCitizens } from '../tools/touching-citizens.js';

const TERMINALS = 2;
/** The fault falls on one of the next so many calls. */
const NEXT_CALLS = 6;
const NO_CALL_MS = 5_000;
/** One in so many may fall on the database itself, when the write-ahead log is carried over. */
const ANY_FILE = 0.3;
/** How long after a failed write a terminal may refuse. */
const GOES_ON_MS = 20_000;

export const writeFaults: FaultClass = {
  name: 'write-faults',
  title: 'EIO at the N-th fsync or pwrite64 of a terminal and of the gateway, under load',
  permitted: 'nothing-lost',
  outcome: 'zero lost, zero doubled; a press that could not be written is refused, and stands nowhere; rating goes on',
  unavailable: noSyscallFaults,
  async run(run) {
    const hall = new Hall({ terminals: TERMINALS, root: run.root });
    try {
      await hall.start();
      return await writeRound(run, hall);
    } finally {
      await hall.stop();
    }
  },
};

async function writeRound(run: FaultRun, hall: Hall): Promise<FaultOutcome> {
  const citizens = new TouchingCitizens(hall, { random: seeded(`${run.seed} citizens`), prefix: run.seed });
  const tally = new Tally();
  const stuck: string[] = [];
  const notes = new Set<string>();
  let left = run.faults;
  const failing = async (program: Program, wal: string) => {
    // A stream of its own: programs come in any order.
    const random = seeded(`${run.seed} ${program.name}`);
    try {
      while (left > 0) {
        left -= 1;
        const call: Call = random() < 0.5 ? 'sync' : 'write';
        if (!(await failOnce(random, program, call, wal))) {
          left += 1;
          continue;
        }
        tally.add(`${program === hall.gateway ? 'gateway' : 'terminal'}: ${call}`);
        if (!program.running) {
          notes.add(`${program === hall.gateway ? 'the gateway' : 'a terminal'} ended, and was started again`);
          await startAgain(program);
        }
        if (program !== hall.gateway && !(await ratingGoesOn(citizens, program.name, GOES_ON_MS)))
          stuck.push(`${program.name} takes no press ${GOES_ON_MS} ms after a failed ${call}`);
        if (tally.total % 10 === 0) run.say(`${tally.total} failed calls, ${citizens.seen.length} presses`);
      }
    } catch (error) {
      // Where one fails, the others end as well.
      left = 0;
      throw error;
    }
  };
  citizens.start();
  try {
    await allEnded([
      ...hall.counters.map(({ program, dataDir }) => failing(program, `${dataDir}/log.db-wal`)),
      failing(hall.gateway, `${hall.gatewayData}/hall.db-wal`),
    ]);
  } finally {
    await citizens.stop();
  }
  await settled(hall, citizens.seen);
  const findings = await auditHall(hall, citizens.seen);
  return {
    injected: tally.counts(),
    findings: { ...findings, unexplained: [...findings.unexplained, ...stuck] },
    notes: [...notes],
  };
}

/** @returns whether the call came. */
async function failOnce(random: () => number, program: Program, call: Call, wal: string): Promise<boolean> {
  const fault = new SyscallFault({
    pid: program.pid,
    call,
    strike: 'fail',
    nth: 1 + Math.floor(random() * NEXT_CALLS),
    ...(random() < ANY_FILE ? {} : { file: wal }),
  });
  await fault.attach();
  const struck = await fault.struck(NO_CALL_MS);
  await fault.detach();
  return struck;
}
