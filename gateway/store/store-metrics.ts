/** The store's figures for a monitoring system. */
import { Gauge, type Registry } from 'prom-client';
import { databaseSpace } from './space.js';
import type { StoreCondition } from './store-health.js';
import type { Db } from './store.js';

/** `meta` key of the time of the last backup that was verified, ms since 1970. */
export const LAST_BACKUP = 'lastBackup';

export function addStoreMetrics(registry: Registry, db: Db, condition: () => StoreCondition): void {
  gauge(registry, 'pjq_database_bytes', 'Size of the database file, without its write-ahead log.', async () => {
    return (await databaseSpace(db)).fileBytes;
  });
  gauge(registry, 'pjq_database_free_bytes', 'Pages of the database file that are free to be used again.', async () => {
    return (await databaseSpace(db)).freeBytes;
  });
  gauge(registry, 'pjq_oldest_entry_timestamp_seconds', 'When the oldest entry that is kept arrived.', async () => {
    const row = await db.selectFrom('entry').select('receivedAt').orderBy('id').limit(1).executeTakeFirst();
    return (row?.receivedAt ?? NaN) / 1000;
  });
  gauge(registry, 'pjq_last_backup_timestamp_seconds', 'When a backup was last made and verified.', async () => {
    const row = await db.selectFrom('meta').select('value').where('key', '=', LAST_BACKUP).executeTakeFirst();
    return Number(row?.value ?? NaN) / 1000;
  });
  gauge(registry, 'pjq_store_sound', '1 while the database takes what it is given.', () => {
    return Promise.resolve(condition() === 'sound' ? 1 : 0);
  });
}

/** NaN where it is not known, as Prometheus has it; a database that cannot be read does not hide the other figures. */
function gauge(registry: Registry, name: string, help: string, read: () => Promise<number>): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.set(await read().catch(() => NaN));
    },
  });
}
