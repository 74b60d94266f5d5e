/**
 * A terminal's files damaged anywhere, and opened again by its own code. What was damaged must be found out, what is
 * lost must be named, nothing changed may be vouched for again, and the log must go on. Most trials are on copies in
 * this process; now and then the whole program meets it in a hall, and what the hall had stays.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Hall } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import { auditHall, Citizens, settled } from '../citizens.js';
import { readTerminalLog, type ReadChain } from '../audit/log-files.js';
import {
  addFindings,
  NOTHING_FOUND,
  type FaultClass,
  type FaultOutcome,
  type FaultRun,
  type Findings,
} from '../fault-class.js';
import { openTerminalLog } from '../tools/logs-under-test.js';
import { mutilate, type Mutilation } from '../tools/mutilation.js';
import { readablePart } from '../tools/readable-part.js';
import { startAgain } from '../tools/start-again.js';
import { Tally } from '../tools/tally.js';
import { makeTerminalLog, type MadeLog, type Place } from './corruption-terminal-log.js';

const SOURCE = 'demo/t1';
const LOGS = 6;
/** One fault in so many is met by the whole program. */
const WHOLE = 40;
/** Trials between two signs of life. */
const SAY = 50;

export const corruptionTerminal: FaultClass = {
  name: 'corruption-terminal',
  title: "bytes flipped, pages zeroed or exchanged, ends cut off anywhere in a terminal's database and write-ahead log",
  permitted: 'named-and-bounded',
  outcome:
    'found out at the next start; what the hall has stays; what it does not have is carried over as far as the chain vouches for it, and the rest is named',
  async run(run) {
    const whole = Math.floor(run.faults / WHOLE);
    const copies = await copyRound({ ...run, faults: run.faults - whole });
    if (whole === 0) return copies;
    const programs = await programRound({ ...run, faults: whole });
    const injected = new Tally();
    for (const outcome of [copies, programs])
      for (const [kind, count] of Object.entries(outcome.injected)) injected.add(kind, count);
    return { injected: injected.counts(), findings: addFindings(copies.findings, programs.findings) };
  },
};

async function copyRound(run: FaultRun): Promise<FaultOutcome> {
  const made: MadeLog[] = [];
  for (let n = 0; n < Math.min(LOGS, run.faults); n += 1)
    made.push(await makeTerminalLog(run.root, join(run.folder, `log-${n}`), SOURCE, run.random));
  const tally = new Tally();
  let findings: Findings = NOTHING_FOUND;
  while (tally.total < run.faults) {
    const log = made[Math.floor(run.random() * made.length)];
    if (log === undefined) throw new RangeError('no log was made');
    const folder = join(run.folder, `trial-${tally.total}`);
    mkdirSync(folder);
    cpSync(log.folder, folder, { recursive: true });
    const file = join(folder, 'log.db');
    const done = mutilate([{ path: file }, { path: `${file}-wal`, usedBytes: log.usedWalBytes }], run.random);
    findings = addFindings(findings, await reopened(run.root, folder, log, done));
    tally.add(done.damage);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    if (tally.total % SAY === 0) run.say(`${tally.total} damaged logs`);
  }
  return { injected: tally.counts(), findings };
}

async function reopened(root: string, folder: string, made: MadeLog, done: Mutilation): Promise<Findings> {
  const file = join(folder, 'log.db');
  const trial = `${basename(folder)} (${done.damage}, ${basename(done.file)} ${done.offset}+${done.bytes})`;
  let damaged: string | null;
  try {
    const opened = await openTerminalLog(root, file, SOURCE);
    damaged = opened.damaged;
    // Rating goes on.
    opened.log.append([{ kind: 'boot', body: { version: 'after-the-damage' } }]);
    opened.close();
  } catch (error) {
    return { ...NOTHING_FOUND, unexplained: [`${trial}: the log does not go on: ${(error as Error).message}`] };
  }
  // What was left behind as damaged may still be, so each entry is read by itself.
  const part = join(folder, 'readable.db');
  const unreadable = readablePart(file, part, 2 * made.entries.length + 100);
  const chains = readTerminalLog(part, SOURCE);
  const judged = judge(chains, made);
  const unfound = unreadable && damaged === null;
  const silent = damaged === null && judged.missing.length > 0;
  return {
    ...NOTHING_FOUND,
    accepted: made.entries.length,
    entries: chains.reduce((sum, chain) => sum + chain.entries.length, 0),
    wrong: judged.changed.map((why) => `${trial}: ${why}`),
    unexplained: [
      ...judged.broken.map((why) => `${trial}: ${why}`),
      ...(unfound ? [`${trial}: entries cannot be read, and nothing was found out`] : []),
      ...(silent ? [`${trial}: ${places(judged.missing)} are gone, and nothing was found out`] : []),
      ...(judged.unnamed.length > 0 && !silent
        ? [`${trial}: ${places(judged.unnamed)} are gone and not named (found: ${damaged ?? 'nothing'})`]
        : []),
    ],
    named: judged.missing.length > 0 ? [`${trial}: ${places(judged.missing)} are lost, and named`] : [],
  };
}

interface Judged {
  /** Not acknowledged, and not there any more. */
  readonly missing: readonly Place[];
  readonly unnamed: readonly Place[];
  /** Entries that say something else and stand all the same. */
  readonly changed: readonly string[];
  readonly broken: readonly string[];
}

function judge(chains: readonly ReadChain[], made: MadeLog): Judged {
  const left = new Set(
    chains.flatMap(({ entries }) =>
      entries
        .filter(({ kind, body }) => kind === 'epoch' && body['cause'] === 'damaged')
        .flatMap(({ body }) => (body['ancestor'] as { epoch: string } | null)?.epoch ?? []),
    ),
  );
  const truth = new Map(made.entries.map((entry) => [`${entry.epoch} ${entry.seq}`, entry.bytes.toString('utf8')]));
  const standing = new Set<string>();
  const changed: string[] = [];
  const gaps: { epoch: string; fromSeq: number; throughSeq: number }[] = [];
  for (const { epoch, entries } of chains) {
    for (const { seq, bytes, kind, body } of entries) {
      const said = readSaid(bytes);
      const origin = said.re === undefined ? `${epoch} ${seq}` : `${said.re.epoch} ${said.re.seq}`;
      const before = truth.get(origin);
      if (kind === 'log.gap') gaps.push(body as unknown as (typeof gaps)[number]);
      if (before === undefined) continue;
      const same = said.re === undefined ? before === bytes.toString('utf8') : sameMeaning(before, said);
      if (same) standing.add(origin);
      // What was left behind as damaged stays as it was found.
      else if (!left.has(epoch)) changed.push(`${epoch} ${seq} says something else than ${origin} did`);
    }
  }
  const missing = made.entries.filter(({ epoch, seq }) => seq > made.ackedSeq && !standing.has(`${epoch} ${seq}`));
  return {
    missing,
    unnamed: missing.filter(
      ({ epoch, seq }) => !gaps.some((gap) => gap.epoch === epoch && gap.fromSeq <= seq && seq <= gap.throughSeq),
    ),
    changed,
    broken: chains
      .filter(({ epoch }) => !left.has(epoch))
      .flatMap(({ epoch, broken, missing: holes }) => [
        ...(broken === null ? [] : [`${epoch} was not left: ${broken}`]),
        ...holes.map(([from, through]) => `${epoch} was not left: ${from} to ${through} are missing`),
      ]),
  };
}

interface Said {
  readonly kind?: unknown;
  readonly at?: unknown;
  readonly body?: unknown;
  readonly re?: { readonly epoch: string; readonly seq: number };
}

function readSaid(bytes: Buffer): Said {
  try {
    return JSON.parse(bytes.toString('utf8')) as Said;
  } catch {
    return {};
  }
}

function sameMeaning(before: string, { kind, at, body }: Said): boolean {
  const said = JSON.parse(before) as Said;
  return JSON.stringify([said.kind, said.at, said.body]) === JSON.stringify([kind, at, body]);
}

function places(those: readonly Place[]): string {
  const [first, last] = [those[0], those.at(-1)];
  return `${those.length} entries (${first?.seq ?? 0} to ${last?.seq ?? 0})`;
}

/** The whole program: what the hall had before the damage stays, and what comes after it is nobody's loss. */
async function programRound(run: FaultRun): Promise<FaultOutcome> {
  const hall = new Hall({ terminals: 2, root: run.root });
  const tally = new Tally();
  const citizens = new Citizens(hall, { random: seeded(`${run.seed} citizens`), prefix: run.seed, patienceMs: 1_500 });
  const told = new Set<string>();
  try {
    await hall.start();
    for (let n = 0; n < run.faults; n += 1) {
      const counter = hall.counter(1 + (n % 2));
      citizens.start();
      await new Promise((resolve) => setTimeout(resolve, 600));
      await citizens.stop();
      // What only the terminal had is the copies' question; here the hall has it all.
      await settled(hall, citizens.seen);
      await counter.program.kill();
      const file = join(counter.dataDir, 'log.db');
      const done = mutilate([{ path: file }, { path: `${file}-wal` }], run.random);
      await startAgain(counter.program);
      tally.add(`${done.damage}, whole program`);
      if (counter.program.lines.some(({ code }) => code === 'log-damaged')) told.add(counter.name);
      await signOnAgain(hall, n % 2);
    }
    citizens.start();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await citizens.stop();
    await settled(hall, citizens.seen);
    const findings = await auditHall(hall, citizens.seen);
    return { injected: tally.counts(), findings: withoutOwnLoss(findings, told) };
  } finally {
    await citizens.stop();
    await hall.stop();
  }
}

/** Who is on duty may have been in what was destroyed. */
async function signOnAgain(hall: Hall, index: number): Promise<void> {
  await hall.local(hall.counter(index + 1), 'POST', '/v1/duty', { staffNo: '1001' }).catch(() => undefined);
}

/**
 * What is in no log of its terminal any more was in the damaged one, and the hall has it: that is what is permitted.
 * @param told terminals that told of the damage when they started.
 */
function withoutOwnLoss(findings: Findings, told: ReadonlySet<string>): Findings {
  const damagedOnes = [...told];
  const own = (why: string) =>
    why.endsWith('is in no log of its terminal') && damagedOnes.some((name) => why.includes(`(${name}, `));
  const damaged = (why: string) => damagedOnes.some((name) => why.startsWith(`terminal: demo/${name} `));
  return {
    ...findings,
    lost: findings.lost.filter((why) => !own(why)),
    unexplained: findings.unexplained.filter((why) => !damaged(why)),
    named: [...findings.named, ...findings.lost.filter(own), ...findings.unexplained.filter(damaged)],
  };
}
