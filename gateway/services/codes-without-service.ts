/** Receipts' codes that were used, and whose service no log has told of: a terminal is cut off, or its key is known to others. */
import { Gauge, type Registry } from 'prom-client';
import type { Db } from '../store/store.js';

export interface CodeWithoutService {
  /** The name under which its acts stand. */
  readonly serviceId: string;
  readonly terminal: string;
  /** Of its terminal, as it is registered now; null where it is not any more. */
  readonly window: string | null;
  /** yyyy-mm-dd, of the code. */
  readonly day: string;
  /** When it was first used, ms since 1970. */
  readonly at: number;
}

/** Those that have waited the longest first. */
export function codesWithoutService(db: Db): Promise<CodeWithoutService[]> {
  return db
    .selectFrom('provisional')
    .leftJoin('terminal', 'terminal.terminal', 'provisional.terminal')
    .select(['serviceId', 'provisional.terminal', 'window', 'day', 'at'])
    .where('resolvedTo', 'is', null)
    .orderBy('at')
    .orderBy('serviceId')
    .execute();
}

export function addCodeMetric(registry: Registry, db: Db): void {
  new Gauge({
    name: 'pjq_codes_without_service',
    help: "Receipts' codes that were used and whose service no log has told of yet; their ratings are not forwarded.",
    registers: [registry],
    async collect() {
      const { total } = await db
        .selectFrom('provisional')
        .select((e) => e.fn.countAll<number>().as('total'))
        .where('resolvedTo', 'is', null)
        .executeTakeFirstOrThrow();
      this.set(total);
    },
  });
}
