/** `pjq board`: where the managers look. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { PjqError } from '../../protocol/index.js';
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { gatewayConfigurationSchema } from '../configuration.js';
import { CONFIG, say } from './with-hall.js';

export function boardCommands(program: Command): void {
  program
    .command('board')
    .description("print the address of the managers' board, with its secret")
    .requiredOption(...CONFIG)
    .action((options: { config: string }) => {
      const { http } = readConfiguration(options.config, gatewayConfigurationSchema);
      if (http.boardSecretFile === undefined)
        throw new PjqError('config-invalid', '\nhttp.boardSecretFile: is needed for a board (got nothing)');
      say(`http://${http.host}:${http.port}/board/#${readFileSync(http.boardSecretFile, 'utf8').trim()}`);
    });
}
