/** The pages' files, as Vite built them: no secret in them, so none is asked for; the page brings its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

export const PAGES = ['kiosk', 'staff'] as const;
export type Page = (typeof PAGES)[number];

/**
 * Nothing from elsewhere, nothing inline, and in no frame but of those who are named.
 * `blob:` and `data:` pictures are photos that the page fetched with its secret.
 */
export function contentSecurityPolicy(framedBy: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy.length === 0 ? "'none'" : framedBy.join(' ')}`,
  ].join('; ');
}

/** Serves `/kiosk/` and `/staff/` from `folder`; @returns the pages that were not built. */
export async function servePages(
  server: FastifyInstance,
  folder: string,
  framedBy: readonly string[],
): Promise<readonly Page[]> {
  const policy = contentSecurityPolicy(framedBy);
  const missing = PAGES.filter((page) => !existsSync(join(folder, page, 'index.html')));
  await server.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, preCompressed: true });
  const send = (reply: FastifyReply, path: string) =>
    reply
      .header('content-security-policy', policy)
      .header('referrer-policy', 'no-referrer')
      // What has its digest in its name never changes.
      .header('cache-control', /(^|\/)assets\//.test(path) ? 'public, max-age=31536000, immutable' : 'no-store')
      .sendFile(path);
  for (const page of PAGES) {
    server.get(`/${page}`, async (_request, reply) => reply.redirect(`/${page}/`));
    server.get(`/${page}/`, async (_request, reply) => send(reply, `${page}/index.html`));
    server.get(`/${page}/*`, async (request, reply) => send(reply, `${page}/${wildcard(request.params)}`));
  }
  server.get('/assets/*', async (request, reply) => send(reply, `assets/${wildcard(request.params)}`));
  return missing;
}

function wildcard(params: unknown): string {
  return (params as { readonly '*': string })['*'];
}
