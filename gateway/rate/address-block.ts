/** The neighbourhood of an address: those that one hand may have. 256 of IPv4, and what one subscriber gets of IPv6. */
import { isIPv6 } from 'node:net';

/** `203.0.113.` of 203.0.113.7; the first 64 bits of an IPv6 address; another text stands for itself. */
export function addressBlock(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain.replace(/\d+$/, '');
  return groupsOf(plain).slice(0, 4).join(':');
}

/** The eight groups of an IPv6 address, without their leading zeros. */
function groupsOf(address: string): string[] {
  const [before = '', after] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(before), groups(after ?? '')];
  const missing = after === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array<string>(missing).fill('0'), ...last].map((group) => group.replace(/^0+(?=.)/, ''));
}
