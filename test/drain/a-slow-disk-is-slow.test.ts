import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeFolder } from '../bench/drain/folders.js';
import { SlowDisk } from '../bench/drain/slow-disk.js';

const SYNCS = 20;

/** Commits through the very SQLite that the gateway has. */
const COMMITS = `
const Database = require('better-sqlite3');
const db = new Database(process.argv[1]);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('CREATE TABLE t (n)');
const insert = db.prepare('INSERT INTO t VALUES (?)');
const begun = performance.now();
for (let n = 0; n < ${SYNCS}; n += 1) insert.run(n);
console.log(performance.now() - begun);
`;

function tookMs(file: string, preload: string | null): number {
  const env = { ...process.env, ...(preload === null ? {} : { LD_PRELOAD: preload }) };
  return Number(execFileSync(process.execPath, ['-e', COMMITS, file], { encoding: 'utf8', env }));
}

it('every commit takes 5 ms longer', () => {
  // In memory a sync takes no time: whatever it takes is the library's, also while the disk is busy.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'pjq-slow-'));
  const disk = new SlowDisk();
  onTestFinished(() => {
    disk.remove();
    removeFolder(folder);
  });
  const library = disk.compile();
  if (library === null) return;
  expect(tookMs(join(folder, 'slow.db'), library)).toBeGreaterThanOrEqual(SYNCS * 5);
  expect(tookMs(join(folder, 'plain.db'), null)).toBeLessThan(SYNCS * 5);
});
