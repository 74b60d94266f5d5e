/** `pjq backup`: a copy of the database that is proven to be whole. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import { backupDatabase } from '../backup/backup.js';
import { LAST_BACKUP } from '../store/store-metrics.js';
import { DATABASE_FILE } from '../store/store.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function backupCommands(program: Command): void {
  program
    .command('backup <file>')
    .description('copy the database while the gateway runs, and verify the copy; the key file is not in it')
    .requiredOption(...CONFIG)
    .action((file: string, options: { config: string }) =>
      withHall(options, async ({ store, publicKey }, { dataDir }) => {
        const at = String(systemClock.wallMs());
        const { bytes, chains, entries } = backupDatabase(join(dataDir, DATABASE_FILE), file, {
          suite: nodeSuite,
          publicKey,
        });
        say(`${file}: ${bytes} bytes, verified: ${chains} chains, ${entries} entries`);
        await store.db
          .insertInto('meta')
          .values({ key: LAST_BACKUP, value: at })
          .onConflict((c) => c.column('key').doUpdateSet({ value: at }))
          .execute();
      }),
    );
}
