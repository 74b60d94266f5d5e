import { describe, expect, it } from 'vitest';
import {
  BOOT,
  chainHolds,
  live,
  logIn,
  onFile,
  openLog,
  parsed,
  rated,
  storedEntries,
  testFolder,
} from './log-at-work.js';

describe('the chain of a log', () => {
  it('starts at genesis with the entry that tells why the epoch was opened', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append([BOOT]);
    log.append(rated('S1'));
    const rows = storedEntries(folder);
    const { epoch } = live(log);
    expect(chainHolds(rows, epoch)).toBe(true);
    expect(chainHolds(rows, 'otherepochs')).toBe(false);
    expect(parsed(rows).map(({ seq, kind, epoch: said, source }) => [seq, kind, said, source])).toEqual([
      [1, 'epoch', epoch, 'hall/t1'],
      [2, 'boot', epoch, 'hall/t1'],
      [3, 'service.opened', epoch, 'hall/t1'],
      [4, 'press', epoch, 'hall/t1'],
      [5, 'rating', epoch, 'hall/t1'],
    ]);
    expect(parsed(rows)[0]?.body).toMatchObject({ cause: 'first', ancestor: null });
  });

  it('goes on at the head when the log is opened again', () => {
    const folder = testFolder();
    const first = openLog(folder);
    first.append(rated('S1'));
    const { epoch, endSeq } = live(first);
    first.close();
    const again = logIn(folder);
    expect(again.open()).toEqual({ damaged: null });
    again.append([BOOT]);
    expect(live(again)).toMatchObject({ epoch, endSeq: endSeq + 1 });
    expect(chainHolds(storedEntries(folder), epoch)).toBe(true);
  });

  it('stays one chain when two programs have the file open by mistake', () => {
    const folder = testFolder();
    const [one, other] = [openLog(folder), openLog(folder)];
    for (let n = 1; n <= 5; n += 1) {
      one.append(rated(`one-${n}`));
      other.append([BOOT]);
    }
    const rows = storedEntries(folder);
    expect(rows).toHaveLength(1 + 5 * 4);
    expect(chainHolds(rows, live(one).epoch)).toBe(true);
    expect(live(other)).toEqual(live(one));
  });

  it('takes all entries of an append or none', () => {
    const folder = testFolder();
    const log = openLog(folder);
    const before = log.record();
    const [opened, press] = rated('S1');
    if (opened === undefined || press === undefined) throw new Error('drafts are missing');
    const tooLong = { kind: 'policy', body: { policy: 'x'.repeat(81) } } as const;
    expect(() => log.append([opened, press, tooLong])).toThrow(expect.objectContaining({ code: 'meaning-malformed' }));
    expect(storedEntries(folder)).toHaveLength(1);
    expect(log.record()).toEqual(before);
    expect(log.serviceState('S1')).toBe('unknown');
  });

  it('tells its followers after the commit, not before', () => {
    const folder = testFolder();
    const log = openLog(folder);
    const seen: number[] = [];
    log.onAppend(() => seen.push(storedEntries(folder).length));
    log.append(rated('S1'));
    log.append([]);
    expect(seen).toEqual([4]);
  });

  it('is opened by an older version after an update was rolled back', () => {
    const folder = testFolder();
    const newer = openLog(folder);
    newer.append(rated('S1'));
    newer.close();
    onFile(folder, (db) => {
      db.exec(
        'ALTER TABLE entry ADD COLUMN later TEXT; ALTER TABLE epoch ADD COLUMN later TEXT; CREATE TABLE later (id INTEGER PRIMARY KEY)',
      );
      db.pragma('user_version = 99');
    });
    const older = logIn(folder);
    expect(older.open()).toEqual({ damaged: null });
    older.append(rated('S2'));
    older.close();
    expect(onFile(folder, (db) => db.pragma('user_version', { simple: true }))).toBe(99);
    expect(storedEntries(folder)).toHaveLength(7);
  });
});
