/**
 * Terminals and their log keys, registered as `pjq-device key` and `pjq terminal add` do it, by the same compiled
 * modules, without starting a program for each: the commands themselves are what the demo's tests start.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as LogKeyFileModule from '../../device/log-key-file.js';
import type * as ConfigurationModule from '../../gateway/configuration.js';
import type * as OpenHallModule from '../../gateway/open-hall.js';
import type * as RuntimeConfigurationModule from '../../protocol/runtime/configuration.js';
import type * as LogKeyModule from '../../protocol/runtime/log-key.js';
import Database from 'better-sqlite3';
import type { Hall } from './hall.js';
import { CHECKOUT, Program } from './program.js';

export interface EnrolledTerminal {
  readonly name: string;
  readonly window: string;
  /** Raw Ed25519, base64url. */
  readonly publicKey: string;
}

/** @returns the public key of the terminal's log, made in its data folder where it is missing. */
export async function logKeyOf(dataDir: string): Promise<string> {
  const [{ openLogKey }, { LOG_KEY_FILE }] = await Promise.all([
    compiled<typeof LogKeyModule>('protocol/runtime/log-key.js'),
    compiled<typeof LogKeyFileModule>('device/log-key-file.js'),
  ]);
  return openLogKey(join(dataDir, LOG_KEY_FILE)).publicKey;
}

/** @throws PjqError `terminal-exists`, and what else the registry refuses. */
export async function register(gatewayConfig: string, terminals: readonly EnrolledTerminal[]): Promise<void> {
  const [{ readConfiguration }, { gatewayConfigurationSchema }, { openHall }] = await Promise.all([
    compiled<typeof RuntimeConfigurationModule>('protocol/runtime/configuration.js'),
    compiled<typeof ConfigurationModule>('gateway/configuration.js'),
    compiled<typeof OpenHallModule>('gateway/open-hall.js'),
  ]);
  const { store, registry } = await openHall(readConfiguration(gatewayConfig, gatewayConfigurationSchema));
  try {
    for (const { name, window, publicKey } of terminals) await registry.addTerminal(name, window, publicKey);
  } finally {
    await store.close();
  }
}

/**
 * What the operator does who finds that the registry has lost terminals or their keys.
 * @returns how many were missing.
 */
export async function registerWhoIsMissing({ gatewayData, gatewayConfig, counters, root }: Hall): Promise<number> {
  const db = new Database(join(gatewayData, 'hall.db'), { readonly: true });
  const terminals = new Set(db.prepare('SELECT terminal FROM terminal').pluck().all());
  const keys = new Set(db.prepare('SELECT publicKey FROM terminalKey').pluck().all());
  db.close();
  const command = async (...args: readonly string[]) => {
    const line = ['dist/gateway/pjq.js', 'terminal', ...args, '--config', gatewayConfig];
    const { code, stderr } = await Program.run(line, { root });
    if (code !== 0) throw new Error(`pjq terminal ${args.join(' ')}: ${stderr}`);
  };
  let missing = 0;
  for (const [index, { name, publicKey }] of counters.entries()) {
    if (terminals.has(name) && keys.has(publicKey)) continue;
    missing += 1;
    if (terminals.has(name)) await command('key', 'add', name, '--public-key', publicKey);
    else await command('add', name, '--window', String(index + 1), '--public-key', publicKey);
  }
  return missing;
}

async function compiled<M>(file: string): Promise<M> {
  return (await import(pathToFileURL(join(CHECKOUT, 'dist', file)).href)) as M;
}
