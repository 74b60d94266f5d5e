/**
 * `pjq reasons …`: negative ratings that wait for a reason, because the centre takes none without. That a rating is on
 * this list tells that it is a negative one: it is for operators and those who call back, never for the counter.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { ReasonDesk } from '../services/reason-desk.js';
import { CONFIG, say, withHall } from './with-hall.js';

interface SupplyOptions {
  readonly config: string;
  readonly codes?: string;
  readonly textFile?: string;
}

const STANDARD_INPUT = 0;

export function reasonCommands(program: Command): void {
  const reasons = program
    .command('reasons')
    .description('ratings that the centre takes only with a reason (a list of negatives: not for the counter)');
  reasons
    .command('list')
    .description('those that wait: rating, service, window, since')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }) => {
        for (const row of await new ReasonDesk({ store, clock: systemClock }).list())
          say(`${row.ratingId}\t${row.serviceId}\t${row.window ?? '-'}\t${new Date(row.since).toISOString()}`);
      }),
    );
  reasons
    .command('supply <ratingId>')
    .description('what the evaluator said when called back; never what somebody thinks')
    .requiredOption(...CONFIG)
    .option('--codes <codes>', "reasons of the rating's level, joined by commas")
    // Words on the command line would stand in the shell's history.
    .option('--text-file <file>', 'their words, one line of at most 500 characters; - reads standard input')
    .action((ratingId: string, { config, codes, textFile }: SupplyOptions) =>
      withHall({ config }, async ({ store }) => {
        await new ReasonDesk({ store, clock: systemClock }).supply(ratingId, {
          ...(codes === undefined ? {} : { codes: codes.split(',').map((code) => code.trim()) }),
          ...(textFile === undefined ? {} : { text: readText(textFile) }),
        });
        say(`${ratingId} is on its way`);
      }),
    );
}

function readText(file: string): string {
  return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8').trim();
}
