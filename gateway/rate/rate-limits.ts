/**
 * How often the page may be asked. A code that proves good is held to the rate of its own service, and only to a rate of
 * its address that a whole hall behind one address does not reach; a flood of bad codes from there spends another
 * bucket, so that it shuts nobody out.
 */
import { isIPv6 } from 'node:net';
import { NamedBuckets } from '../peers/named-buckets.js';
import { addressBlock } from './address-block.js';
import type { RateLimits } from './rate-configuration.js';

export class RequestLimits {
  readonly #services: NamedBuckets;
  readonly #addresses: NamedBuckets;
  readonly #refused: NamedBuckets;

  constructor({ perService, perAddress, refusedPerAddress }: RateLimits) {
    this.#services = new NamedBuckets(perService);
    this.#addresses = new NamedBuckets(perAddress);
    this.#refused = new NamedBuckets(refusedPerAddress);
  }

  /** Whether this pass or address has used up what it may; asked before anything is looked up. Takes nothing. */
  isSpent(pass: string | undefined, address: string, nowMs: number): boolean {
    return (
      (pass !== undefined && this.#services.isSpent(pass, nowMs)) || this.#addresses.isSpent(ownerOf(address), nowMs)
    );
  }

  /** A pass proved good: takes one of its own and of its address. Names that anybody may make up never come here. */
  tookGood(pass: string | undefined, address: string, nowMs: number): void {
    if (pass !== undefined) this.#services.allows(pass, nowMs);
    this.#addresses.allows(ownerOf(address), nowMs);
  }

  /** A pass was refused. @returns whether its address may still be told why at length. */
  allowsRefused(address: string, nowMs: number): boolean {
    return this.#refused.allows(ownerOf(address), nowMs);
  }
}

/** Whose requests count together: one subscriber has 2^64 addresses of IPv6, but one of IPv4. */
function ownerOf(address: string): string {
  return isIPv6(address) ? addressBlock(address) : address;
}
