/** `npm test -- [vitest options]`: everything that the tests need, then the tests. */
import { join } from 'node:path';
import { bootstrap, giveUp, ROOT } from './bootstrap.mjs';
import { runThrough } from './run-through.mjs';
import { installLine, installPackages, missingPackages } from './system-packages.mjs';

/** A broker and a proxy that are not ours, serial ports without hardware, a count of what reaches the disk, and a browser. */
const TEST_PROGRAMS = {
  mosquitto: 'mosquitto',
  socat: 'socat',
  strace: 'strace',
  openssl: 'openssl',
  chromium: 'chromium',
  nginx: 'nginx',
};

await bootstrap();
const missing = missingPackages(TEST_PROGRAMS);
if (missing.length > 0 && !installPackages(missing)) {
  giveUp(`The tests need ${missing.join(' and ')}. Install them, then start again:\n  ${installLine(missing)}`);
}
runThrough([join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)]);
