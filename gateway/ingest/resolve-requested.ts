/**
 * Services that are there by another way than an entry that is projected, when acts by their receipts' codes were here
 * before: the business system told of them, or an older version of this program took their entries.
 */
import { serviceReferenceOf, type Suite } from '../../protocol/index.js';
import type { Db, Trx } from '../store/store.js';
import type { ProjectRules } from './placed.js';
import { resolveProvisional } from './project-provisional.js';
import { Projection } from './projection.js';

const NONE: ReadonlySet<string> = new Set();

/**
 * Gives a service that was just recorded what stood under its code's name. To be called in the transaction of its
 * record; where nothing waits it costs one look at an empty index.
 */
export async function resolveRequested(
  trx: Trx,
  { suite, rules }: { readonly suite: Suite; readonly rules: ProjectRules | undefined },
  { serviceId, terminal }: { readonly serviceId: string; readonly terminal: string },
): Promise<void> {
  const referenceOf = (id: string) => serviceReferenceOf(suite, id);
  const projection = new Projection();
  await projection.loadWaiting(trx, [[serviceId, terminal]], referenceOf);
  if (projection.provisionals.waitingIds.length === 0) return;
  const parts = new Map<string, never>();
  const acts = new Set([serviceId]);
  await projection.load(trx, {
    services: acts,
    acts,
    presses: NONE,
    duties: NONE,
    parts,
    openings: new Map<string, string>(),
    referenceOf,
  });
  resolveProvisional(projection, { rules }, { serviceId, terminal, reference: referenceOf(serviceId) });
  await projection.write(trx);
}

/** At the start: codes whose service was told of while nobody looked (an update was rolled back for a while). */
export async function resolveOverlooked(
  db: Db,
  parts: { readonly suite: Suite; readonly rules: ProjectRules | undefined },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('provisional')
      .innerJoin('service', (join) =>
        join
          .onRef('service.reference', '=', 'provisional.reference')
          .onRef('service.terminal', '=', 'provisional.terminal'),
      )
      .select(['service.serviceId', 'service.terminal'])
      .where('resolvedTo', 'is', null)
      .orderBy('service.serviceId')
      .execute();
    for (const row of rows) await resolveRequested(trx, parts, row);
  });
}
