/** `pjq alarm …`: what waits for the operator. */
import type { Command } from 'commander';
import { PjqError } from '../../protocol/index.js';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function alarmCommands(program: Command): void {
  const alarm = program.command('alarm').description('what waits for the operator');
  alarm
    .command('list')
    .description('alarms that nobody has cleared')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }) => {
        const rows = await store.db
          .selectFrom('alarm')
          .selectAll()
          .where('clearedAt', 'is', null)
          .orderBy('id')
          .execute();
        for (const row of rows)
          say(`${row.id}\t${new Date(row.at).toISOString()}\t${row.code}\t${row.subject}\t${row.detail}`);
      }),
    );
  alarm
    .command('clear <id>')
    .description('it was dealt with')
    .requiredOption(...CONFIG)
    .action((id: string, options: { config: string }) =>
      withHall(options, async ({ store }) => {
        const row = await store.db
          .updateTable('alarm')
          .set({ clearedAt: systemClock.wallMs() })
          .where('id', '=', Number(id))
          .where('clearedAt', 'is', null)
          .returning('code')
          .executeTakeFirst();
        if (row === undefined) throw new PjqError('request-malformed', `no standing alarm ${id}`);
        say(`alarm ${id} (${row.code}) cleared`);
      }),
    );
}
