/** `pjq codes …`: receipts' codes that were used before any log told of their service. No level is said. */
import type { Command } from 'commander';
import { codesWithoutService } from '../services/codes-without-service.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function codesCommands(program: Command): void {
  program
    .command('codes')
    .description("receipts' codes that were used")
    .command('waiting')
    .description('those whose service no log has told of: name, terminal, window, day of the code, first used at')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }) => {
        for (const { serviceId, terminal, window, day, at } of await codesWithoutService(store.db))
          say(`${serviceId}\t${terminal}\t${window ?? '-'}\t${day}\t${new Date(at).toISOString()}`);
      }),
    );
}
