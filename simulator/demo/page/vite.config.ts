/** Builds the demo's page into dist/simulator/pages/demo; run from the top of the checkout. */
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'simulator/demo/page',
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/simulator/pages/demo',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
