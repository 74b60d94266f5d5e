/** A hall's folder with many services whose days are over, as rows: what made them is not looked at here. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayConfigurationSchema, type GatewayConfiguration } from '../../gateway/configuration.js';
import { openHall } from '../../gateway/open-hall.js';
import { BLANK_SERVICE } from '../../gateway/store/blank-rows.js';
import { insertMany } from '../../gateway/store/bulk.js';
import type { ServiceTable } from '../../gateway/store/schema.js';
import type { Store } from '../../gateway/store/store.js';

const DAY_MS = 24 * 3_600_000;

export interface OldHall {
  /** Its configuration file. */
  readonly file: string;
  readonly config: GatewayConfiguration;
}

/** Writes a configuration for a hall in `folder`, with the shipped policy. */
export function configure(folder: string, changes: Record<string, unknown> = {}): OldHall {
  const policyFile = join(folder, 'policy.yaml');
  copyFileSync(new URL('../../gateway/policies/default.yaml', import.meta.url), policyFile);
  writeFileSync(join(folder, 'secret'), 'a-secret-for-tests-only');
  const said = {
    hall: 'demo',
    gateway: 'gw',
    dataDir: join(folder, 'data'),
    policyFile,
    http: { port: 0, secretFile: join(folder, 'secret') },
    centre: { url: 'http://127.0.0.1:7400', secretFile: join(folder, 'secret') },
    mqtt: { url: 'mqtt://127.0.0.1:1883' },
    ...changes,
  };
  const file = join(folder, 'gateway.json');
  writeFileSync(file, JSON.stringify(said));
  return { file, config: gatewayConfigurationSchema.parse(said) };
}

const COLUMNS = [
  'serviceId',
  'terminal',
  'caseNo',
  'stage',
  'matter',
  'window',
  'staffNo',
  'state',
  'origin',
  'openedAt',
  'closedAt',
  'endCause',
  'closedSeenAt',
  'ratingId',
  'requestedAt',
  'validUntil',
  'daysFrom',
] as const satisfies readonly (keyof ServiceTable)[];

/** Puts `total` services into the store that ended unrated, each some time in the month before the last ten days. */
export async function addOldServices(store: Store, total: number, nowMs: number): Promise<void> {
  const each = (n: number): ServiceTable => {
    const at = nowMs - 10 * DAY_MS - Math.floor((n / total) * 30 * DAY_MS);
    return {
      serviceId: `old-${String(n).padStart(7, '0')}-${((n * 2_654_435_761) % 4_294_967_296).toString(16)}`,
      terminal: `window-${String((n % 60) + 1).padStart(3, '0')}`,
      caseNo: `20260921${String(n).padStart(8, '0')}`,
      stage: 'completion',
      matter: null,
      window: String((n % 60) + 1),
      staffNo: '1024',
      state: 'closed',
      origin: 'command',
      openedAt: at,
      closedAt: at + 60_000,
      endCause: 'time-over',
      closedSeenAt: at + 61_000,
      ratingId: null,
      requestedAt: at,
      validUntil: at + 30_000,
      ...BLANK_SERVICE,
      daysFrom: at,
    };
  };
  const step = 5_000;
  for (let from = 0; from < total; from += step)
    await store.db.transaction().execute((trx) => {
      const rows = Array.from({ length: Math.min(step, total - from) }, (_, n) => each(from + n));
      return insertMany(
        trx,
        'service',
        COLUMNS,
        rows.map((row) => COLUMNS.map((column) => row[column])),
      );
    });
}

/** Makes the hall's store with `total` such services in it. */
export async function makeOldHall(folder: string, total: number): Promise<OldHall> {
  const hall = configure(folder);
  const { store } = await openHall(hall.config);
  await addOldServices(store, total, Date.now());
  await store.close();
  return hall;
}
