/** `pjq quarantine …`: entries whose meaning was set aside. */
import type { Command } from 'commander';
import { PjqError } from '../../protocol/index.js';
import { nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { retryQuarantine } from '../ingest/quarantine.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function quarantineCommands(program: Command): void {
  const quarantine = program.command('quarantine').description('entries whose meaning was set aside');
  quarantine
    .command('list')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }) => {
        const rows = await store.db
          .selectFrom('quarantine')
          .innerJoin('entry', 'entry.id', 'entryId')
          .innerJoin('epoch', 'epoch.id', 'epochId')
          .select(['source', 'epoch.epoch', 'seq', 'kind', 'code', 'detail'])
          .where('resolvedAt', 'is', null)
          .orderBy('quarantine.id')
          .execute();
        for (const row of rows) say(`${row.source} ${row.epoch} ${row.seq}\t${row.kind}\t${row.code}\t${row.detail}`);
      }),
    );
  quarantine
    .command('retry')
    .description('project them again')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }, { policyFile }) => {
        const { policy: rules } = readPolicy(policyFile);
        const { tried, resolved } = await retryQuarantine({ store, suite: nodeSuite, clock: systemClock, rules });
        say(`${tried} tried, ${resolved} resolved`);
      }),
    );
  quarantine
    .command('dismiss <source> <epoch> <seq>')
    .description('it was looked at and nothing is to be done: it waits no longer, and may go with its retention')
    .requiredOption(...CONFIG)
    .action((source: string, epoch: string, seq: string, options: { config: string }) =>
      withHall(options, async ({ store }) => {
        const row = await store.db
          .updateTable('quarantine')
          .set({ resolvedAt: systemClock.wallMs() })
          .where('resolvedAt', 'is', null)
          .where('entryId', 'in', (e) =>
            e
              .selectFrom('entry')
              .innerJoin('epoch', 'epoch.id', 'epochId')
              .select('entry.id')
              .where('source', '=', source)
              .where('epoch.epoch', '=', epoch)
              .where('seq', '=', Number(seq)),
          )
          .returning('code')
          .executeTakeFirst();
        if (row === undefined) throw new PjqError('request-malformed', `nothing of ${source} ${epoch} ${seq} waits`);
        say(`${source} ${epoch} ${seq} (${row.code}) dismissed`);
      }),
    );
}
