/** `pjq days …`: services whose days are over. */
import type { Command } from 'commander';
import { createLogger } from '../../protocol/runtime/logging.js';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { Days } from '../days/days.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function daysCommands(program: Command): void {
  const days = program.command('days').description('services whose days are over');
  days
    .command('close')
    .description('close by default what is over by the clock as it is now, also when the clock has just jumped')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }, config) => {
        const { policy, policyId } = readPolicy(config.policyFile);
        const closed = await new Days({
          store,
          clock: systemClock,
          policy,
          policyId,
          logger: createLogger('pjq', { level: 'silent' }),
        }).closeNow();
        say(`${closed} services closed by default`);
      }),
    );
}
