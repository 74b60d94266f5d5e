/** `pjq terminal …`: the registry of terminals and their log keys. */
import type { Command } from 'commander';
import { givenReceiptKey, receiptKeyCommands, receiptKeyDesk } from './receipt-key.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function terminalCommands(program: Command): void {
  const terminal = program.command('terminal').description('the registry of terminals');
  terminal
    .command('add <name>')
    .description('register a terminal with its log key')
    .requiredOption('--window <window>', 'the window it stands at')
    .requiredOption('--public-key <key>', 'as its `key` command prints it')
    .option('--receipt-key', 'take the line of its `receipt-key` command as well, from standard input')
    .requiredOption(...CONFIG)
    .action((name: string, options: { window: string; publicKey: string; receiptKey?: boolean; config: string }) => {
      const receiptKey = options.receiptKey === true ? givenReceiptKey() : undefined;
      return withHall(options, async (hall, config) => {
        const { keyId } = await hall.registry.addTerminal(name, options.window, options.publicKey);
        say(`terminal ${name} at window ${options.window}, key ${keyId}`);
        if (receiptKey !== undefined) await receiptKeyDesk(hall, config).add(name, receiptKey);
      });
    });
  terminal
    .command('list')
    .description('registered terminals')
    .option('--json', 'as JSON')
    .requiredOption(...CONFIG)
    .action((options: { json?: boolean; config: string }) =>
      withHall(options, async ({ registry }) => {
        const rows = (await registry.terminals()).map(({ terminal: name, window, state, duty }) => ({
          terminal: name,
          window,
          state,
          duty,
        }));
        say(
          options.json === true
            ? JSON.stringify(rows)
            : rows.map((row) => `${row.terminal}\twindow ${row.window}\t${row.state}`).join('\n'),
        );
      }),
    );
  keyCommands(terminal);
  receiptKeyCommands(terminal);
}

function keyCommands(terminal: Command): void {
  const key = terminal.command('key').description('log keys of terminals');
  key
    .command('add <name>')
    .description('give a terminal a further key')
    .requiredOption('--public-key <key>', 'raw Ed25519, base64url')
    .requiredOption(...CONFIG)
    .action((name: string, options: { publicKey: string; config: string }) =>
      withHall(options, async ({ registry }) => {
        say(`key ${(await registry.addKey(name, options.publicKey)).keyId}`);
      }),
    );
  key
    .command('revoke <keyId>')
    .description('take nothing more that is signed with this key')
    .requiredOption(...CONFIG)
    .action((keyId: string, options: { config: string }) =>
      withHall(options, async ({ registry }) => {
        await registry.revokeKey(keyId);
        say(`key ${keyId} revoked`);
      }),
    );
}
