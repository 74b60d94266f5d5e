/** The gateway's figures for a monitoring system. No label holds a service, a case, a person or a level. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Db } from './store/store.js';

export interface GatewayMetrics {
  readonly registry: Registry;
  readonly entries: Counter;
  readonly quarantined: Counter<'code'>;
}

export function createMetrics(db: Db): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const total = async (query: Promise<{ total: number }>) => (await query).total;
  new Gauge({
    name: 'pjq_terminals_connected',
    help: 'Terminals that are connected.',
    registers,
    async collect() {
      this.set(
        await total(
          db
            .selectFrom('terminal')
            .select((e) => e.fn.countAll<number>().as('total'))
            .where('state', '=', 'connected')
            .executeTakeFirstOrThrow(),
        ),
      );
    },
  });
  new Gauge({
    name: 'pjq_alarms',
    help: 'Alarms that nobody has cleared.',
    registers,
    async collect() {
      this.set(
        await total(
          db
            .selectFrom('alarm')
            .select((e) => e.fn.countAll<number>().as('total'))
            .where('clearedAt', 'is', null)
            .executeTakeFirstOrThrow(),
        ),
      );
    },
  });
  return {
    registry,
    entries: new Counter({ name: 'pjq_entries_total', help: 'Entries of terminals that entered the log.', registers }),
    quarantined: new Counter({
      name: 'pjq_quarantined_total',
      help: 'Entries whose meaning was set aside.',
      labelNames: ['code'],
      registers,
    }),
  };
}
