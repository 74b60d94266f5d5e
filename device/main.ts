/** The terminal's program: `run` (the default) and `key`. */
import { join } from 'node:path';
import { Command } from 'commander';
import { readConfiguration } from '../protocol/runtime/configuration.js';
import { openLogKey } from '../protocol/runtime/log-key.js';
import { createLogger } from '../protocol/runtime/logging.js';
import { runProgram } from '../protocol/runtime/program.js';
import { VERSION } from '../protocol/runtime/version.js';
import { deviceConfigurationSchema } from './configuration.js';
import { LOG_KEY_FILE, startTerminal } from './terminal.js';

const program = new Command('pjq-device').version(VERSION).description('pjq (评价器): the terminal on the counter');

program
  .command('run', { isDefault: true })
  .description('run the terminal')
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((options: { config: string }) =>
    runProgram(async () => {
      const config = readConfiguration(options.config, deviceConfigurationSchema);
      return startTerminal(config, createLogger('device', { level: config.logLevel }));
    }),
  );

program
  .command('key')
  .description('print the public log key, making it where it is missing; pjq terminal add takes it')
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((options: { config: string }) =>
    runProgram(async () => {
      const { dataDir } = readConfiguration(options.config, deviceConfigurationSchema);
      process.stdout.write(`${openLogKey(join(dataDir, LOG_KEY_FILE)).publicKey}\n`);
      return Promise.resolve(() => Promise.resolve());
    }),
  );

await program.parseAsync();
