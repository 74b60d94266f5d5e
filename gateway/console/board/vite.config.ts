/** Builds the managers' board into dist/gateway/pages/board; run from the top of the checkout. */
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'gateway/console/board',
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/gateway/pages/board',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
