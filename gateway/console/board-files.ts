/** Serves the managers' board, as Vite built it: no secret in its files, so none is asked for; the page brings its own. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves `/board/` from `folder`. */
export function serveBoard(server: FastifyInstance, folder: string): void {
  server.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    preCompressed: true,
  });
  server.get('/board', async (_request, reply) => reply.redirect('/board/'));
  server.get('/board/*', async (request, reply) => {
    const { '*': path } = request.params as { readonly '*': string };
    return reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('referrer-policy', 'no-referrer')
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-store')
      .sendFile(`board/${path === '' ? 'index.html' : path}`);
  });
}
