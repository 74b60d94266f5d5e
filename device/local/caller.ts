/** Who may call: this machine by its loopback address, no page of another site, and only with the secret. */
import type { FastifyRequest } from 'fastify';
import { PjqError } from '../../protocol/index.js';
import { carriesSecret } from './boot-secret.js';

/**
 * A foreign Host is a name that was made to resolve to loopback (DNS rebinding); a foreign Origin is another
 * site's page in the kiosk's browser.
 * @throws PjqError `origin-refused`.
 */
export function checkOrigin(request: FastifyRequest): void {
  const port = request.socket.localPort;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const host = request.headers.host?.toLowerCase();
  if (host === undefined || !hosts.includes(host)) throw new PjqError('origin-refused', 'Host');
  const { origin } = request.headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`) throw new PjqError('origin-refused', 'Origin');
}

/** @throws PjqError `credentials-missing` unless the request carries one of the secrets. */
export function checkSecret(request: FastifyRequest, ...secrets: readonly string[]): void {
  const matches = secrets.map((secret) => carriesSecret(request.headers.authorization, secret));
  if (!matches.includes(true)) throw new PjqError('credentials-missing');
}
