/**
 * Builds the two pages of the terminal, each into a folder of its own that needs nothing outside of it:
 * `npx vite build --config device/kiosk/vite.config.ts` → dist/device/pages/{kiosk,staff}/index.html.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, defineConfig, type InlineConfig, type Plugin } from 'vite';

/** Source folder → folder under which the terminal serves it. */
const CITIZEN = { source: 'citizen', served: 'kiosk' } as const;
const STAFF = { source: 'staff', served: 'staff' } as const;

type Page = typeof CITIZEN | typeof STAFF;

function pageOf({ source, served }: Page, outFolder: string): InlineConfig {
  return {
    configFile: false,
    root: join(import.meta.dirname, source),
    // Relative: the page also lives behind whatever path a hall's proxy gives it.
    base: './',
    publicDir: false,
    // The styles of a page come with it, as a file: the policy allows no inline style.
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: join(outFolder, served),
      emptyOutDir: true,
      target: 'chrome111',
      // Nothing becomes a data: address: the policy allows none for fonts and scripts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    logLevel: 'warn',
  };
}

/** One command builds both. A page whose folder is not there is left out. */
function andThen(page: Page, outFolder: string): Plugin {
  return {
    name: `pjq-and-${page.source}`,
    apply: 'build',
    async closeBundle() {
      if (existsSync(join(import.meta.dirname, page.source, 'index.html'))) await build(pageOf(page, outFolder));
    },
  };
}

const OUT_FOLDER = join(import.meta.dirname, '../../dist/device/pages');

export default defineConfig({ ...pageOf(CITIZEN, OUT_FOLDER), plugins: [andThen(STAFF, OUT_FOLDER)] });
