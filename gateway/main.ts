/** The gateway's program. */
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { readConfiguration } from '../protocol/runtime/configuration.js';
import { createLogger } from '../protocol/runtime/logging.js';
import { runProgram } from '../protocol/runtime/program.js';
import { VERSION } from '../protocol/runtime/version.js';
import { gatewayConfigurationSchema } from './configuration.js';
import { startGateway } from './hall-gateway.js';

/**
 * V8 collects its old generation when that has grown by so many percent of what was left last time. Left to itself it
 * lets a backlog's garbage pile up to three times what is in use, the more the fewer collections there were before
 * (measured over a drain of 50,000 ratings: peaks of 211 to 344 MB; with 30 %, at most 223, no slower than the noise lets one see).
 */
setFlagsFromString('--heap-growing-percent=30');

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
