import { describe, expect, it } from 'vitest';
import { BOOT, chainHolds, fileIn, live, openLog, parsed, rated, storedEntries, testFolder } from './log-at-work.js';
import Database from 'better-sqlite3';

/** Where the chain ends is kept in memory; whenever the file may know better, the file is asked. */
describe('the next entry links to what is stored', () => {
  it('after an append that failed half way', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('S1'));
    const tooLong = { kind: 'policy', body: { policy: 'x'.repeat(81) } } as const;
    expect(() => log.append([BOOT, BOOT, tooLong])).toThrow(expect.objectContaining({ code: 'meaning-malformed' }));
    log.append([BOOT]);
    const rows = storedEntries(folder);
    expect(rows).toHaveLength(5);
    expect(chainHolds(rows, live(log).epoch)).toBe(true);
  });

  it('after an append that the disk did not take', { timeout: 30_000 }, () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('S1'));
    const other = new Database(fileIn(folder));
    other.exec('BEGIN IMMEDIATE');
    expect(() => log.append([BOOT])).toThrow(expect.objectContaining({ code: 'log-write-failed' }));
    other.exec('ROLLBACK');
    other.close();
    log.append([BOOT]);
    expect(chainHolds(storedEntries(folder), live(log).epoch)).toBe(true);
  });

  it('after another program has left the epoch', () => {
    const folder = testFolder();
    const [log, other] = [openLog(folder), openLog(folder)];
    log.append(rated('S1').slice(0, 2));
    other.append(rated('S1').slice(2));
    other.leave(live(other), 'fork');
    log.append([BOOT]);
    const { id, epoch } = live(other);
    const rows = storedEntries(folder, id);
    expect(parsed(rows).map(({ kind }) => kind)).toEqual(['epoch', 'service.opened', 'press', 'rating', 'boot']);
    expect(chainHolds(rows, epoch)).toBe(true);
    // What the other one wrote is known here as well.
    expect(log.record().service).toBeNull();
    expect(openLog(folder).record()).toEqual(log.record());
  });

  it('after an epoch was left here', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('S1'));
    log.leave(live(log), 'fork');
    log.append([BOOT]);
    expect(chainHolds(storedEntries(folder, live(log).id), live(log).epoch)).toBe(true);
  });
});
