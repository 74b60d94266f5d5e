import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openLog, storedEntries, testFolder } from './log-at-work.js';

/** The tables as the first version made them. */
const FIRST_TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE epoch (
    id INTEGER PRIMARY KEY AUTOINCREMENT, epoch TEXT NOT NULL UNIQUE, acked_seq INTEGER NOT NULL, end_seq INTEGER,
    pruned_seq INTEGER NOT NULL, checkpoint TEXT, promise TEXT
  );
  CREATE TABLE entry (
    epoch_id INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    bytes BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (epoch_id, seq)
  ) WITHOUT ROWID;
  CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL);
  CREATE TABLE service (service_id TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;`;

test('a log that the first version wrote is opened with every entry, and goes on in its chain', () => {
  const folder = testFolder();
  const log = openLog(folder);
  log.append([{ kind: 'duty.on', body: { staffNo: 'A1' } }]);
  for (const serviceId of ['S1', 'S2']) {
    log.append([
      {
        kind: 'service.opened',
        body: { serviceId, caseNo: serviceId, stage: 'completion', origin: 'local', policy: 'p@1' },
      },
    ]);
    log.append([{ kind: 'press', body: { id: `press-${serviceId}aaa`, serviceId, level: 4, via: 'key' } }]);
  }
  const record = log.record();
  const entries = storedEntries(folder, 1);
  log.close();

  const before = testFolder();
  const db = new Database(join(before, 'log.db'));
  db.exec(FIRST_TABLES);
  db.prepare('ATTACH ? AS now').run(join(folder, 'log.db'));
  db.exec(`
    INSERT INTO epoch SELECT * FROM now.epoch;
    INSERT INTO entry SELECT epoch_id, seq, at, bytes, hash FROM now.entry;
    INSERT INTO service SELECT service_id, state, at FROM now.service;`);
  // The first version wrote the record with every press.
  db.prepare('INSERT INTO counter (id, record) VALUES (1, ?)').run(JSON.stringify(record));
  db.pragma('user_version = 1');
  db.close();

  const again = openLog(before);
  expect(storedEntries(before, 1)).toEqual(entries);
  expect(again.record()).toEqual(record);
  expect(again.serviceState('S1')).toBe('open');
  again.append([{ kind: 'unrated', body: { serviceId: 'S1', cause: 'time-over' } }]);
  expect(again.epochs()).toMatchObject([{ endSeq: entries.length + 1, live: true }]);
  again.close();
  // The chain is walked anew at a start: nothing is left, and no new epoch is opened.
  expect(openLog(before).epochs()).toHaveLength(1);
});
