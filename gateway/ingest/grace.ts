/**
 * Closes what a terminal left open for ever: after the policy's grace time the last press that is here is the
 * rating, with the place of that press as its provenance. The entry is the gateway's own.
 */
import type { Clock, Level, Mark, Suite } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import type { Store } from '../store/store.js';
import { projectEntries, type ProjectRules } from './project-entries.js';

export interface GraceParts {
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly ownSource: string;
  readonly logger: Logger;
  readonly onClosed: () => void;
  readonly rules?: ProjectRules | undefined;
}

/** How many services one round closes. */
const ROUND = 100;

/** Closes services whose last press came longer ago than the grace time. @returns how many. */
export async function closeAbandoned(parts: GraceParts): Promise<number> {
  const { store, suite, clock, graceMs, ownSource, rules } = parts;
  const closed = await store.db.transaction().execute(async (trx) => {
    const nowMs = clock.wallMs();
    const rows = await trx
      .selectFrom('service')
      .innerJoin('press', 'press.pressId', 'service.lastPressId')
      .innerJoin('entry', 'entry.id', 'press.entryId')
      .innerJoin('epoch', 'epoch.id', 'entry.epochId')
      .select([
        'service.serviceId',
        'pressId',
        'level',
        'press.reasons',
        'press.marks',
        'source',
        'epoch.epoch',
        'entry.seq',
        'press.entryId',
      ])
      .where('service.state', '<>', 'closed')
      .where('press.receivedAt', '<', nowMs - graceMs)
      .orderBy('press.entryId')
      .limit(ROUND)
      .execute();
    for (const row of rows) {
      const { entryId, epoch, seq, bytes } = await store.own.append(trx, 'rating', {
        id: row.pressId,
        serviceId: row.serviceId,
        level: row.level as Level,
        cause: 'grace',
        ...(row.reasons === null ? {} : { reasons: JSON.parse(row.reasons) as string[] }),
        ...(row.marks === null ? {} : { marks: JSON.parse(row.marks) as Mark[] }),
        provenance: { source: row.source, epoch: row.epoch, seq: row.seq },
      });
      await projectEntries(trx, { suite, nowMs, rules }, [{ entryId, source: ownSource, epoch, seq, bytes }]);
    }
    return rows.length;
  });
  if (closed > 0) {
    parts.logger.warn({ closed }, 'abandoned services closed with their last press');
    parts.onClosed();
  }
  return closed;
}
