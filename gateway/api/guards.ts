/** Who may call: the right Host (against DNS rebinding), no page of another site, the right secret. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { PjqError } from '../../protocol/index.js';

export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses a Host, or an Origin where there is one, that is not in the list (names without port).
 * @throws PjqError `origin-refused`.
 */
export function checkHost(headers: IncomingHttpHeaders, allowed: readonly string[]): void {
  if (!allowed.includes(hostName(headers.host ?? ''))) throw new PjqError('origin-refused');
  const { origin } = headers;
  if (origin !== undefined && !allowed.includes(hostName(origin.replace(/^https?:\/\//i, ''))))
    throw new PjqError('origin-refused');
}

function hostName(authority: string): string {
  return authority.replace(/:\d*$/, '').toLowerCase();
}

/**
 * Checks `Authorization: Bearer …` against the secrets that serve.
 * @throws PjqError `credentials-missing`.
 */
export function checkBearer(headers: IncomingHttpHeaders, secrets: readonly string[]): void {
  if (!showsSecret(headers, secrets)) throw new PjqError('credentials-missing');
}

/** Whether one of the secrets is shown; takes a time that does not depend on where it differs. */
export function showsSecret(headers: IncomingHttpHeaders, secrets: readonly string[]): boolean {
  const given = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given === undefined) return false;
  const right = secrets.map((secret) => timingSafeEqual(digest(given), digest(secret)));
  return right.includes(true);
}

/** Digests have one length, which `timingSafeEqual` asks for. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
