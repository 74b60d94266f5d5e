/** How many negative ratings wait for a reason. */
import { Gauge, type Registry } from 'prom-client';
import { hallDayStartMs, type Clock } from '../../protocol/index.js';
import { AWAITING_REASON } from '../store/forward-places.js';
import type { Db } from '../store/store.js';

/**
 * Told a day late: a figure that moves with a press would tell whoever reads it that the press was a negative one (I6).
 */
export function addReasonMetric(
  registry: Registry,
  { db, clock, timeZone }: { readonly db: Db; readonly clock: Pick<Clock, 'wallMs'>; readonly timeZone: string },
): void {
  new Gauge({
    name: 'pjq_awaiting_reason',
    help: 'Ratings that have waited for a reason since before today, because the centre takes none without.',
    registers: [registry],
    async collect() {
      const { total } = await db
        .selectFrom('forward')
        .select((e) => e.fn.countAll<number>().as('total'))
        .where(AWAITING_REASON)
        .where('nextAt', '<', hallDayStartMs(clock.wallMs(), timeZone))
        .executeTakeFirstOrThrow();
      this.set(total);
    },
  });
}
