/** The compiled modules under test, taken from the folder that a run names: where that is a broken copy, the copy is tested. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as TerminalLogModule from '../../../device/log/terminal-log.js';
import type * as GatewayTimeModule from '../../../device/sync/gateway-time.js';
import type * as SyncModule from '../../../device/sync/sync.js';
import type * as GenericCentreModule from '../../../gateway/centre/generic-centre.js';
import type * as GatewayConfigurationModule from '../../../gateway/configuration.js';
import type * as ForwarderModule from '../../../gateway/forward/forwarder.js';
import type * as GatewayModule from '../../../gateway/open-hall.js';
import type * as IngestModule from '../../../gateway/ingest/ingest.js';
import type * as LogKeyModule from '../../../protocol/runtime/log-key.js';
import type * as LoggingModule from '../../../protocol/runtime/logging.js';
import type * as SuiteModule from '../../../protocol/runtime/node-suite.js';
import type * as PolicyFileModule from '../../../protocol/runtime/policy-file.js';
import type * as CentreModule from '../../../simulator/centre/centre-server.js';

export interface Programs {
  readonly suite: typeof SuiteModule;
  readonly logKey: typeof LogKeyModule;
  readonly logging: typeof LoggingModule;
  readonly terminalLog: typeof TerminalLogModule;
  readonly sync: typeof SyncModule;
  readonly gatewayTime: typeof GatewayTimeModule;
  readonly gateway: typeof GatewayModule;
  readonly gatewayConfiguration: typeof GatewayConfigurationModule;
  readonly policyFile: typeof PolicyFileModule;
  readonly ingest: typeof IngestModule;
  readonly forwarder: typeof ForwarderModule;
  readonly genericCentre: typeof GenericCentreModule;
  readonly centre: typeof CentreModule;
}

const FILES: Readonly<Record<keyof Programs, string>> = {
  suite: 'protocol/runtime/node-suite.js',
  logKey: 'protocol/runtime/log-key.js',
  logging: 'protocol/runtime/logging.js',
  terminalLog: 'device/log/terminal-log.js',
  sync: 'device/sync/sync.js',
  gatewayTime: 'device/sync/gateway-time.js',
  gateway: 'gateway/open-hall.js',
  gatewayConfiguration: 'gateway/configuration.js',
  policyFile: 'protocol/runtime/policy-file.js',
  ingest: 'gateway/ingest/ingest.js',
  forwarder: 'gateway/forward/forwarder.js',
  genericCentre: 'gateway/centre/generic-centre.js',
  centre: 'simulator/centre/centre-server.js',
};

export async function loadPrograms(root: string): Promise<Programs> {
  const loaded = await Promise.all(
    Object.entries(FILES).map(async ([name, file]) => [
      name,
      (await import(pathToFileURL(join(root, 'dist', file)).href)) as unknown,
    ]),
  );
  return Object.fromEntries(loaded) as Programs;
}
