/**
 * What the gateway's own entries did to its tables when they were written: the desk, the forwarder and the linking of
 * batches wrote entry and row together, so a rebuild does both again.
 */
import { parseEntry, readBody, serviceReferenceOf, type Suite } from '../../protocol/index.js';
import { resolveRequested } from '../ingest/resolve-requested.js';
import type { ProjectRules } from '../ingest/placed.js';
import { keepCleared, keepFlag } from '../misuse/flag-book.js';
import { keepList } from '../reasons/reason-lists.js';
import { keepReminder } from '../reminders/reminder-book.js';
import { settleText } from '../services/free-text.js';
import { moreColumns } from '../services/service-more.js';
import { BLANK_SERVICE } from '../store/blank-rows.js';
import type { Trx } from '../store/store.js';

export interface OwnEntry {
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly receivedAt: number;
}

/** Kinds that are carried out here; the others by `projectEntries`. */
const OWN_KINDS = [
  'terminal.added',
  'key.revoked',
  'service.requested',
  'service.closed',
  'reason.supplied',
  'reminder.sent',
  'flag.raised',
  'flag.cleared',
  'text.settled',
  'centre.answered',
  'log.fork',
  'reason-list.adopted',
] as const;
type OwnKind = (typeof OWN_KINDS)[number];

export function isOwnMeaning(kind: string): kind is OwnKind {
  return (OWN_KINDS as readonly string[]).includes(kind);
}

/** @throws PjqError when the entry cannot be read. */
export async function carryOutOwn(
  trx: Trx,
  { suite, rules }: { readonly suite: Suite; readonly rules: ProjectRules | undefined },
  kind: OwnKind,
  own: OwnEntry,
): Promise<void> {
  const entry = parseEntry(suite, own.bytes);
  switch (kind) {
    case 'terminal.added':
      return register(trx, own.receivedAt, readBody(entry, kind));
    case 'key.revoked': {
      const { keyId } = readBody(entry, kind);
      await trx
        .updateTable('terminalKey')
        .set({ revokedAt: own.receivedAt })
        .where('keyId', '=', keyId)
        .where('revokedAt', 'is', null)
        .execute();
      return;
    }
    case 'service.requested': {
      const body = readBody(entry, kind);
      await request(trx, suite, own.receivedAt, body);
      return resolveRequested(trx, { suite, rules }, body);
    }
    case 'service.closed': {
      const { serviceId, cause } = readBody(entry, kind);
      await trx
        .updateTable('service')
        .set({ state: 'closed', endCause: cause, closedAt: entry.at, closedSeenAt: own.receivedAt })
        .where('serviceId', '=', serviceId)
        .where('state', '<>', 'closed')
        .execute();
      if (cause === 'cancelled')
        await trx
          .updateTable('service')
          .set({ takenBackAt: own.receivedAt })
          .where('serviceId', '=', serviceId)
          .where('takenBackAt', 'is', null)
          .execute();
      return;
    }
    case 'reason.supplied': {
      const { ratingId, ...supplied } = readBody(entry, kind);
      await trx
        .updateTable('forward')
        .set({ supplied: JSON.stringify(supplied) })
        .where('ratingId', '=', ratingId)
        .execute();
      return;
    }
    case 'reminder.sent':
      return keepReminder(trx, own.receivedAt, readBody(entry, kind));
    case 'flag.raised':
      return keepFlag(trx, own.receivedAt, readBody(entry, kind));
    case 'flag.cleared':
      return keepCleared(trx, own.receivedAt, readBody(entry, kind));
    case 'text.settled':
      return settleText(trx, readBody(entry, kind));
    case 'centre.answered': {
      const { ratingId, outcome } = readBody(entry, kind);
      const done = outcome === 'accepted' || outcome === 'already';
      await answeredAfterAll(trx, ratingId);
      await trx
        .updateTable('forward')
        .set({
          state: done ? 'delivered' : outcome,
          lastCode: done ? null : outcome === 'conflict' ? 'centre-conflict' : 'centre-refused',
          deliveredAt: done ? own.receivedAt : null,
        })
        .where('ratingId', '=', ratingId)
        .execute();
      return;
    }
    case 'reason-list.adopted': {
      const { list, reasons } = readBody(entry, kind);
      return keepList(trx, { id: list, reasons }, own.receivedAt);
    }
    case 'log.fork': {
      const { source, epoch, code } = readBody(entry, kind);
      await trx
        .updateTable('epoch')
        .set({ stopped: code })
        .where('source', '=', source)
        .where('epoch', '=', epoch)
        .execute();
      return;
    }
  }
}

/**
 * The centre answered for a rating whose place was withdrawn here: it had left already when another act took its place,
 * which no entry tells. The one that counts then corrects it, as it did before.
 */
export async function answeredAfterAll(trx: Trx, ratingId: string): Promise<void> {
  const row = await trx
    .selectFrom('forward')
    .innerJoin('aside', 'aside.ratingId', 'forward.ratingId')
    .innerJoin('service', 'service.serviceId', 'aside.serviceId')
    .select('service.ratingId as standing')
    .where('forward.ratingId', '=', ratingId)
    .where('forward.state', '=', 'withdrawn')
    .executeTakeFirst();
  if (row?.standing == null) return;
  await trx
    .updateTable('forward')
    .set({ corrects: ratingId })
    .where('ratingId', '=', row.standing)
    .where('state', 'in', ['waiting', 'held', 'awaiting-reason'])
    .execute();
}

/** A terminal whose row could not be read comes back; one whose row could be has the window that it was given last. */
async function register(
  trx: Trx,
  addedAt: number,
  { terminal, window }: ReturnType<typeof readBody<'terminal.added'>>,
): Promise<void> {
  await trx
    .insertInto('terminal')
    .values({ terminal, window, addedAt, state: 'lost', stateAt: addedAt, session: null, duty: null, health: null })
    .onConflict((c) => c.column('terminal').doUpdateSet({ window }))
    .execute();
}

async function request(
  trx: Trx,
  suite: Suite,
  requestedAt: number,
  body: ReturnType<typeof readBody<'service.requested'>>,
): Promise<void> {
  const { serviceId, terminal, caseNo, stage, matter, validUntil, more } = body;
  const at = await trx.selectFrom('terminal').select('window').where('terminal', '=', terminal).executeTakeFirst();
  await trx
    .insertInto('service')
    .values({
      serviceId,
      terminal,
      window: at?.window ?? null,
      caseNo,
      stage,
      matter: matter === undefined ? null : JSON.stringify(matter),
      staffNo: null,
      state: 'requested',
      origin: 'command',
      openedAt: null,
      closedAt: null,
      endCause: null,
      closedSeenAt: null,
      ratingId: null,
      requestedAt,
      validUntil,
      ...BLANK_SERVICE,
      ...moreColumns(more),
      daysFrom: requestedAt,
      reference: serviceReferenceOf(suite, serviceId),
    })
    .onConflict((c) => c.column('serviceId').doUpdateSet({ validUntil }))
    .execute();
}
