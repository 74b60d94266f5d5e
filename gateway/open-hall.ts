/** The store, the registry and the key of a hall, as a configuration names them; for the gateway and the command line. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gatewaySource, PjqError } from '../protocol/index.js';
import { openLogKey } from '../protocol/runtime/log-key.js';
import { currentBootId, nodeRandomness, nodeSuite, systemClock } from '../protocol/runtime/node-suite.js';
import { VERSION } from '../protocol/runtime/version.js';
import type { GatewayConfiguration } from './configuration.js';
import { Registry } from './registry/registry.js';
import { isLocked, storeFault } from './store/store-fault.js';
import { openStore, type Store, type StoreParts } from './store/store.js';

export const GATEWAY_KEY_FILE = 'gateway-key.pem';

export async function openHall(
  config: GatewayConfiguration,
  options: Pick<StoreParts, 'onFault' | 'patienceMs'> = {},
): Promise<{ store: Store; registry: Registry; publicKey: string; signer: ReturnType<typeof openLogKey>['signer'] }> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const { signer, publicKey } = openLogKey(join(config.dataDir, GATEWAY_KEY_FILE));
  const store = await openSoundStore(config.dataDir, {
    suite: nodeSuite,
    signer,
    clock: systemClock,
    randomness: nodeRandomness,
    bootId: currentBootId(),
    source: gatewaySource(config.hall, config.gateway),
    version: VERSION,
    ...options,
  });
  return { store, registry: new Registry({ db: store.db, own: store.own, clock: systemClock }), publicKey, signer };
}

/** @throws PjqError `store-damaged` or `store-locked`, with what to do about it. */
async function openSoundStore(...store: Parameters<typeof openStore>): Promise<Store> {
  try {
    return await openStore(...store);
  } catch (cause) {
    if (isLocked(cause)) throw new PjqError('store-locked', store[0], { cause });
    throw storeFault(cause) === 'damaged' ? new PjqError('store-damaged', store[0], { cause }) : cause;
  }
}
