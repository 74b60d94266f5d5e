/** The gateway's program. */
import { Command } from 'commander';
import { readConfiguration } from '../protocol/runtime/configuration.js';
import { createLogger } from '../protocol/runtime/logging.js';
import { runProgram } from '../protocol/runtime/program.js';
import { VERSION } from '../protocol/runtime/version.js';
import { gatewayConfigurationSchema } from './configuration.js';
import { startGateway } from './hall-gateway.js';

const program = new Command('pjq-gateway')
  .version(VERSION)
  .description('pjq (评价器): the gateway of a hall')
  .requiredOption('--config <file>', 'configuration, YAML')
  .action((options: { config: string }) =>
    runProgram(async () => {
      const config = readConfiguration(options.config, gatewayConfigurationSchema);
      return startGateway(config, createLogger('gateway', { level: config.logLevel }));
    }),
  );

await program.parseAsync();
