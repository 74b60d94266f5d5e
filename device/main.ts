/** The terminal's program: `run` (the default), and what an installer asks of it. */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { readConfiguration } from '../protocol/runtime/configuration.js';
import { PjqError, receiptKeyLine, verifyReceiptToken } from '../protocol/index.js';
import { openLogKey } from '../protocol/runtime/log-key.js';
import { createLogger } from '../protocol/runtime/logging.js';
import { nodeSuite } from '../protocol/runtime/node-suite.js';
import { runProgram } from '../protocol/runtime/program.js';
import { VERSION } from '../protocol/runtime/version.js';
import { deviceConfigurationSchema, type DeviceConfiguration } from './configuration.js';
import { readSecret } from './local/boot-secret.js';
import { isPin, pinHash } from './local/pin.js';
import { nextReceiptKey, openReceiptKey, RECEIPT_KEY_FILE } from './receipt/receipt-key.js';
import { LOG_KEY_FILE } from './log-key-file.js';

const program = new Command('pjq-device').version(VERSION).description('pjq (评价器): the terminal on the counter');

program
  .command('run', { isDefault: true })
  .description('run the terminal')
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((options: { config: string }) =>
    runProgram(async () => {
      const config = readConfiguration(options.config, deviceConfigurationSchema);
      // The other commands are done before all of it would be read.
      const { startTerminal } = await import('./terminal.js');
      return startTerminal(config, createLogger('device', { level: config.logLevel }));
    }),
  );

program
  .command('key')
  .description('print the public log key, making it where it is missing; pjq terminal add takes it')
  .option('--receipt-key', 'and on a second line, secret, the key of its receipt codes')
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((options: { receiptKey?: boolean; config: string }) =>
    runProgram(async () => {
      const config = readConfiguration(options.config, deviceConfigurationSchema);
      process.stdout.write(`${openLogKey(join(config.dataDir, LOG_KEY_FILE)).publicKey}\n`);
      if (options.receiptKey === true) process.stdout.write(`${receiptKeyText(config, openReceiptKey)}\n`);
      return Promise.resolve(() => Promise.resolve());
    }),
  );

program
  .command('pages')
  .description("print the addresses of the citizen's and the staff page, with the secrets of the running terminal")
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((options: { config: string }) =>
    runProgram(async () => {
      const { dataDir, http } = readConfiguration(options.config, deviceConfigurationSchema);
      for (const role of ['kiosk', 'staff'] as const) {
        process.stdout.write(`http://127.0.0.1:${http.port}/${role}/#${readSecret(dataDir, role)}\n`);
      }
      return Promise.resolve(() => Promise.resolve());
    }),
  );

program
  .command('code')
  .description("check a receipt's code (its address, or its last 43 characters) against this terminal's key")
  .argument('<code>')
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((code: string, options: { config: string }) =>
    runProgram(async () => {
      const { dataDir, receipt } = readConfiguration(options.config, deviceConfigurationSchema);
      const { keyNumber, key } = openReceiptKey(join(dataDir, RECEIPT_KEY_FILE));
      const claim = verifyReceiptToken(nodeSuite, code.slice(code.lastIndexOf('/') + 1), (terminal, number) =>
        terminal === receipt?.terminalNumber && number === keyNumber ? key : undefined,
      );
      process.stdout.write(`${JSON.stringify({ ...claim, day: new Date(claim.dayMs).toISOString().slice(0, 10) })}\n`);
      return Promise.resolve(() => Promise.resolve());
    }),
  );

program
  .command('receipt-key')
  .description("print the key of this terminal's receipt codes, secret, for pjq terminal receipt-key to read")
  .option('--next', 'make the next one first; the running terminal takes it when it is started again')
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((options: { next?: boolean; config: string }) =>
    runProgram(async () => {
      const config = readConfiguration(options.config, deviceConfigurationSchema);
      process.stdout.write(`${receiptKeyText(config, options.next === true ? nextReceiptKey : openReceiptKey)}\n`);
      return Promise.resolve(() => Promise.resolve());
    }),
  );

program
  .command('pin')
  .description('read a PIN of 4 to 12 digits from the standard input and print what the hall file has for it')
  .action(() =>
    runProgram(async () => {
      // Not an argument: those can be read by every user of the machine, and stay in the shell's history.
      const pin = (await text(process.stdin)).trim();
      if (!isPin(pin)) throw new PjqError('config-invalid', '\nPIN: must have 4 to 12 digits');
      process.stdout.write(`${await pinHash(pin)}\n`);
      return () => Promise.resolve();
    }),
  );

/** As the registry reads it. @throws PjqError `config-invalid` where the terminal makes no codes. */
function receiptKeyText({ dataDir, receipt }: DeviceConfiguration, open: typeof openReceiptKey): string {
  if (receipt === undefined) throw new PjqError('config-invalid', '\nreceipt: is needed for codes');
  const { terminalNumber } = receipt;
  return receiptKeyLine(nodeSuite, { ...open(join(dataDir, RECEIPT_KEY_FILE)), terminalNumber });
}

await program.parseAsync();
