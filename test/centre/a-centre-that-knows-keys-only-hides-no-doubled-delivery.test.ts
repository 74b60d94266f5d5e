import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { makeRating, never, startCentre, startPort, temporaryFolder } from './centre-at-work.js';

const keysAndArrivals = (entries: readonly { idempotencyKey: string; arrivals: number }[]) =>
  entries.map(({ idempotencyKey, arrivals }) => [idempotencyKey, arrivals]);

describe('a centre that recognises a rating by its key only', () => {
  it('takes the same rating again under another key, and counts how often each came', async () => {
    const centre = await startCentre({ recognition: 'key' });
    const port = startPort(centre.url);
    const rating = makeRating();
    expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'accepted' });
    expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'already' });
    expect(await port.deliver(rating, 'key-2', never)).toEqual({ kind: 'accepted' });
    expect(await port.deliver(makeRating(), 'key-1', never)).toEqual({ kind: 'conflict', held: rating });
    expect(keysAndArrivals(await centre.ledger())).toEqual([
      ['key-1', 2],
      ['key-2', 1],
    ]);
  });

  it('is not what a centre is by default: that one counts the arrivals of its one entry', async () => {
    const centre = await startCentre();
    const port = startPort(centre.url);
    const rating = makeRating();
    for (const key of ['key-1', 'key-1', 'key-2']) await port.deliver(rating, key, never);
    expect(keysAndArrivals(await centre.ledger())).toEqual([['key-1', 3]]);
  });

  it('goes on with a ledger that was kept by cases, and one of before that counted nothing', async () => {
    const dataDir = temporaryFolder();
    const file = new Database(join(dataDir, 'centre.sqlite'));
    file.exec(`CREATE TABLE ledger (
      position INTEGER PRIMARY KEY AUTOINCREMENT, case_no TEXT NOT NULL, service_number INTEGER NOT NULL,
      assess_number INTEGER NOT NULL, hall TEXT NOT NULL, content TEXT NOT NULL, received_at INTEGER NOT NULL,
      idempotency_key TEXT NOT NULL, UNIQUE (case_no, service_number, assess_number, hall))`);
    const old = makeRating();
    file
      .prepare('INSERT INTO ledger VALUES (1, ?, ?, ?, ?, ?, 1, ?)')
      .run(old.caseNo, old.serviceNumber, old.assessNumber, old.hall, JSON.stringify(old), 'old-key');
    file.close();
    const before = await startCentre({ dataDir });
    expect(await startPort(before.url).deliver(old, 'another-key', never)).toEqual({ kind: 'already' });
    expect(keysAndArrivals(await before.ledger())).toEqual([['old-key', 2]]);
    await before.stop();

    const fresh = temporaryFolder();
    const byCase = await startCentre({ dataDir: fresh });
    const rating = makeRating();
    await startPort(byCase.url).deliver(rating, 'key-1', never);
    await byCase.stop();
    const byKey = await startCentre({ dataDir: fresh, recognition: 'key' });
    expect(await startPort(byKey.url).deliver(rating, 'key-2', never)).toEqual({ kind: 'accepted' });
    await byKey.stop();
    await expect(startCentre({ dataDir: fresh })).rejects.toThrow('UNIQUE');
  });
});
