/** The acts by phone of a stretch of time, with who sent them, in the order of time. */
import { sql } from 'kysely';
import type { SeenAct } from '../core/misuse-rules.js';
import type { Db } from '../store/store.js';

/** Read at a time, so that no commit waits for it. */
const STRIDE = 200;

export async function seenActs(
  db: Db,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<SeenAct[]> {
  const acts: SeenAct[] = [];
  let after = { at: fromMs, ratingId: '' };
  for (;;) {
    const rows = await stride(db, after, untilMs);
    for (const { ratingId, serviceId, window, terminal, device, block, inHall, at } of rows)
      // An act that left no trace was refused after all.
      if (serviceId !== null)
        acts.push({
          ratingId,
          serviceId,
          window: window ?? '?',
          terminal: terminal ?? '?',
          device,
          block,
          inHall: inHall === 1,
          atMs: at,
        });
    const last = rows.at(-1);
    if (last === undefined || rows.length < STRIDE) return acts;
    after = { at: last.at, ratingId: last.ratingId };
  }
}

/** Whether an act counts or not, and whether its service is known yet or not. */
function stride(db: Db, after: { readonly at: number; readonly ratingId: string }, untilMs: number) {
  return db
    .selectFrom('sighting')
    .leftJoin('rating', 'rating.ratingId', 'sighting.ratingId')
    .leftJoin('aside', 'aside.ratingId', 'sighting.ratingId')
    .leftJoin('service', (join) =>
      join.on('service.serviceId', '=', sql<string>`coalesce("rating"."serviceId", "aside"."serviceId")`),
    )
    .select(['sighting.ratingId', 'device', 'block', 'inHall', 'sighting.at', 'service.window', 'service.terminal'])
    .select(sql<string | null>`coalesce("rating"."serviceId", "aside"."serviceId")`.as('serviceId'))
    .where((e) =>
      e.or([
        e('sighting.at', '>', after.at),
        e.and([e('sighting.at', '=', after.at), e('sighting.ratingId', '>', after.ratingId)]),
      ]),
    )
    .where('sighting.at', '>=', after.at)
    .where('sighting.at', '<', untilMs)
    .orderBy('sighting.at')
    .orderBy('sighting.ratingId')
    .limit(STRIDE)
    .execute();
}
