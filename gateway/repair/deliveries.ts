/** Which ratings of the new database need not be delivered again, and figures whose entries were let go before. */
import type Database from 'better-sqlite3';
import type { Db, Trx } from '../store/store.js';
import type { OwnLog } from '../store/own-log.js';
import type { AsideTable, ForwardTable, PressTable, RatingTable, ServiceTable } from '../store/schema.js';
import { answeredAfterAll } from './own-meaning.js';
import { attempt, readableRows, type ReadableRow } from './damaged-rows.js';

const CHUNK = 500;
/** Said of an answer whose own entry is lost: the damaged database's row is the word for it. */
const CARRIED = 'carried-over-by-repair';
/** Stands for an entry that was let go: no entry has this number. */
const NO_ENTRY = 0;

/**
 * Ratings that the damaged database has as delivered, though the own log as it is now does not tell so: what told it is
 * among the lost entries. The own log is told of them again.
 * @returns how many.
 */
export async function carryDeliveries(db: Db, own: OwnLog, damaged: Database.Database): Promise<number> {
  let total = 0;
  let step: (ForwardTable & ReadableRow)[] = [];
  const flush = async () => {
    const rows = step;
    step = [];
    total += await db.transaction().execute((trx) => markDelivered(trx, own, rows));
  };
  for (const row of readableRows<ForwardTable & ReadableRow>(damaged, 'forward')) {
    if (row.state !== 'delivered' || typeof row.ratingId !== 'string') continue;
    step.push(row);
    if (step.length >= CHUNK) await flush();
  }
  await flush();
  return total;
}

async function markDelivered(trx: Trx, own: OwnLog, rows: readonly ForwardTable[]): Promise<number> {
  if (rows.length === 0) return 0;
  const waiting = await trx
    .selectFrom('forward')
    .select('ratingId')
    .where('state', 'in', ['waiting', 'held', 'awaiting-reason', 'withdrawn'])
    .where(
      'ratingId',
      'in',
      rows.map(({ ratingId }) => ratingId),
    )
    .execute();
  const deliveredAt = new Map(rows.map((row) => [row.ratingId, row.deliveredAt]));
  for (const { ratingId } of waiting) {
    await answeredAfterAll(trx, ratingId);
    await trx
      .updateTable('forward')
      .set({ state: 'delivered', deliveredAt: Number(deliveredAt.get(ratingId)) || null })
      .where('ratingId', '=', ratingId)
      .execute();
  }
  await own.appendAll(
    trx,
    'centre.answered',
    waiting.map(({ ratingId }) => ({ ratingId, outcome: 'already' as const, code: CARRIED })),
  );
  return waiting.length;
}

/**
 * Services whose entries the retention let go: their rows are all that is left of them.
 * @param terminals whose chains were let go of in part.
 * @returns how many.
 */
export async function carryPruned(db: Db, damaged: Database.Database, terminals: ReadonlySet<string>): Promise<number> {
  if (terminals.size === 0) return 0;
  const presses = new Map<string, PressTable[]>();
  for (const { place: _place, ...press } of readableRows<PressTable & ReadableRow>(damaged, 'press')) {
    const known = presses.get(press.serviceId);
    if (known === undefined) presses.set(press.serviceId, [press]);
    else known.push(press);
  }
  let total = 0;
  for (const row of readableRows<ServiceTable & ReadableRow>(damaged, 'service')) {
    if (!terminals.has(row.terminal) || row.state !== 'closed') continue;
    total += await db.transaction().execute((trx) => carryService(trx, damaged, row, presses.get(row.serviceId) ?? []));
  }
  return total;
}

async function carryService(
  trx: Trx,
  damaged: Database.Database,
  { place: _place, ...service }: ServiceTable & ReadableRow,
  presses: readonly PressTable[],
): Promise<number> {
  const { serviceId, ratingId } = service;
  const known = await trx
    .selectFrom('service')
    .select('serviceId')
    .where('serviceId', '=', serviceId)
    .executeTakeFirst();
  if (known !== undefined) return 0;
  const rowsOf = <Row>(sql: string, key: string) => attempt(() => damaged.prepare(sql).all(key) as Row[]) ?? [];
  const ratings = ratingId === null ? [] : rowsOf<RatingTable>('SELECT * FROM rating WHERE ratingId = ?', ratingId);
  const asides = rowsOf<AsideTable>('SELECT * FROM aside WHERE serviceId = ?', serviceId);
  const forwards = [...ratings, ...asides].flatMap((act) =>
    rowsOf<ForwardTable>('SELECT * FROM forward WHERE ratingId = ?', act.ratingId),
  );
  if (ratingId !== null && !forwards.some((forward) => forward.ratingId === ratingId)) return 0;
  await trx.insertInto('service').values(service).execute();
  for (const press of presses)
    await trx
      .insertInto('press')
      .values({ ...press, entryId: NO_ENTRY })
      .onConflict((c) => c.column('pressId').doNothing())
      .execute();
  for (const rating of ratings)
    await trx
      .insertInto('rating')
      .values({ ...rating, entryId: NO_ENTRY })
      .execute();
  for (const aside of asides)
    await trx
      .insertInto('aside')
      .values({ ...aside, entryId: NO_ENTRY })
      .onConflict((c) => c.column('ratingId').doNothing())
      .execute();
  for (const forward of forwards) await trx.insertInto('forward').values(forward).execute();
  return 1;
}
