import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBody } from '../../protocol/index.js';
import {
  BOOT,
  chainHolds,
  fileIn,
  live,
  logIn,
  onFile,
  openLog,
  parsed,
  promised,
  rated,
  SOURCE,
  storedEntries,
  testFolder,
} from './log-at-work.js';

const serviceSchema = z.object({ serviceId: z.string().default('') });

describe('a damaged log', () => {
  /** Eight services; the first two are acknowledged (entries 1–7). @returns the folder, closed. */
  function closedLog(): string {
    const folder = testFolder();
    const log = openLog(folder);
    for (let n = 1; n <= 2; n += 1) log.append(rated(`acked-${n}`));
    log.acknowledge(live(log), promised(log, 7));
    for (let n = 1; n <= 6; n += 1) log.append(rated(`S${n}`, 5));
    log.close();
    return folder;
  }

  /** Changes one byte of an entry's stored bytes: a rating of 5 becomes one of 1. */
  function changeEntry(folder: string, seq: number, column: 'bytes' | 'hash' = 'bytes'): void {
    onFile(folder, (db) => {
      const { value } = db.prepare(`SELECT ${column} AS value FROM entry WHERE seq = ?`).get(seq) as { value: Buffer };
      const changed = Buffer.from(value);
      if (column === 'hash') changed[0] = (changed[0] ?? 0) ^ 1;
      else changed[value.indexOf('"level":5') + '"level":'.length] = '1'.charCodeAt(0);
      expect(changed.equals(value)).toBe(false);
      db.prepare(`UPDATE entry SET ${column} = ? WHERE seq = ?`).run(changed, seq);
    });
  }

  const story = (folder: string, epochId: number) =>
    parsed(storedEntries(folder, epochId)).map(({ kind, re, body }) =>
      `${kind} ${re?.seq ?? 0} ${serviceSchema.parse(body).serviceId}`.trim(),
    );

  /** What the log itself names as lost. */
  const gaps = (folder: string, epochId?: number) =>
    parsed(storedEntries(folder, epochId)).flatMap((entry) =>
      entry.kind === 'log.gap' ? [readBody(entry, 'log.gap')] : [],
    );

  it('in an entry that was not acknowledged: a new epoch, with everything that the old chain vouches for', () => {
    const folder = closedLog();
    changeEntry(folder, 12); // the press of S2
    const log = logIn(folder);
    expect(log.open()).toEqual({ damaged: 'chain' });

    const [old, next] = log.epochs();
    if (old === undefined || next === undefined) throw new Error('an epoch is missing');
    expect(old).toMatchObject({ live: false, endSeq: 7 });
    const rows = storedEntries(folder, next.id);
    expect(chainHolds(rows, next.epoch)).toBe(true);
    expect(parsed(rows)[0]?.body).toMatchObject({ cause: 'damaged', ancestor: { epoch: old.epoch, seq: 25 } });
    // Entry 12 says another level than the citizen pressed: in the new chain nobody could tell any more.
    const expected = [...Array(18).keys()].map((index) => index + 8).filter((seq) => seq !== 12);
    expect(
      parsed(rows)
        .slice(1, -1)
        .map(({ re }) => re?.seq),
    ).toEqual(expected);
    expect(gaps(folder, next.id)).toEqual([{ source: SOURCE, epoch: old.epoch, fromSeq: 12, throughSeq: 12 }]);
    expect(story(folder, next.id).slice(1, 6)).toEqual([
      'service.opened 8 S1',
      'press 9 S1',
      'rating 10 S1',
      'service.opened 11 S2',
      'rating 13 S2',
    ]);
    // The old entries stay as they were found, for inspection.
    expect(storedEntries(folder, old.id)).toHaveLength(25);
    log.append([BOOT]);
    expect(live(log).endSeq).toBe(rows.length + 1);
    log.close();
    expect(logIn(folder).open()).toEqual({ damaged: null });
  });

  it('only in a stored hash loses no entry', () => {
    const folder = closedLog();
    changeEntry(folder, 12, 'hash');
    const log = logIn(folder);
    expect(log.open()).toEqual({ damaged: 'chain' });
    expect(story(folder, live(log).id)).toHaveLength(1 + 18);
    expect(gaps(folder)).toEqual([]);
  });

  it('in bytes that are no entry any more carries over the others', () => {
    const folder = closedLog();
    onFile(folder, (db) => db.prepare("UPDATE entry SET bytes = x'00ff00' WHERE seq = 25").run());
    const log = logIn(folder);
    expect(log.open()).toEqual({ damaged: 'chain' });
    expect(
      story(folder, live(log).id)
        .slice(1, -1)
        .map((line) => Number(line.split(' ')[1])),
    ).toEqual([...Array(17).keys()].map((index) => index + 8));
    expect(gaps(folder, live(log).id)).toMatchObject([{ fromSeq: 25, throughSeq: 25 }]);
  });

  it.each([
    ['bytes', 7],
    ['bytes', 'text'],
    ['hash', 7],
    ['seq', 'text'],
    ['seq', 13],
  ])('in a row whose %s have become %j names what cannot be proven, in the middle and at the end', (column, value) => {
    for (const seq of [12, 25]) {
      const folder = closedLog();
      onFile(folder, (db) => db.prepare(`UPDATE entry SET ${column} = ? WHERE seq = ?`).run(value, seq));
      const log = logIn(folder);
      expect(log.open().damaged).not.toBeNull();
      const { id } = live(log);
      const carried = parsed(storedEntries(folder, id)).flatMap(({ re }) => (re === undefined ? [] : [re.seq]));
      const named = gaps(folder, id).flatMap(({ fromSeq, throughSeq }) =>
        Array.from({ length: throughSeq - fromSeq + 1 }, (_, index) => fromSeq + index),
      );
      expect([...carried, ...named].sort((a, b) => a - b)).toEqual([...Array(18).keys()].map((index) => index + 8));
      expect(named).toContain(seq);
      expect(named.length).toBeLessThanOrEqual(2);
      log.append([BOOT]);
      log.close();
    }
  });

  it('with a missing entry is found as well', () => {
    const folder = closedLog();
    onFile(folder, (db) => db.prepare('DELETE FROM entry WHERE seq = 12').run());
    expect(logIn(folder).open()).toEqual({ damaged: 'chain' });
  });

  it('with an entry in the place of another is found, though the entries follow from one another as they are read', () => {
    const folder = closedLog();
    const image = readFileSync(fileIn(folder));
    // The key of entry 12 of epoch 1, as SQLite writes it; the cell stays where it is.
    const key = (seq: number) => Buffer.from([0x90, 0x80, 0x80, 0x80, seq]);
    expect(image.includes(key(12))).toBe(true);
    // A page that was divided may have it once more where nothing is read.
    for (let at = image.indexOf(key(12)); at > 0; at = image.indexOf(key(12), at)) key(99).copy(image, at);
    writeFileSync(fileIn(folder), image);
    const log = logIn(folder);
    expect(log.open().damaged).not.toBeNull();
    const [old, next] = log.epochs();
    expect([old?.live, next?.live]).toEqual([false, true]);
    log.append(rated('after'));
    expect(chainHolds(storedEntries(folder, next?.id), next?.epoch ?? '')).toBe(true);
    const carried = new Set(parsed(storedEntries(folder, next?.id)).map(({ re }) => re?.seq));
    const named = gaps(folder, next?.id);
    for (let seq = 8; seq <= 25; seq += 1)
      expect(
        carried.has(seq) || named.some(({ fromSeq, throughSeq }) => fromSeq <= seq && seq <= throughSeq),
        `${seq} is carried over or named`,
      ).toBe(true);
  });

  it('far back in a long backlog is found when it is to be sent, and costs the start nothing', () => {
    const folder = testFolder();
    const log = openLog(folder);
    for (let n = 0; n < 210; n += 1) log.append(Array.from({ length: 100 }, () => BOOT));
    log.close();
    onFile(folder, (db) => db.prepare('UPDATE entry SET hash = zeroblob(32) WHERE seq = 5').run());
    const again = logIn(folder);
    expect(again.open()).toEqual({ damaged: null });
    expect(again.leaveIfBroken()).toBe(true);
    expect(live(again)).toMatchObject({ prunedSeq: 0 });
    expect(again.epochs()).toHaveLength(2);
    // Its hash was damaged, and not what it says: the one after it vouches for it.
    expect(gaps(folder)).toEqual([]);
  });

  it('that is no database is kept aside, and a new log begins', () => {
    const folder = testFolder();
    writeFileSync(fileIn(folder), Buffer.alloc(20_000, 'not a database'));
    const before = readFileSync(fileIn(folder));
    const log = logIn(folder);
    const { damaged } = log.open();
    if (damaged === null) throw new Error('the damage was not told');
    expect(readFileSync(damaged).equals(before)).toBe(true);
    log.append(rated('S1'));
    expect(parsed(storedEntries(folder))[0]).toMatchObject({
      kind: 'epoch',
      body: { cause: 'damaged', ancestor: null },
    });
    expect(log.serviceState('S1')).toBe('ended');
    expect(log.record().service).toBeNull();
    // Nothing tells that anything was here.
    expect(gaps(folder)).toEqual([]);
  });

  it('in any page of the file still opens, carries over what can be read, and takes presses', () => {
    const whole = closedLog();
    const image = readFileSync(fileIn(whole));
    const pages = image.length / 4096;
    const carried: number[] = [];
    for (let page = 0; page < pages; page += 1) {
      const folder = testFolder();
      const broken = Buffer.from(image);
      broken.fill(0xff, page * 4096, (page + 1) * 4096);
      writeFileSync(fileIn(folder), broken);
      const log = logIn(folder);
      const { damaged } = log.open();
      if (damaged !== null && damaged !== 'chain') {
        expect(readFileSync(damaged).equals(broken)).toBe(true);
        expect(chainHolds(storedEntries(folder), live(log).epoch)).toBe(true);
        const entries = parsed(storedEntries(folder)).filter(({ re }) => re !== undefined);
        carried.push(entries.length);
        for (const id of new Set(
          entries.filter(({ kind }) => kind === 'rating').map(({ body }) => String(body['serviceId'])),
        )) {
          expect(log.serviceState(id)).toBe('ended');
        }
      }
      log.append(rated('after'));
      expect(log.serviceState('after')).toBe('ended');
      log.close();
    }
    // The database's own first page takes all with it; a page of a projection takes nothing; a page of entries those in it.
    expect(carried).toContain(0);
    expect(carried.filter((total) => total === 18).length).toBeGreaterThan(2);
    expect(carried.some((total) => total > 0 && total < 18)).toBe(true);
  });

  it.each([1, 3, 4])('goes on with the service that stood open, acknowledged through %i', (ackedSeq) => {
    const folder = testFolder();
    const log = openLog(folder);
    const [opened, press] = rated('S1');
    if (opened === undefined || press === undefined) throw new Error('drafts are missing');
    log.append([{ kind: 'duty.on', body: { staffNo: '1001' } }, opened]);
    log.append([press]);
    log.acknowledge(live(log), promised(log, ackedSeq));
    const before = log.record();
    log.close();
    const { rootpage } = onFile(
      folder,
      (db) => db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'service'").get() as { rootpage: number },
    );
    const image = readFileSync(fileIn(folder));
    image.fill(0xff, (rootpage - 1) * 4096, rootpage * 4096);
    writeFileSync(fileIn(folder), image);
    const again = logIn(folder);
    expect(again.open().damaged).toMatch(/\.damaged-/);
    expect(again.record()).toEqual(before);
    expect(again.serviceState('S1')).toBe(ackedSeq === 1 ? 'open' : 'unknown');
    expect(parsed(storedEntries(folder)).map(({ kind }) => kind)).toEqual([
      'epoch',
      ...['duty.on', 'service.opened', 'press'].slice(ackedSeq - 1),
    ]);
  });
});
