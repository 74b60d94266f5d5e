/** `npm run bench [-- --only commit|keys|printer|screen|programs]`: every figure of one run, with the machine named. */
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCommit } from './commit.js';
import { benchKeys } from './keys.js';
import { benchPrinter } from './printer.js';
import { benchPrograms } from './programs.js';
import { benchScreen } from './screen.js';

const { values } = parseArgs({
  options: {
    ratings: { type: 'string', default: '10000' },
    /** Sessions on the screen over which the page's memory is looked at. */
    sessions: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
});
const BENCHES: Readonly<Record<string, () => Promise<string[]>>> = {
  commit: benchCommit,
  keys: benchKeys,
  printer: benchPrinter,
  screen: () => benchScreen(Number(values.sessions)),
  programs: () => benchPrograms(Number(values.ratings)),
};

console.log(
  `${cpus().length} x ${cpus()[0]?.model ?? '?'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}`,
);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (values.only !== undefined && values.only !== name) continue;
  for (const line of await bench()) console.log(line);
}
