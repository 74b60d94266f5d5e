/**
 * The chain: `hash(n) = H(hash(n-1) ‖ bytes(n))`, starting at a hash that binds source and epoch.
 * One head a batch is signed, not each entry (a signature costs as much as hundreds of hashes).
 */
import type { Suite } from './suite.js';

const GENESIS = 'pjq/log/v1\n';
const HEAD = 'pjq/head/v1\n';

export interface Head {
  readonly source: string;
  readonly epoch: string;
  /** 0 for a chain without entries. */
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** The hash before entry 1 of an epoch. */
export function genesisHash(suite: Suite, source: string, epoch: string): Uint8Array {
  return suite.digest(suite.utf8Encode(`${GENESIS}${source}\n${epoch}`));
}

export function nextHash(suite: Suite, previous: Uint8Array, bytes: Uint8Array): Uint8Array {
  return suite.digest(previous, bytes);
}

/** The bytes that a head's signature covers. */
export function headMessage(suite: Suite, head: Head): Uint8Array {
  return suite.utf8Encode(`${HEAD}${head.source}\n${head.epoch}\n${head.seq}\n${suite.base64urlEncode(head.hash)}`);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
