/** The built page of the demo, as files in memory. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `npx vite build --config simulator/demo/page/vite.config.ts` puts it. */
export const PAGE_FOLDER = fileURLToPath(new URL('../pages/demo', import.meta.url));

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * No script and no style that is not a file of ours; frames are the terminals' pages, on this machine.
 * Pictures of slips come from this server.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  'frame-src http://127.0.0.1:* http://localhost:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** By path from the root, `/index.html` as `/`; `undefined` when the page is not built. */
export function readPageFiles(folder: string = PAGE_FOLDER): ReadonlyMap<string, PageFile> | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, file).split(sep).join('/')}`;
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      return [path === '/index.html' ? '/' : path, { type, bytes: readFileSync(file) }];
    }),
  );
}
