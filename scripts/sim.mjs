/** `npm run sim -- run FILE… | record | list`: scenarios of the technician's bench; `--help` tells the options. */
import { join } from 'node:path';
import { bootstrap, ROOT } from './bootstrap.mjs';
import { runThrough } from './run-through.mjs';

await bootstrap();
runThrough([join(ROOT, 'dist', 'simulator', 'scenario', 'main.js'), ...process.argv.slice(2)]);
