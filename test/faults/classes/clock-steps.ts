/**
 * Clocks that jump and drift while presses go on: on terminals, on the gateway, on both. Only the wall clock; the
 * clock since boot stays true, as the kernel's does.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Hall } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import { Program } from '../../support/program.js';
import { auditHall, settled } from '../citizens.js';
import type { FaultClass, FaultOutcome, FaultRun } from '../fault-class.js';
import { FakedClock, noFakedClocks } from '../tools/faked-clock.js';
import { startAgain } from '../tools/start-again.js';
import { Tally } from '../tools/tally.js';
import { ratingGoesOn, TouchingCitizens } from '../tools/touching-citizens.js';

const TERMINALS = 2;
const HOUR_MS = 3_600_000;
const STEPS = ['-48y', '-1h', '+1h', '+10y', '+0 x1.02', '+0 x0.98', '+0'] as const;
const GOES_ON_MS = 15_000;
/** Between a step and the next: some presses. */
const BETWEEN_MS = 400;
/** How soon after a step the business system can open services again, at every counter. */
const OPENS_AGAIN_MS = 20_000;
/** What a drifting clock of this class may be off by: 2 % of a run. */
const DRIFT_MS = 60_000;

export const clockSteps: FaultClass = {
  name: 'clock-steps',
  title: 'wall clocks of terminals and of the gateway step by −48 years, −1 h, +1 h, +10 years, and drift by 2 %',
  permitted: 'nothing-lost',
  outcome: 'zero lost, doubled or disordered; sessions go on; a corrected time holds the true one, or is unknown',
  unavailable: noFakedClocks,
  async run(run) {
    const hall = new Hall({ terminals: TERMINALS, root: run.root });
    try {
      await hall.start();
      return await clockRound(run, hall);
    } finally {
      await hall.stop();
    }
  },
};

/** What somebody saw of a press, by the true time. */
interface Witnessed {
  readonly fromMs: number;
  readonly throughMs: number;
}

async function clockRound(run: FaultRun, hall: Hall): Promise<FaultOutcome> {
  const clocks = await withClocks(run, hall);
  const names = [...clocks.keys()];
  const citizens = new TouchingCitizens(hall, { random: seeded(`${run.seed} citizens`), prefix: run.seed });
  const tally = new Tally();
  const witnessed = new Map<string, Witnessed>();
  const faults: string[] = [];
  const offsets = new Set<number>([0]);
  while (tally.total < run.faults) {
    const name = names[Math.floor(run.random() * names.length)] ?? 'gateway';
    const step = STEPS[Math.floor(run.random() * STEPS.length)] ?? '+0';
    // In the middle of a service: the session is open, and its time must not be over because of that.
    const n = name === 'gateway' ? 1 + Math.floor(run.random() * TERMINALS) : Number(name.slice(1));
    const fromMs = Date.now();
    const one = await citizens.serve(n, () => {
      clocks.get(name)?.set(step);
    });
    tally.add(`${name === 'gateway' ? 'gateway' : 'terminal'}: ${step}`);
    if (name === 'gateway') offsets.add(offsetMs(step));
    if (one !== null) {
      witnessed.set(one.serviceId, { fromMs, throughMs: Date.now() });
      if (one.outcome !== 'accepted')
        faults.push(`${one.serviceId} was ${one.outcome}: ${name} had stepped to ${step}`);
    }
    citizens.start();
    await wait(BETWEEN_MS);
    await citizens.stop();
    faults.push(...(await opensAgain(hall, n, `${run.seed}-business-${tally.total}`, `${name} at ${step}`)));
    if (tally.total % 10 === 0) run.say(`${tally.total} steps, ${citizens.seen.length} presses`);
  }
  for (const clock of clocks.values()) clock.set('+0');
  citizens.start();
  for (const { name } of hall.counters)
    if (!(await ratingGoesOn(citizens, name, GOES_ON_MS))) faults.push(`${name} takes no press with its clock right`);
  await citizens.stop();
  await settled(hall, citizens.seen);
  const findings = await auditHall(hall, citizens.seen);
  const untrue = untrueTimes(join(hall.gatewayData, 'hall.db'), witnessed, [...offsets]);
  return {
    injected: tally.counts(),
    findings: { ...findings, unexplained: [...findings.unexplained, ...faults, ...untrue.wrong] },
    notes: [`corrected times of ${untrue.known} presses compared with the true ones, ${untrue.unknown} are unknown`],
  };
}

/** Every program of the hall but the centre, started again with a clock of its own. */
async function withClocks(run: FaultRun, hall: Hall): Promise<ReadonlyMap<string, FakedClock>> {
  const { root } = run;
  const clocks = new Map<string, FakedClock>();
  const clock = (name: string) => {
    const made = new FakedClock(join(run.folder, `${name}.clock`));
    clocks.set(name, made);
    return made;
  };
  await Promise.all([hall.gateway, ...hall.counters.map(({ program }) => program)].map((program) => program.stop()));
  hall.gateway = new Program('gateway', ['dist/gateway/main.js', '--config', hall.gatewayConfig], {
    root,
    env: clock('gateway').env,
  });
  hall.counters.splice(
    0,
    hall.counters.length,
    ...hall.counters.map((counter) => ({
      ...counter,
      program: new Program(counter.name, ['--config', join(hall.folder, `${counter.name}.yaml`)], {
        program: 'device/pjq-device',
        root,
        env: clock(counter.name).env,
      }),
    })),
  );
  await Promise.all([hall.gateway, ...hall.counters.map(({ program }) => program)].map(startAgain));
  await hall.connected();
  return clocks;
}

/** The business system's command carries its time of validity: a clock that stepped must not make it void for ever. */
async function opensAgain(hall: Hall, n: number, caseNo: string, when: string): Promise<string[]> {
  const end = Date.now() + OPENS_AGAIN_MS;
  let last = '';
  for (let attempt = 1; Date.now() < end; attempt += 1) {
    try {
      await hall.open(n, `${caseNo}-${attempt}`);
      return [];
    } catch (error) {
      last = (error as Error).message;
      await wait(100);
    }
  }
  return [`no service could be opened at t${n} for ${OPENS_AGAIN_MS} ms with ${when}: ${last}`];
}

function offsetMs(step: (typeof STEPS)[number]): number {
  const [, sign, count, unit] = /^([+-])(\d+)([yh])?/.exec(step) ?? [];
  const span = unit === 'h' ? HOUR_MS : unit === 'y' ? 365 * 24 * HOUR_MS : 0;
  return (sign === '-' ? -1 : 1) * Number(count ?? 0) * span;
}

/** The gateway's clock may have been off when it learned where a terminal's lies: by an offset that it really had. */
function untrueTimes(
  file: string,
  witnessed: ReadonlyMap<string, Witnessed>,
  offsets: readonly number[],
): { known: number; unknown: number; wrong: string[] } {
  const db = new Database(file, { fileMustExist: true });
  try {
    const rows = db.prepare('SELECT serviceId, correctedLowMs AS low, correctedHighMs AS high FROM rating').all() as {
      serviceId: string;
      low: number | null;
      high: number | null;
    }[];
    const met = rows.flatMap((row) => {
      const seen = witnessed.get(row.serviceId);
      return seen === undefined ? [] : [{ ...row, ...seen }];
    });
    const wrong = met.flatMap(({ serviceId, low, high, fromMs, throughMs }) =>
      low === null ||
      high === null ||
      offsets.some((offset) => low <= throughMs + offset + DRIFT_MS && high >= fromMs + offset - DRIFT_MS)
        ? []
        : [`${serviceId} was pressed at ${fromMs}, and its corrected time is ${low} to ${high}`],
    );
    const unknown = met.filter(({ low }) => low === null).length;
    return { known: met.length - unknown, unknown, wrong };
  } finally {
    db.close();
  }
}
