/**
 * What the gateway's own entries did to its tables when they were written: the desk, the forwarder and the linking of
 * batches wrote entry and row together, so a rebuild does both again.
 */
import { parseEntry, readBody, type Suite } from '../../protocol/index.js';
import type { Trx } from '../store/store.js';

export interface OwnEntry {
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly receivedAt: number;
}

/** Kinds that are carried out here; the others by `projectEntries`. */
const OWN_KINDS = ['service.requested', 'service.closed', 'centre.answered', 'log.fork'] as const;
type OwnKind = (typeof OWN_KINDS)[number];

export function isOwnMeaning(kind: string): kind is OwnKind {
  return (OWN_KINDS as readonly string[]).includes(kind);
}

/** @throws PjqError when the entry cannot be read. */
export async function carryOutOwn(trx: Trx, suite: Suite, kind: OwnKind, own: OwnEntry): Promise<void> {
  const entry = parseEntry(suite, own.bytes);
  switch (kind) {
    case 'service.requested':
      return request(trx, own.receivedAt, readBody(entry, kind));
    case 'service.closed': {
      const { serviceId, cause } = readBody(entry, kind);
      await trx
        .updateTable('service')
        .set({ state: 'closed', endCause: cause, closedAt: entry.at, closedSeenAt: own.receivedAt })
        .where('serviceId', '=', serviceId)
        .where('state', '<>', 'closed')
        .execute();
      return;
    }
    case 'centre.answered': {
      const { ratingId, outcome } = readBody(entry, kind);
      const done = outcome === 'accepted' || outcome === 'already';
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

async function request(
  trx: Trx,
  requestedAt: number,
  body: ReturnType<typeof readBody<'service.requested'>>,
): Promise<void> {
  const { serviceId, terminal, caseNo, stage, matter, validUntil } = body;
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
    })
    .onConflict((c) => c.column('serviceId').doUpdateSet({ validUntil }))
    .execute();
}
