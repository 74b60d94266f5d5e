/** Who of those that speak to the page are the proxies in front, and so speak for others. */
import { BlockList, isIPv6 } from 'node:net';

/** Answers that are kept: a hall's proxies, and of their callers those of the last minutes. */
const MOST_KEPT = 1_000;

export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #known = new Map<string, boolean>();

  /** @param proxies addresses and networks (`10.0.0.0/8`). */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = '', bits] = proxy.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  has(address: string): boolean {
    // The list takes each address apart; it is asked three times a request.
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const plain = plainAddress(address);
    const isProxy = this.#list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    this.#known.set(address, isProxy);
    return isProxy;
  }

  /**
   * Who asks: the peer itself, or, if that is a proxy of ours, whom it speaks for: the last of the header's addresses
   * that is none. What stands before it anybody may have written.
   */
  callerOf(peer: string, forwardedFor: string | undefined): string {
    let caller = plainAddress(peer);
    const claimed = (forwardedFor ?? '').split(',').map((part) => plainAddress(part.trim()));
    while (this.has(caller)) {
      const next = claimed.pop();
      if (next === undefined || !/^[0-9a-f.:]{2,45}$/i.test(next)) break;
      caller = next;
    }
    return caller;
  }
}

/** An address of IPv4 as IPv6 sockets tell it is the same address. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
