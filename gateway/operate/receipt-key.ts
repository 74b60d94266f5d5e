/** `pjq terminal receipt-key …`: the keys with which terminals make the codes of their slips. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { parseReceiptKeyLine, PjqError, type SharedReceiptKey } from '../../protocol/index.js';
import { nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import { ReceiptKeyDesk } from '../registry/receipt-key-desk.js';
import { RECEIPT_KEYS_FILE } from '../registry/receipt-key-file.js';
import { CONFIG, say, withHall, type OpenedHall } from './with-hall.js';

const STDIN = 0;

export function receiptKeyCommands(terminal: Command): void {
  const key = terminal.command('receipt-key').description("keys of the codes on the terminals' slips");
  for (const [name, what] of [
    ['add', 'take the key that `pjq-device receipt-key` prints, from standard input, beside those there are'],
    ['rotate', 'take the key that `pjq-device receipt-key --next` prints; those before are good for their days only'],
  ] as const)
    key
      .command(`${name} <name>`)
      .description(what)
      .requiredOption(...CONFIG)
      .action((terminalName: string, options: { config: string }) => {
        const shared = givenReceiptKey();
        return withDesk(options, async (desk) => {
          await desk[name](terminalName, shared);
          say(described(terminalName, shared));
          if (name === 'rotate') say('start the terminal again by tomorrow: it goes on with the key before until then');
        });
      });
  key
    .command('revoke <name>')
    .description('take no code any more that was made with this key; slips that are out are void')
    .addOption(new Option('--key <number>', 'number of the key').argParser(keyNumberOf).makeOptionMandatory())
    .requiredOption(...CONFIG)
    .action((terminalName: string, options: { key: number; config: string }) =>
      withDesk(options, async (desk) => {
        await desk.revoke(terminalName, options.key);
        say(`terminal ${terminalName}: receipt key ${options.key} revoked`);
      }),
    );
  key
    .command('list')
    .description('the receipt keys, by their digests; never the keys')
    .option('--json', 'as JSON')
    .requiredOption(...CONFIG)
    .action((options: { json?: boolean; config: string }) =>
      withDesk(options, (desk) => {
        const keys = desk.list();
        say(
          options.json === true
            ? JSON.stringify(keys)
            : keys
                .map(({ terminal: name, terminalNumber, keyNumber, state, since, digest }) =>
                  [
                    name,
                    `number ${terminalNumber}`,
                    `key ${keyNumber}`,
                    state,
                    new Date(since).toISOString(),
                    digest.slice(0, 12),
                  ].join('\t'),
                )
                .join('\n'),
        );
        return Promise.resolve();
      }),
    );
}

/**
 * The key on standard input. Not an argument: those can be read by every user of the machine, and stay in the shell's
 * history.
 * @throws PjqError `request-malformed`.
 */
export function givenReceiptKey(): SharedReceiptKey {
  return parseReceiptKeyLine(nodeSuite, readFileSync(STDIN, 'utf8'));
}

export function receiptKeyDesk({ store }: Pick<OpenedHall, 'store'>, { dataDir }: { dataDir: string }): ReceiptKeyDesk {
  return new ReceiptKeyDesk({ store, file: join(dataDir, RECEIPT_KEYS_FILE), suite: nodeSuite, clock: systemClock });
}

function withDesk(options: { config: string }, work: (desk: ReceiptKeyDesk) => Promise<void>): Promise<void> {
  return withHall(options, (hall, config) => work(receiptKeyDesk(hall, config)));
}

function described(terminal: string, { terminalNumber, keyNumber }: SharedReceiptKey): string {
  return `terminal ${terminal}, number ${terminalNumber}: receipt key ${keyNumber}`;
}

/** @throws PjqError `request-malformed`. */
function keyNumberOf(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new PjqError('request-malformed', 'The number of a key is from 0 to 255.');
  return Number(text);
}
