/** Who called, as it is kept for some days: digests under a key that is not in the database, and one bit. */
import { BlockList, isIPv6 } from 'node:net';
import { addressBlock } from '../rate/address-block.js';
import type { KeyedDigest } from '../rate/page-key.js';
import type { Caller } from '../rate/rate-door.js';

export interface CallerMarks {
  /** Of what the browser says of itself, at its address: phones of one make are many. */
  readonly device: string;
  readonly block: string;
  /** Whether it came from a network of the hall itself. */
  readonly inHall: boolean;
}

export type MarksOf = (caller: Caller) => CallerMarks;

/** What no phone on the mobile network has: whoever comes from there is in the house. */
export const PRIVATE_NETWORKS: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
];

/** @param hallNetworks as `address/bits`, or single addresses. */
export function callerMarks(digest: KeyedDigest, hallNetworks: readonly string[] = PRIVATE_NETWORKS): MarksOf {
  const hall = new BlockList();
  for (const network of hallNetworks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    hall.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  const digestOf = (purpose: string, text: string) => digest(purpose, text).subarray(0, 16).toString('base64url');
  return ({ address, device }) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return {
      device: digestOf('device', `${plain}\n${device}`),
      block: digestOf('block', addressBlock(plain)),
      inHall: hall.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4'),
    };
  };
}
