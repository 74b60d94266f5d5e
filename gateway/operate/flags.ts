/** `pjq flags …`: ratings by phone that somebody should look at. */
import type { Command } from 'commander';
import { clearFlag } from '../misuse/flag-book.js';
import { BY, CONFIG, say, withHall } from './with-hall.js';

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
    .requiredOption(...BY)
    .action((id: string, { config, by }: { config: string; by: string }) =>
      withHall({ config }, async ({ store }) => {
        say(`flag ${id} (${await clearFlag(store, Number(id), by)}) cleared`);
      }),
    );
}
