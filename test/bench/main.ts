/**
 * `npm run bench [-- --only codes|commit|days|ingest|keys|opens|opens-cost|later|printer|screen|programs|drain]`: every figure of one run, with
 * the machine named. `npm run bench -- drain` is short for `--only drain`.
 */
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCodes } from './codes.js';
import { benchCommit } from './commit.js';
import { benchDays } from './days.js';
import { benchDrain, DRAIN_PARTS } from './drain/drain.js';
import { benchIngest } from './ingest.js';
import { benchKeys } from './keys.js';
import { benchLater } from './later.js';
import { benchOpens } from './opens.js';
import { benchOpensCost } from './opens-cost.js';
import { benchPressInDrain } from './press-in-drain.js';
import { benchPrinter } from './printer.js';
import { benchPrograms } from './programs.js';
import { benchScreen } from './screen.js';
import { benchVerify } from './verify.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ratings: { type: 'string', default: '10000' },
    /** Sessions on the screen over which the page's memory is looked at. */
    sessions: { type: 'string', default: '1000' },
    /** Ratings in the backlog of `ingest` and `drain`, where it is not the usual number. */
    backlog: { type: 'string' },
    only: { type: 'string' },
    /** Of the drain, as `DrainBenchOptions` tells: `-- drain --part ours --quick --repeat 2`. */
    repeat: { type: 'string', default: '5' },
    part: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    root: { type: 'string' },
  },
});
const BENCHES: Readonly<Record<string, () => Promise<string[]>>> = {
  codes: benchCodes,
  commit: benchCommit,
  days: () => benchDays(),
  ingest: () => benchIngest(Number(values.backlog ?? 50_000)),
  keys: benchKeys,
  later: () => benchLater(),
  opens: () => benchOpens(),
  'opens-cost': async () => [
    ...(await benchOpensCost({ root: values.root, aSecond: 200, served: false })),
    ...(await benchOpensCost({ root: values.root })),
  ],
  'press-in-drain': () => benchPressInDrain(),
  printer: benchPrinter,
  screen: () => benchScreen(Number(values.sessions)),
  verify: () => benchVerify(1_000_000),
  programs: () => benchPrograms(Number(values.ratings)),
  drain: () =>
    benchDrain({
      repeat: Number(values.repeat),
      backlog: values.backlog === undefined ? undefined : Number(values.backlog),
      parts: DRAIN_PARTS.filter((part) => values.part.includes(part)),
      quick: values.quick,
      full: values.full,
      root: values.root,
      write: values.write ? 'docs/evidence' : undefined,
      command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
      say: (text) => process.stderr.write(`${text}\n`),
    }),
};
const only = values.only ?? positionals[0];

console.log(
  `${cpus().length} x ${cpus()[0]?.model ?? '?'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}`,
);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (only !== undefined && only !== name) continue;
  for (const line of await bench()) console.log(line);
}
