/** No chain is read through an index, and yet a figure may be: what an index says must be what its table says. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { PjqError } from '../../protocol/index.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { hallEvidence, terminalEvidence, verify, type Evidence } from './evidence.js';

interface Page {
  readonly name: string;
  /** From 1. */
  readonly pageno: number;
}

function indexPages(file: string): readonly Page[] {
  const copy = join(temporaryFolder(), 'copy.db');
  copyFileSync(file, copy);
  const db = new Database(copy);
  const pages = db
    .prepare(
      "SELECT dbstat.name, pageno FROM dbstat JOIN sqlite_master USING (name) WHERE type = 'index' AND ncell > 0 ORDER BY pageno",
    )
    .all() as Page[];
  db.close();
  return pages;
}

function isFound(file: string, evidence: Evidence): boolean {
  try {
    return !verify(file, evidence).ok;
  } catch (error) {
    return error instanceof PjqError && error.code === 'store-damaged';
  }
}

it.each([
  ["a hall's store", hallEvidence],
  ["a terminal's log", () => Promise.resolve(terminalEvidence())],
])('%s: whichever page of an index is emptied, or exchanged for another', async (_, make) => {
  const evidence = await make();
  expect(verify(evidence.file, evidence)).toMatchObject({ ok: true });
  const pages = indexPages(evidence.file);
  expect(pages.length).toBeGreaterThan(0);
  const whole = readFileSync(evidence.file);
  const size = whole.readUInt16BE(16);
  const at = ({ pageno }: Page) => whole.subarray((pageno - 1) * size, pageno * size);
  const file = join(temporaryFolder(), 'altered.db');
  for (const page of pages) {
    // Two indexes of one column may say the same, byte by byte.
    const others = pages
      .filter((other) => !at(other).equals(at(page)))
      .map((other) => [other.name, at(other)] as const);
    for (const [by, bytes] of [['zeroes', Buffer.alloc(size)] as const, ...others]) {
      const altered = Buffer.from(whole);
      bytes.copy(altered, (page.pageno - 1) * size);
      writeFileSync(file, altered);
      expect(isFound(file, evidence), `${page.name} (page ${page.pageno}) is now ${by}`).toBe(true);
    }
  }
});
