/** `pjq sms …`: who wants no messages. Numbers come by standard input: what is on a command line others can see. */
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { PjqError } from '../../protocol/index.js';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { evaluatorSchema } from '../core/evaluator.js';
import { openSafe } from '../evaluator/open-safe.js';
import { OptOuts } from '../reminders/opt-out.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function smsCommands(program: Command): void {
  const sms = program.command('sms').description('messages to those who have not rated');
  sms
    .command('opt-out')
    .description('numbers that get no messages, from standard input, one a line')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withNumbers(options, 'get no messages', (optOuts, phone) => optOuts.add(phone)),
    );
  sms
    .command('opt-in')
    .description('numbers that may get messages again, from standard input, one a line')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withNumbers(options, 'may get messages again', (optOuts, phone) => optOuts.remove(phone)),
    );
}

function withNumbers(
  options: { config: string },
  what: string,
  keep: (optOuts: OptOuts, phone: string) => Promise<void>,
): Promise<void> {
  return withHall(options, async ({ store }, config) => {
    const safe = await openSafe(config, store, systemClock);
    if (safe === undefined) throw new PjqError('config-invalid', '\nevaluator: is needed (got nothing)');
    const optOuts = new OptOuts({ db: store.db, clock: systemClock, digestOf: (phone) => safe.phoneDigest(phone) });
    const phones = await readNumbers();
    for (const phone of phones) await keep(optOuts, phone);
    say(`${phones.length} numbers ${what}`);
  });
}

/** All are looked at before anything is kept. @throws PjqError `request-malformed`, which tells the line and not the number. */
async function readNumbers(): Promise<string[]> {
  if (process.stdin.isTTY) process.stderr.write('one number a line, then Ctrl-D\n');
  const phones: string[] = [];
  let line = 0;
  for await (const text of createInterface({ input: process.stdin })) {
    line += 1;
    const phone = text.replaceAll(/[\s-]/g, '');
    if (phone === '') continue;
    if (!evaluatorSchema.safeParse({ phone }).success)
      throw new PjqError('request-malformed', `line ${line} is not a phone number`);
    phones.push(phone);
  }
  return phones;
}
