/** The record of a service that was asked for: made, found again by its serviceId, given a new validity. */
import { createHash } from 'node:crypto';
import { matterSchema, PjqError, stageSchema, type Matter, type ServiceFacts } from '../../protocol/index.js';
import type { OpenRequest } from '../core/open-request.js';
import { canonicalMore, serviceMoreOf } from '../core/service-form.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import { BLANK_SERVICE } from '../store/blank-rows.js';
import type { ServiceTable } from '../store/schema.js';
import type { Store, Trx } from '../store/store.js';
import { admitFollowUp } from './follow-up.js';
import { moreColumns, moreOf } from './service-more.js';

export type ServiceRow = ServiceTable;

/** The identity that the gateway gives: of the key, so that a request sent again meets its own record. */
export function serviceIdFor(hall: string, idempotencyKey: string): string {
  return `g-${createHash('sha256').update(`pjq/service/v1\n${hall}\n${idempotencyKey}`).digest('hex').slice(0, 32)}`;
}

/** The command's identity: of the record, so that it outlives a crash; a new validity is a new command. */
export function openCommandId(serviceId: string, validUntil: number): string {
  return createHash('sha256')
    .update(`pjq/service.open/v1\n${serviceId}\n${validUntil}`)
    .digest()
    .subarray(0, 8)
    .toString('base64url');
}

export function factsOf(row: ServiceRow): ServiceFacts {
  const matter = matterOf(row);
  return {
    serviceId: row.serviceId,
    caseNo: row.caseNo,
    stage: stageSchema.parse(row.stage),
    ...(matter === undefined ? {} : { matter }),
  };
}

/**
 * The record for a request, and in the same transaction the own log's word of it: made now, or found by its
 * serviceId with the same facts. One that still waits for its terminal gets a new validity when the old is over.
 * @throws PjqError `terminal-unknown`, `service-exists`; `service-unknown`, `follow-up-unfit`, `follow-up-exists`.
 */
export async function recordRequest(
  { store, evaluators }: { readonly store: Store; readonly evaluators?: EvaluatorSafe | undefined },
  request: OpenRequest,
  serviceId: string,
  nowMs: number,
  commandValidMs: number,
): Promise<ServiceRow> {
  return store.db.transaction().execute(async (trx) => {
    const row = await recordService(trx, store, request, serviceId, { nowMs, commandValidMs });
    // Also of a service that is over: a phone number may be corrected for the reminder.
    if (request.evaluator !== undefined) await evaluators?.record(trx, serviceId, request.evaluator);
    return row;
  });
}

async function recordService(
  trx: Trx,
  store: Store,
  request: OpenRequest,
  serviceId: string,
  { nowMs, commandValidMs }: { readonly nowMs: number; readonly commandValidMs: number },
): Promise<ServiceRow> {
  const terminals = await terminalsFor(trx, request);
  const [first] = terminals;
  if (first === undefined) throw new PjqError('terminal-unknown');
  const known = await trx.selectFrom('service').selectAll().where('serviceId', '=', serviceId).executeTakeFirst();
  const validUntil = nowMs + commandValidMs;
  const more = serviceMoreOf(request);
  if (known === undefined) {
    if (more !== undefined) await admitFollowUp(trx, { ...request, serviceId }, more);
    const asked = newRow(request, serviceId, first, nowMs, validUntil);
    // The days count from the entry's own time, so that the log alone tells it.
    const at = await logRequest(store, trx, asked, validUntil);
    const row = { ...asked, requestedAt: at, daysFrom: at };
    await trx.insertInto('service').values(row).execute();
    return row;
  }
  const same =
    known.caseNo === request.caseNo &&
    known.stage === request.stage &&
    terminals.some(({ terminal }) => terminal === known.terminal) &&
    sameMatter(matterOf(known), request.matter) &&
    canonicalMore(moreOf(known)) === canonicalMore(more);
  if (!same) throw new PjqError('service-exists');
  if (known.state !== 'requested') return known;
  // Not past either end: after a clock was set back, "valid" could mean for hours.
  const valid = known.validUntil !== null && nowMs < known.validUntil && known.validUntil <= validUntil;
  if (valid) return known;
  await trx.updateTable('service').set({ validUntil }).where('serviceId', '=', serviceId).execute();
  const row = { ...known, validUntil };
  await logRequest(store, trx, row, validUntil);
  return row;
}

function newRow(
  request: OpenRequest,
  serviceId: string,
  target: { terminal: string; window: string },
  nowMs: number,
  validUntil: number,
): ServiceRow {
  return {
    serviceId,
    terminal: target.terminal,
    window: target.window,
    caseNo: request.caseNo,
    stage: request.stage,
    matter: request.matter === undefined ? null : JSON.stringify(request.matter),
    staffNo: null,
    state: 'requested',
    origin: 'command',
    openedAt: null,
    closedAt: null,
    endCause: null,
    closedSeenAt: null,
    ratingId: null,
    requestedAt: nowMs,
    validUntil,
    ...BLANK_SERVICE,
    ...moreColumns(serviceMoreOf(request)),
  };
}

/** @returns the entry's time. */
async function logRequest(store: Store, trx: Trx, row: ServiceRow, validUntil: number): Promise<number> {
  const more = moreOf(row);
  const { at } = await store.own.append(trx, 'service.requested', {
    ...factsOf(row),
    terminal: row.terminal,
    validUntil,
    ...(more === undefined ? {} : { more }),
  });
  return at;
}

/** The terminals that a request may mean, the best first: a window may have a spare one that is not connected. */
async function terminalsFor(trx: Trx, request: OpenRequest): Promise<{ terminal: string; window: string }[]> {
  const query = trx.selectFrom('terminal').select(['terminal', 'window', 'state']).orderBy('terminal');
  const rows = await (
    request.terminal === undefined
      ? query.where('window', '=', request.window ?? '')
      : query.where('terminal', '=', request.terminal)
  ).execute();
  const connected = rows.filter((row) => row.state === 'connected');
  return [...connected, ...rows.filter((row) => row.state !== 'connected')];
}

function matterOf(row: ServiceRow): Matter | undefined {
  return row.matter === null ? undefined : matterSchema.parse(JSON.parse(row.matter));
}

function sameMatter(a: Matter | undefined, b: Matter | undefined): boolean {
  return a?.code === b?.code && a?.name === b?.name && a?.label === b?.label;
}
