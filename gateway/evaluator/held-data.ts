/** What is held of a person, for the answer to the person's own request: levels and texts are theirs. */
import { PjqError, type Level } from '../../protocol/index.js';
import type { Evaluator } from '../core/evaluator.js';
import type { Store, Trx } from '../store/store.js';
import type { EvaluatorSafe } from './evaluator-safe.js';

export interface HeldRating {
  readonly ratingId: string;
  readonly level: Level;
  readonly channel: string;
  /** ISO 8601, as the terminal's clock had it. */
  readonly at: string;
  readonly reasons: readonly string[];
  /** The evaluator's own words, and what a callback brought. */
  readonly texts: readonly string[];
  /** Why it does not count; `null` for the one that does. */
  readonly keptAside: string | null;
}

export interface HeldService {
  readonly serviceId: string;
  readonly caseNo: string;
  readonly stage: string;
  readonly window: string | null;
  readonly requestedAt: string;
  readonly evaluator: Evaluator | null;
  readonly ratings: readonly HeldRating[];
  /** Messages that were sent, or not. */
  readonly messages: readonly { readonly purpose: string; readonly outcome: string; readonly at: string }[];
}

/**
 * Reads everything of these services, with an entry for each that says why and by whom it was seen; what is answered
 * is committed before.
 * @throws PjqError `service-unknown`, `purpose-personal`, `evaluator-key-missing`, `evaluator-damaged`.
 */
export async function heldData(
  store: Store,
  safe: EvaluatorSafe,
  serviceIds: readonly string[],
  audit: { readonly purpose: string; readonly by: string },
): Promise<HeldService[]> {
  const held: HeldService[] = [];
  for (const serviceId of serviceIds)
    held.push(await store.db.transaction().execute((trx) => heldOf(trx, store, safe, serviceId, audit)));
  return held;
}

async function heldOf(
  trx: Trx,
  { own }: Store,
  safe: EvaluatorSafe,
  serviceId: string,
  { purpose, by }: { readonly purpose: string; readonly by: string },
): Promise<HeldService> {
  const service = await trx
    .selectFrom('service')
    .select(['serviceId', 'caseNo', 'stage', 'window', 'requestedAt'])
    .where('serviceId', '=', serviceId)
    .executeTakeFirst();
  if (service === undefined) throw new PjqError('service-unknown');
  const evaluator = await safe.seenIn(trx, serviceId, purpose, by);
  // Levels are seen as well: also of a service whose evaluator is not known, or not any more.
  if (evaluator === null) await own.append(trx, 'evaluator.seen', { serviceId, purpose, by });
  const messages = await trx
    .selectFrom('reminder')
    .select(['purpose', 'outcome', 'at'])
    .where('serviceId', '=', serviceId)
    .orderBy('at')
    .execute();
  return {
    ...service,
    requestedAt: iso(service.requestedAt),
    evaluator,
    ratings: await ratingsOf(trx, serviceId),
    messages: messages.map((one) => ({ ...one, at: iso(one.at) })),
  };
}

async function ratingsOf(trx: Trx, serviceId: string): Promise<HeldRating[]> {
  const counting = await trx
    .selectFrom('rating')
    .leftJoin('press', 'press.pressId', 'rating.ratingId')
    .select(['ratingId', 'rating.level', 'channel', 'rating.at', 'rating.reasons', 'press.reasons as pressReasons'])
    .where('rating.serviceId', '=', serviceId)
    .execute();
  const aside = await trx
    .selectFrom('aside')
    .leftJoin('press', 'press.pressId', 'aside.ratingId')
    .select(['ratingId', 'aside.level', 'channel', 'aside.at', 'aside.reasons', 'press.reasons as pressReasons'])
    .select('code')
    .where('aside.serviceId', '=', serviceId)
    .execute();
  const all = [...counting.map((row) => ({ ...row, code: null })), ...aside];
  const texts = await textsOf(
    trx,
    all.map(({ ratingId }) => ratingId),
  );
  return all.map((row) => ({
    ratingId: row.ratingId,
    level: row.level as Level,
    channel: row.channel,
    at: iso(row.at),
    reasons: JSON.parse(row.reasons ?? row.pressReasons ?? '[]') as string[],
    texts: texts.filter(({ ratingId }) => ratingId === row.ratingId).flatMap(({ text }) => text ?? []),
    keptAside: row.code,
  }));
}

async function textsOf(trx: Trx, ratingIds: readonly string[]) {
  if (ratingIds.length === 0) return [];
  return trx.selectFrom('freeText').select(['ratingId', 'text']).where('ratingId', 'in', ratingIds).execute();
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
