import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seeded } from '../support/seeded.js';
import { BOOT, chainHolds, fileIn, live, logIn, openLog, rated, storedEntries, testFolder } from './log-at-work.js';

const TRIALS = 200;

/** A power cut tears the write-ahead log where it likes: cut off, or with sectors that were never written. */
describe('a torn write-ahead log', () => {
  it('always opens, as an exact prefix of whole appends, and goes on', { timeout: 120_000 }, () => {
    const folder = testFolder();
    openLog(folder).close(); // schema and epoch are in the file itself
    const log = openLog(folder);
    const unwritten = readFileSync(`${fileIn(folder)}-wal`); // it has its full size from the start
    const appends = [1];
    for (let n = 1; n <= 30; n += 1) {
      const drafts = n % 3 === 0 ? [BOOT] : rated(`S${n}`);
      log.append(drafts);
      appends.push((appends.at(-1) ?? 0) + drafts.length);
    }
    const whole = storedEntries(folder).map(({ bytes }) => bytes.toString());
    const { epoch } = live(log);
    const wal = readFileSync(`${fileIn(folder)}-wal`);
    let written = wal.length;
    while (wal[written - 1] === unwritten[written - 1]) written -= 1;
    const random = seeded('torn');
    const lengths = new Set<number>();

    for (let trial = 0; trial < TRIALS; trial += 1) {
      const torn = join(folder, `torn-${trial}`);
      mkdirSync(torn);
      copyFileSync(fileIn(folder), fileIn(torn));
      const at = Math.floor(random() * (written + 1));
      const left = Buffer.from(wal.subarray(0, trial % 2 === 0 ? at : wal.length));
      if (trial % 2 === 1) left.fill(0, at, Math.min(left.length, at + 512));
      writeFileSync(`${fileIn(torn)}-wal`, left);

      const opened = logIn(torn);
      expect(opened.open(), `trial ${trial}, torn at ${at}`).toEqual({ damaged: null });
      const kept = storedEntries(torn);
      expect(kept.map(({ bytes }) => bytes.toString())).toEqual(whole.slice(0, kept.length));
      expect(appends, `trial ${trial}, torn at ${at}`).toContain(kept.length);
      opened.append([BOOT]);
      expect(chainHolds(storedEntries(torn), epoch)).toBe(true);
      lengths.add(kept.length);
      opened.close();
      rmSync(torn, { recursive: true });
    }
    // The trials did tear it at many places.
    expect(lengths.size).toBeGreaterThan(20);
  });

  it('that is gone altogether leaves what the file holds', () => {
    const folder = testFolder();
    openLog(folder).close();
    const copy = testFolder();
    copyFileSync(fileIn(folder), fileIn(copy));
    expect(existsSync(`${fileIn(copy)}-wal`)).toBe(false);
    const log = logIn(copy);
    expect(log.open()).toEqual({ damaged: null });
    expect(live(log).endSeq).toBe(1);
  });
});
