/**
 * How ratings fare on their way to the centre, as figures. A centre that refuses bare negatives is not sent them: there,
 * a figure that moves with each delivery would tell whoever watches it beside a counter which presses those were (I6).
 * Then they are told of the days before today only; what needs a person at once is an alarm in any case.
 */
import { Counter, Gauge, type Registry } from 'prom-client';
import { hallDayStartMs, type Clock } from '../../protocol/index.js';
import type { CentreOutcome } from '../centre/centre-port.js';
import type { Db } from '../store/store.js';

export interface ForwardMetricsParts {
  readonly db: Db;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly timeZone: string;
  /** Whether what is delivered may tell a level. */
  readonly isDiscreet: boolean;
}

/** @returns what counts an outcome. */
export function addForwardMetrics(
  registry: Registry,
  { db, clock, timeZone, isDiscreet }: ForwardMetricsParts,
): (outcome: CentreOutcome['kind']) => void {
  const todayMs = () => hallDayStartMs(clock.wallMs(), timeZone);
  new Gauge({
    name: 'pjq_forward_waiting',
    help: `Ratings ${isDiscreet ? 'of before today ' : ''}that the centre does not have yet.`,
    registers: [registry],
    async collect() {
      this.set(await waiting(db, isDiscreet ? todayMs() : null));
    },
  });
  /** Of `day`, until it is over. */
  const today = { day: todayMs(), totals: new Map<CentreOutcome['kind'], number>() };
  const tellPast = () => {
    if (todayMs() === today.day) return;
    for (const [outcome, total] of today.totals) counter.inc({ outcome }, total);
    today.totals.clear();
    today.day = todayMs();
  };
  const counter = new Counter({
    name: 'pjq_forward_outcomes_total',
    help: `What deliveries to the centre came to${isDiscreet ? ', through yesterday' : ''}.`,
    labelNames: ['outcome'],
    registers: [registry],
    collect: tellPast,
  });
  return (outcome) => {
    if (!isDiscreet) return counter.inc({ outcome });
    tellPast();
    today.totals.set(outcome, (today.totals.get(outcome) ?? 0) + 1);
  };
}

async function waiting(db: Db, beforeMs: number | null): Promise<number> {
  const { total } = await db
    .selectFrom('forward')
    .select((e) => e.fn.countAll<number>().as('total'))
    .where('forward.state', '=', 'waiting')
    .$if(beforeMs !== null, (query) =>
      query.where('ratingId', 'in', (e) =>
        e
          .selectFrom('rating')
          .select('rating.ratingId')
          .whereRef('rating.ratingId', '=', 'forward.ratingId')
          .where('rating.at', '<', beforeMs ?? 0),
      ),
    )
    .executeTakeFirstOrThrow();
  return total;
}
