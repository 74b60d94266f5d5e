/** `pjq flags …`: ratings by phone that somebody should look at. */
import type { Command } from 'commander';
import { PjqError } from '../../protocol/index.js';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function flagCommands(program: Command): void {
  const flags = program
    .command('flags')
    .description('ratings by phone that somebody should look at; all of them count');
  flags
    .command('list')
    .description('flags that nobody has cleared, with the ratings that they are about')
    .option('--all', 'those that were cleared as well')
    .requiredOption(...CONFIG)
    .action(({ all, ...options }: { config: string; all?: boolean }) =>
      withHall(options, async ({ store }) => {
        const rows = await store.db
          .selectFrom('flag')
          .selectAll()
          .$if(all !== true, (open) => open.where('clearedAt', 'is', null))
          .orderBy('id')
          .execute();
        for (const { id, at, flag, subject, evidence, clearedAt } of rows)
          say(
            [id, new Date(at).toISOString(), clearedAt === null ? 'open' : 'cleared', flag, subject, evidence].join(
              '\t',
            ),
          );
      }),
    );
  flags
    .command('clear <id>')
    .description('it was looked at; what it is about stays as it is')
    .requiredOption(...CONFIG)
    .action((id: string, options: { config: string }) =>
      withHall(options, async ({ store }) => {
        const row = await store.db
          .updateTable('flag')
          .set({ clearedAt: systemClock.wallMs() })
          .where('id', '=', Number(id))
          .where('clearedAt', 'is', null)
          .returning('flag')
          .executeTakeFirst();
        if (row === undefined) throw new PjqError('request-malformed', `no open flag ${id}`);
        say(`flag ${id} (${row.flag}) cleared`);
      }),
    );
}
