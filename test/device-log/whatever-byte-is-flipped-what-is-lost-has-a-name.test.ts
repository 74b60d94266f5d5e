import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isPjqError, parseEntry, readBody, type Entry } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { seeded } from '../support/seeded.js';
import {
  BOOT,
  fileIn,
  live,
  logIn,
  openLog,
  parsed,
  promised,
  rated,
  storedEntries,
  testFolder,
} from './log-at-work.js';

const TRIALS = 60;
const SUFFIXES = ['', '-wal', '.head'];

/** Readable entries of a file, whatever state it is in. */
function readable(folder: string): Entry[] {
  return storedEntries(folder).flatMap(({ bytes }) => {
    try {
      return [parseEntry(nodeSuite, bytes)];
    } catch (error) {
      if (isPjqError(error)) return [];
      throw error;
    }
  });
}

/**
 * A card that changes bytes, or loses the end of a file: every entry that was not acknowledged is either appended
 * again in the live epoch, or stands in a gap that the log names, and no gap names one that is held.
 */
test('whatever byte is flipped or cut off, what is lost has a name', { timeout: 120_000 }, () => {
  const whole = testFolder();
  const log = openLog(whole);
  for (let n = 1; n <= 20; n += 1) log.append(rated(`acked-${n}`));
  log.acknowledge(live(log), promised(log, 61));
  for (let n = 1; n <= 40; n += 1) log.append(rated(`S${n}`));
  log.close(); // most of it stands in the main file,
  const again = openLog(whole);
  for (let n = 41; n <= 60; n += 1) again.append(rated(`S${n}`)); // and these in the write-ahead log.
  const before = live(again);
  const told = parsed(storedEntries(whole)).filter(({ seq }) => seq > before.ackedSeq);
  expect(told.length).toBe(180);

  const random = seeded('flipped');
  const seen = { whole: 0, gap: 0, aside: 0 };
  for (let trial = 0; trial < TRIALS; trial += 1) {
    const folder = testFolder();
    for (const suffix of SUFFIXES) copyFileSync(fileIn(whole) + suffix, fileIn(folder) + suffix);
    const hit = fileIn(folder) + (trial % 2 === 0 ? '' : '-wal');
    const image = readFileSync(hit);
    // The write-ahead log has its full size from the start; its beginning is what was written.
    const within = trial % 2 === 0 ? image.length : 400_000;
    const at = Math.floor(random() * within);
    if (trial % 5 === 4) truncateSync(hit, at);
    else {
      for (let n = 0; n <= trial % 3; n += 1) {
        const place = Math.min(image.length - 1, at + n * 700);
        image[place] = (image[place] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      writeFileSync(hit, image);
    }

    const opened = logIn(folder);
    const { damaged } = opened.open();
    const { id, epoch } = live(opened);
    const held = parsed(storedEntries(folder, id));
    const gaps = readable(folder)
      .filter(({ kind }) => kind === 'log.gap')
      .map((entry) => readBody(entry, 'log.gap'));
    const carried = new Set(held.map(({ seq, re }) => (epoch === before.epoch ? seq : re?.seq)));
    for (const { seq } of told) {
      const named = gaps.some((gap) => gap.epoch === before.epoch && gap.fromSeq <= seq && seq <= gap.throughSeq);
      expect(carried.has(seq) !== named, `trial ${trial} at ${at}: ${seq} carried or named, and not both`).toBe(true);
    }
    if (damaged?.includes('.damaged-')) {
      seen.aside += 1;
      expect(existsSync(damaged)).toBe(true);
    } else if (damaged === null) seen.whole += 1;
    if (gaps.length > 0) seen.gap += 1;
    opened.append([BOOT]);
    expect(opened.epochs().filter((one) => one.live)).toHaveLength(1);
    opened.close();
    rmSync(folder, { recursive: true, force: true });
  }
  // The trials did meet all of it.
  expect(seen.whole).toBeGreaterThan(3);
  expect(seen.gap).toBeGreaterThan(8);
  expect(seen.aside).toBeGreaterThan(3);
});

test('a log that was put in place of a newer one names what it does not have', () => {
  const folder = testFolder();
  const log = openLog(folder);
  log.append(rated('S1'));
  log.close();
  const old = join(folder, 'old');
  copyFileSync(fileIn(folder), old);
  const newer = openLog(folder);
  newer.append(rated('S2'));
  const { epoch, endSeq } = live(newer);
  newer.close();
  copyFileSync(old, fileIn(folder));

  const back = logIn(folder);
  expect(back.open()).toEqual({ damaged: 'chain' });
  const entries = parsed(storedEntries(folder, live(back).id));
  expect(entries[0]?.body).toMatchObject({ cause: 'damaged', ancestor: { epoch, seq: 4 } });
  expect(entries.at(-1)).toMatchObject({ kind: 'log.gap', body: { epoch, fromSeq: 5, throughSeq: endSeq } });
});

test('a log that is gone altogether is named by the note beside it, and once', () => {
  const folder = testFolder();
  const log = openLog(folder);
  log.append(rated('S1'));
  log.acknowledge(live(log), promised(log, 2));
  log.append([BOOT]);
  const { epoch, endSeq } = live(log);
  log.close();
  rmSync(fileIn(folder));

  openLog(folder).close();
  const again = openLog(folder);
  expect(again.epochs()).toHaveLength(1);
  const entries = parsed(storedEntries(folder));
  expect(entries.map(({ kind }) => kind)).toEqual(['epoch', 'log.gap']);
  expect(entries[0]?.body).toMatchObject({ cause: 'damaged', ancestor: { epoch, seq: endSeq } });
  expect(entries[1]?.body).toMatchObject({ epoch, fromSeq: 3, throughSeq: endSeq });
});
