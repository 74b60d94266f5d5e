/** `npm run bench`: every figure of one run, with the machine named. */
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCommit } from './commit.js';
import { benchPrograms } from './programs.js';

const { values } = parseArgs({ options: { ratings: { type: 'string', default: '10000' } } });

console.log(
  `${cpus().length} x ${cpus()[0]?.model ?? '?'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}`,
);
for (const line of await benchCommit()) console.log(line);
for (const line of await benchPrograms(Number(values.ratings))) console.log(line);
