/** `npm run demo -- [options]`: a whole hall on this machine; `--help` tells the options. */
import { join } from 'node:path';
import { bootstrap, ROOT } from './bootstrap.mjs';
import { runThrough } from './run-through.mjs';

await bootstrap();
runThrough([join(ROOT, 'dist', 'simulator', 'demo', 'main.js'), ...process.argv.slice(2)], { holdsPipe: true });
