import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { temporaryFolder } from './hall-log.js';

/** Entries that a group of the program brings: ten services and one more, of five terminals. */
const GROUP_ENTRIES = 5 * 31;

/** Runs the committing program under strace. @returns how many times the kernel was asked to sync. */
function syncsOf(folder: string, groups: number): number {
  const trace = join(folder, `trace-${groups}`);
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const program = ['--import', 'tsx', 'test/ingest/committing-program.ts', dataDir, String(groups)];
  const { status, signal, stderr } = spawnSync(
    'strace',
    ['-f', '-e', 'trace=fsync,fdatasync,sync_file_range,syncfs', '-e', 'signal=none', '-o', trace].concat(
      process.execPath,
      program,
    ),
    { encoding: 'utf8' },
  );
  if (signal !== 'SIGKILL' && status !== 137) throw new Error(`the program ended with ${status} ${signal}: ${stderr}`);
  const db = new Database(join(dataDir, DATABASE_FILE), { readonly: true });
  const stored = db
    .prepare<[], { total: number }>(
      "SELECT count(*) AS total FROM entry JOIN epoch ON epoch.id = epochId WHERE source NOT LIKE '%@%'",
    )
    .get();
  db.close();
  expect(stored?.total).toBe(groups === 0 ? 0 : groups * GROUP_ENTRIES + 5); // and entry 1 of each log
  // A call that another thread interrupts is told in two lines; only the first has the bracket.
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /\b(fsync|fdatasync|sync_file_range|syncfs)\(/.test(line)).length;
}

/** Commit B is durable before it is acknowledged, and asks the disk once for all that came together. */
test('a group of batches of several terminals is one fsync, whatever it projects', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  const none = syncsOf(folder, 0);
  expect(syncsOf(folder, 12) - none).toBe(12);
});
