/**
 * Repairs a damaged hall database: a new one is written beside it, with every chain as far as it is proven and all
 * that is read from it, and takes its place. The new one has a higher generation, so that the terminals send again
 * what it lacks.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { parseTerminalSource, PjqError, type VerifySignature } from '../../protocol/index.js';
import type { ProjectRules } from '../ingest/project-entries.js';
import { retryQuarantine } from '../ingest/quarantine.js';
import { openSqlite } from '../store/dialect.js';
import { migrate } from '../store/migrations.js';
import { OwnLog } from '../store/own-log.js';
import { DATABASE_FILE, type Db, type Store, type StoreParts } from '../store/store.js';
import { carryAlarms, carryFlags, carryOver, damagedIdentity } from './carry-over.js';
import { judgeChains, type JudgedChain } from './damaged-store.js';
import { openDamaged, type Reading } from './damaged-rows.js';
import { holdersOf, takePlace } from './database-files.js';
import { carryDeliveries, carryPruned } from './deliveries.js';
import { ownGapOf, rebuild, tellOfRepair } from './rebuild-store.js';
import type { RepairedChain, RepairReport } from './repair-report.js';

export interface RepairParts extends StoreParts {
  /** Checks what the gateway itself signed. */
  readonly verifyOwn: VerifySignature;
  readonly hall: string;
  /** Of the hall's policy; where they are not known, no act of rating is too late and every stage opens one. */
  readonly rules?: ProjectRules | undefined;
}

const NOTHING_REBUILT = { ownGaps: [], keysAdded: new Set<string>(), keysRevoked: new Set<string>() };
/** Where the new database is written until it is finished. */
const WORKSHOP = 'repair';

/**
 * @param folder of the database. The gateway must be stopped.
 * @throws PjqError `request-malformed` when there is none, `store-locked` while a program has it open.
 */
export async function repairStore(folder: string, parts: RepairParts): Promise<RepairReport> {
  const file = join(folder, DATABASE_FILE);
  if (!existsSync(file)) throw new PjqError('request-malformed', `There is no database ${file}.`);
  refuseWhileHeld(file);
  const workshop = join(folder, WORKSHOP);
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { mode: 0o700 });
  const damaged = openDamaged(file);
  try {
    const report = await write(join(workshop, DATABASE_FILE), damaged, parts);
    damaged?.close();
    refuseWhileHeld(file);
    const keptAs = freeName(`${file}.damaged`);
    takePlace(join(workshop, DATABASE_FILE), file, keptAs);
    return { ...report, keptAs };
  } finally {
    if (damaged?.open === true) damaged.close();
    rmSync(workshop, { recursive: true, force: true });
  }
}

function refuseWhileHeld(file: string): void {
  const holders = holdersOf(file).filter((pid) => pid !== process.pid);
  if (holders.length > 0) throw new PjqError('store-locked', `${file} is open in process ${holders.join(', ')}.`);
}

function freeName(name: string): string {
  for (let n = 1; ; n += 1) if (!existsSync(`${name}-${n}`)) return `${name}-${n}`;
}

async function write(
  file: string,
  damaged: Database.Database | null,
  parts: RepairParts,
): Promise<Omit<RepairReport, 'keptAs'>> {
  const reading: Reading = { unreadable: 0 };
  const { suite, signer, verifyOwn, clock, hall, rules } = parts;
  const chains =
    damaged === null ? [] : judgeChains(damaged, { suite, ownKey: { keyId: signer.keyId, check: verifyOwn } }, reading);
  const opened = openSqlite(file);
  const { db } = opened;
  const own = new OwnLog(parts);
  const store: Store = { db, own, identity: (at = db) => own.identity(at), close: () => opened.close() };
  try {
    await migrate(db, opened.types);
    const carried = damaged === null ? null : await db.transaction().execute((trx) => carryOver(trx, damaged, reading));
    const rebuilt = damaged === null ? null : await rebuild(db, damaged, chains, parts);
    if (damaged !== null) await db.transaction().execute((trx) => carryAlarms(trx, damaged, reading));
    if (damaged !== null) await db.transaction().execute((trx) => carryFlags(trx, damaged, reading));
    const carriedServices = damaged === null ? 0 : await carryPruned(db, damaged, prunedTerminals(chains));
    const identity = await begin(db, own, parts, damaged, rebuilt?.generation ?? 0);
    const keysToldAgain = await db
      .transaction()
      .execute((trx) => tellOfRepair(trx, { own, clock, hall }, rebuilt ?? NOTHING_REBUILT));
    if (damaged !== null && !ownIsWhole(chains)) await carryDeliveries(db, own, damaged);
    await retryQuarantine({ store, suite, clock, rules });
    return {
      chains: chains.map(inWords),
      entries: rebuilt?.entries ?? 0,
      dropped: chains.reduce((sum, { verdict }) => sum + verdict.dropped, 0),
      unreadable: reading.unreadable,
      ...(await registered(db)),
      keys: carried?.keys ?? 0,
      keysToldAgain,
      delivered: await total(db, 'delivered'),
      carriedServices,
      setAside: await setAside(db),
      ...identity,
    };
  } finally {
    await opened.close();
  }
}

/** An identity of a higher generation, and an epoch of the own log that names the one it goes on from. */
async function begin(
  db: Db,
  own: OwnLog,
  { randomness, source }: RepairParts,
  damaged: Database.Database | null,
  toldGeneration: number,
): Promise<{ storeId: string; generation: number }> {
  const before = damagedIdentity(damaged);
  const generation = Math.max(before.generation, toldGeneration);
  return db.transaction().execute(async (trx) => {
    const set = (key: string, value: string) =>
      trx
        .insertInto('meta')
        .values({ key, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute();
    await set('storeId', before.storeId ?? randomness.newId());
    await set('generation', String(Math.max(1, generation)));
    const known = await trx.selectFrom('epoch').select('id').where('source', '=', source).executeTakeFirst();
    if (known === undefined) await own.open(trx);
    return own.restored(trx, 'the damaged database was repaired', generation);
  });
}

function ownIsWhole(chains: readonly JudgedChain[]): boolean {
  const own = chains.filter(({ isOwn }) => isOwn);
  return own.length > 0 && own.every(({ verdict }) => verdict.whole);
}

function prunedTerminals(chains: readonly JudgedChain[]): ReadonlySet<string> {
  return new Set(
    chains.flatMap(({ source, checkpoint }) =>
      checkpoint === null ? [] : [parseTerminalSource(source)?.terminal ?? ''],
    ),
  );
}

function inWords(chain: JudgedChain): RepairedChain {
  const { source, epoch, row, verdict } = chain;
  const { through, signedHead } = verdict;
  const throughSeq = ownGapOf(chain) === null ? through.seq : (signedHead?.seq ?? through.seq);
  return { source, epoch, throughSeq, before: row?.throughSeq ?? null, words: words(chain) };
}

function words(chain: JudgedChain): string {
  const { isOwn, row, verdict } = chain;
  const { through, whole, run, dropped, contradicted } = verdict;
  if (contradicted) return 'its entries are not those that were signed: nothing of it was carried over';
  if (whole && dropped === 0) return `whole, ${through.seq} entries`;
  const said = [through.seq === 0 ? 'nothing of it is proven' : `proven through ${through.seq}`];
  if (row === null) said.push('its row could not be read');
  else if (row.throughSeq > through.seq) said.push(`of ${row.throughSeq}`);
  const gap = ownGapOf(chain);
  if (gap !== null) said.push(`entries ${gap.fromSeq} to ${gap.throughSeq} are a named gap`);
  if (run !== null && isOwn) said.push(`it goes on through ${run.head.seq}`);
  else if (run !== null)
    said.push(`entries ${run.fromSeq} to ${run.head.seq} wait until the terminal has sent those before them`);
  return said.join(', ');
}

async function registered(db: Db): Promise<Pick<RepairReport, 'terminals' | 'withoutKey'>> {
  const rows = await db
    .selectFrom('terminal')
    .leftJoin('terminalKey', 'terminalKey.terminal', 'terminal.terminal')
    .select(['terminal.terminal', 'terminalKey.keyId'])
    .orderBy('terminal.terminal')
    .execute();
  return {
    terminals: new Set(rows.map(({ terminal }) => terminal)).size,
    withoutKey: rows.filter(({ keyId }) => keyId === null).map(({ terminal }) => terminal),
  };
}

async function total(db: Db, state: string): Promise<number> {
  const row = await db
    .selectFrom('forward')
    .select((e) => e.fn.countAll<number>().as('total'))
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
  return row.total;
}

async function setAside(db: Db): Promise<number> {
  const row = await db
    .selectFrom('quarantine')
    .select((e) => e.fn.countAll<number>().as('total'))
    .where('resolvedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return row.total;
}
