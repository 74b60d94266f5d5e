/** `pjq store repair`: a damaged database is made anew from what is proven of it. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { gatewaySource } from '../../protocol/index.js';
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { openLogKey } from '../../protocol/runtime/log-key.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import {
  currentBootId,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { VERSION } from '../../protocol/runtime/version.js';
import { gatewayConfigurationSchema } from '../configuration.js';
import { GATEWAY_KEY_FILE } from '../open-hall.js';
import { reportLines } from '../repair/repair-report.js';
import { repairStore } from '../repair/repair-store.js';
import { CONFIG, say } from './with-hall.js';

/** @param store the group `pjq store`. */
export function repairCommand(store: Command): void {
  store
    .command('repair')
    .description('make a damaged or altered database anew, from what its chains prove; the gateway must be stopped')
    .option('--json', 'the report as JSON')
    .requiredOption(...CONFIG)
    .action(async (options: { config: string; json?: boolean }) => {
      const { dataDir, hall, gateway, policyFile } = readConfiguration(options.config, gatewayConfigurationSchema);
      const { signer, publicKey } = openLogKey(join(dataDir, GATEWAY_KEY_FILE));
      const report = await repairStore(dataDir, {
        suite: nodeSuite,
        signer,
        verifyOwn: signatureCheck(publicKey),
        clock: systemClock,
        randomness: nodeRandomness,
        bootId: currentBootId(),
        source: gatewaySource(hall, gateway),
        version: VERSION,
        hall,
        rules: readPolicy(policyFile).policy,
      });
      if (options.json === true) say(JSON.stringify(report));
      else for (const line of reportLines(report)) say(line);
    });
}
