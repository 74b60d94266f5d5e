/**
 * The hall's database damaged anywhere while the gateway is down. On copies: what does not say any more what it said
 * must be found by the proof, or be an older state of itself, which the terminals' promises show. With the whole
 * program: the operator repairs what is found and registers again whom the registry has lost, the terminals send again
 * what they hold, and nothing is lost.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type * as VerifyFile from '../../../gateway/verify/verify-file.js';
import type * as NodeSuite from '../../../protocol/runtime/node-suite.js';
import { registerWhoIsMissing } from '../../support/enrolment.js';
import { Hall } from '../../support/hall.js';
import { seeded } from '../../support/seeded.js';
import { Program } from '../../support/program.js';
import { auditHall, settled } from '../citizens.js';
import {
  addFindings,
  NOTHING_FOUND,
  type FaultClass,
  type FaultOutcome,
  type FaultRun,
  type Findings,
} from '../fault-class.js';
import { compiled } from '../tools/logs-under-test.js';
import { mutilate, type Mutilation } from '../tools/mutilation.js';
import { startAgain } from '../tools/start-again.js';
import { Tally } from '../tools/tally.js';
import { TouchingCitizens } from '../tools/touching-citizens.js';

/** One fault in so many is met by the whole program. */
const WHOLE = 50;
const SAY = 50;
const LOAD_MS = 2_500;
const REPAIR = ['dist/gateway/pjq.js', 'store', 'repair', '--config'] as const;
const VERIFY = ['dist/gateway/pjq.js', 'verify'] as const;
/** What figures and deliveries rest on. */
const TABLES = {
  entry: 'SELECT epochId, seq, bytes, hash FROM entry ORDER BY epochId, seq',
  service: 'SELECT serviceId, terminal, caseNo, ratingId FROM service ORDER BY serviceId',
  press: 'SELECT pressId, serviceId, level FROM press ORDER BY pressId',
  rating: 'SELECT ratingId, serviceId, level, cause FROM rating ORDER BY ratingId',
  forward: 'SELECT ratingId FROM forward ORDER BY ratingId',
} as const;

export const corruptionGateway: FaultClass = {
  name: 'corruption-gateway',
  title: "bytes flipped, pages zeroed or exchanged, ends cut off anywhere in the hall's database and write-ahead log",
  permitted: 'named-and-bounded',
  restores: true,
  outcome:
    'found by the proof, or known as an older copy by the terminals; repaired from what the terminals hold; the rest is a named gap',
  async run(run) {
    const hall = new Hall({ terminals: 2, root: run.root });
    try {
      await hall.start();
      const citizens = new TouchingCitizens(hall, { random: seeded(`${run.seed} citizens`), prefix: run.seed });
      citizens.start();
      await wait(LOAD_MS);
      await citizens.stop();
      await settled(hall, citizens.seen);
      await hall.gateway.kill();
      const whole = Math.max(1, Math.floor(run.faults / WHOLE));
      const injected = new Tally();
      const copies = await copyRound({ ...run, faults: run.faults - whole }, hall, injected);
      const programs = await programRound({ ...run, faults: whole }, hall, citizens, injected);
      return {
        injected: injected.counts(),
        findings: addFindings(copies, programs.findings),
        notes: programs.notes ?? [],
      };
    } finally {
      await hall.stop();
    }
  },
};

type Contents = Readonly<Record<keyof typeof TABLES, readonly string[]>>;

async function copyRound(run: FaultRun, hall: Hall, injected: Tally): Promise<Findings> {
  const whole = join(run.folder, 'whole');
  cpSync(hall.gatewayData, whole, { recursive: true });
  // To be read, the whole one is a copy, too: whoever opens it last clears its write-ahead log.
  const reading = join(run.folder, 'reading');
  cpSync(whole, reading, { recursive: true });
  const truth = contents(join(reading, 'hall.db'));
  if (typeof truth === 'string') throw new Error(truth);
  const { verifyFile } = await compiled<typeof VerifyFile>(run.root, 'gateway/verify/verify-file.js');
  const { nodeSuite } = await compiled<typeof NodeSuite>(run.root, 'protocol/runtime/node-suite.js');
  let findings: Findings = { ...NOTHING_FOUND, accepted: truth.press.length };
  for (let n = 0; n < run.faults; n += 1) {
    const folder = join(run.folder, `trial-${n}`);
    mkdirSync(folder);
    for (const name of ['hall.db', 'hall.db-wal']) cpSync(join(whole, name), join(folder, name));
    const file = join(folder, 'hall.db');
    const done = mutilate([{ path: file }, { path: `${file}-wal` }], run.random);
    const proven = () => {
      const report = verifyFile(file, { suite: nodeSuite, publicKeys: [] });
      return report.ok ? null : (report.faults[0] ?? report.chains.find(({ ok }) => !ok)?.verdict ?? 'not verified');
    };
    findings = addFindings(findings, judge(basename(folder), done, file, truth, proven));
    injected.add(done.damage);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    if ((n + 1) % SAY === 0) run.say(`${n + 1} damaged databases`);
  }
  return findings;
}

/** @param proven what the proof found; `null` where it found the database whole. */
function judge(name: string, done: Mutilation, file: string, truth: Contents, proven: () => string | null): Findings {
  const trial = `${name} (${done.damage}, ${basename(done.file)} ${done.offset}+${done.bytes})`;
  const verdict = said(proven);
  const now = contents(file);
  const read = { ...NOTHING_FOUND, entries: typeof now === 'string' ? 0 : now.entry.length };
  const changed = typeof now === 'string' ? [now] : differences(now, truth);
  if (changed.length === 0) return read;
  if (verdict !== null) return { ...read, named: [`${trial}: ${changed[0] ?? ''}; found: ${verdict.slice(0, 120)}`] };
  // SQLite ends a write-ahead log at its first damaged frame: an older state of the database, and a whole one.
  const older =
    typeof now !== 'string' &&
    (Object.keys(TABLES) as (keyof Contents)[]).every((table) => within(now[table], truth[table]));
  return older && done.file.endsWith('-wal')
    ? { ...read, named: [`${trial}: an older state of itself, which the terminals' promises show`] }
    : { ...read, unexplained: [`${trial}: ${changed.join('; ')}, and the proof found nothing`] };
}

function said(proven: () => string | null): string | null {
  try {
    return proven();
  } catch (error) {
    return (error as Error).message;
  }
}

/** Rows as text; why they cannot be read where they cannot. */
function contents(file: string): Contents | string {
  let db: Database.Database | undefined;
  try {
    const open = new Database(file, { fileMustExist: true });
    db = open;
    const rows = (sql: string) =>
      (open.prepare(sql).raw().all() as unknown[][]).map((row) =>
        row.map((value) => (Buffer.isBuffer(value) ? value.toString('base64') : String(value))).join('|'),
      );
    return {
      entry: rows(TABLES.entry),
      service: rows(TABLES.service),
      press: rows(TABLES.press),
      rating: rows(TABLES.rating),
      forward: rows(TABLES.forward),
    };
  } catch (error) {
    return `it cannot be read: ${(error as Error).message}`;
  } finally {
    db?.close();
  }
}

function differences(now: Contents, truth: Contents): string[] {
  return (Object.keys(TABLES) as (keyof Contents)[])
    .filter((table) => now[table].join('\n') !== truth[table].join('\n'))
    .map((table) => `${table} differs (${now[table].length} of ${truth[table].length} rows)`);
}

/** A service is known before it has its rating: of an older row the name counts. */
function within(now: readonly string[], truth: readonly string[]): boolean {
  const nameOf = (row: string) => row.split('|')[0] ?? '';
  const known = new Set(truth);
  const names = new Set(truth.map(nameOf));
  return now.every((row) => known.has(row) || (row.endsWith('|null') && names.has(nameOf(row))));
}

async function programRound(
  run: FaultRun,
  hall: Hall,
  citizens: TouchingCitizens,
  injected: Tally,
): Promise<FaultOutcome> {
  const notes: string[] = [];
  const file = join(hall.gatewayData, 'hall.db');
  const pjq = (...args: readonly string[]) => Program.run(args, { root: run.root });
  for (let n = 0; n < run.faults; n += 1) {
    await hall.gateway.kill();
    const done = mutilate([{ path: file }, { path: `${file}-wal` }], run.random);
    injected.add(`${done.damage}, whole program`);
    const proof = await pjq(...VERIFY, file);
    let how = proof.code === 0 ? 'the proof found nothing' : 'found by the proof';
    const repair = async () => {
      const { code, stderr } = await pjq(...REPAIR, hall.gatewayConfig);
      if (code !== 0) throw new Error(`repair ended with ${String(code)}: ${stderr.slice(-400)}`);
      const missing = await registerWhoIsMissing(hall);
      how = `${how}, repaired${missing > 0 ? `, ${missing} registered anew` : ''}`;
    };
    if (proof.code !== 0) await repair();
    await startAgain(hall.gateway).catch(async () => {
      await repair();
      await startAgain(hall.gateway);
    });
    citizens.start();
    await wait(500);
    await citizens.stop();
    await settled(hall, citizens.seen);
    notes.push(`${done.damage} in ${basename(done.file)} at ${done.offset}: ${how}`);
  }
  return { injected: {}, findings: await auditHall(hall, citizens.seen), notes };
}
