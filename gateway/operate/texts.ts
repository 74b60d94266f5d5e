/**
 * `pjq texts …`: what evaluators wrote, to be looked at before it goes anywhere. What somebody writes may name people: it is
 * printed for whoever reviews it, and stands in no log line. Which level it came with is not told.
 */
import type { Command } from 'commander';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { reviewText, unreviewedTexts } from '../services/free-text.js';
import { BY, CONFIG, say, withHall } from './with-hall.js';

export function textCommands(program: Command): void {
  const texts = program.command('texts').description('what evaluators wrote, before it goes anywhere');
  texts
    .command('list')
    .description('texts that nobody has looked at: rating, since, and the words')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }) => {
        for (const { ratingId, at, text } of await unreviewedTexts(store.db))
          say(`${ratingId}\t${new Date(at).toISOString()}\t${text}`);
      }),
    );
  texts
    .command('pass <ratingId>')
    .description('it may go to the centre, with its rating if that has not left yet')
    .requiredOption(...CONFIG)
    .requiredOption(...BY)
    .action((ratingId: string, { config, by }: { config: string; by: string }) =>
      withHall({ config }, async ({ store }) => {
        const review = { passed: true, by, nowMs: systemClock.wallMs() };
        const passed = await store.db.transaction().execute((trx) => reviewText(trx, store, ratingId, review));
        say(passed ? `${ratingId} has passed` : `nothing of ${ratingId} waits for a review`);
      }),
    );
}
