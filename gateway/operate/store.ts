/** `pjq store …`: the database. */
import { InvalidArgumentError, type Command } from 'commander';
import { createLogger } from '../../protocol/runtime/logging.js';
import { nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import { Retention } from '../retention/retention.js';
import { FirstAnswers } from '../services/first-answers.js';
import { CONFIG, say, withHall } from './with-hall.js';

/** @returns the group, to which further commands of the store are added. */
export function storeCommands(program: Command): Command {
  const store = program.command('store').description('the database');
  store
    .command('restored')
    .description('say that the database was restored from a backup: a new identity of a higher generation')
    .option(
      '--generation <n>',
      'the highest generation that a terminal claims (alarm claim-unproven), where the key was lost as well',
      wholeNumber,
      0,
    )
    .requiredOption(...CONFIG)
    .action((options: { config: string; generation: number }) =>
      withHall(options, async (hall) => {
        const identity = await hall.store.db
          .transaction()
          .execute((trx) => hall.store.own.restored(trx, 'said by the operator', options.generation));
        say(`store ${identity.storeId}, generation ${identity.generation}`);
      }),
    );
  store
    .command('prune')
    .description("let go of what is past the retention now, whatever the clock's past; it works beside the gateway")
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store: opened, signer }, { retention: rule, logLevel }) => {
        const parts = { store: opened, suite: nodeSuite, signer, clock: systemClock };
        const firstAnswers = new FirstAnswers(parts);
        const logger = createLogger('pjq', { level: logLevel });
        const { pruned, held } = await new Retention({ ...parts, firstAnswers, logger, rule }).prune();
        const kept = Object.entries(held).map(([by, chains]) => `${chains} by ${by}`);
        say(`${pruned} entries let go; chains that keep more: ${kept.join(', ') || 'none'}`);
      }),
    );
  return store;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}
