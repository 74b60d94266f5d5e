/** The gateway's ingest alone, in a process of its own: batches stand in memory, nothing is sent. `test/bench/ingest.ts` */
import { makeBacklog, makeOnline } from '../ingest-backlog.js';
import { drain } from '../ingest-drain.js';
import { newFolder, removeFolder } from './folders.js';

const { terminals, ratings } = JSON.parse(process.argv[2] ?? '{}') as { terminals: number; ratings: number };
/** More than a terminal at work sends meanwhile. */
const ONLINE_RATINGS = 2_000;

const folder = newFolder('ceiling');
try {
  const { ms, entries } = await drain(folder, makeBacklog(terminals, ratings), makeOnline(ONLINE_RATINGS));
  process.send?.({ word: 'done', ms, entries });
} finally {
  removeFolder(folder);
}
process.disconnect();
