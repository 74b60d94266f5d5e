import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HallLog } from '../ingest/hall-log.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import {
  afterSendingAgain,
  copied,
  damage,
  freshFolder,
  ratedLevels,
  repair,
  servedHall,
  verified,
  type Served,
} from './repairing.js';

function change(served: Served, sql: string): void {
  const db = new Database(join(served.folder, DATABASE_FILE));
  expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
  db.close();
}

/** Nothing is lost and nothing is there twice, and it can be proven. */
async function wholeAgain(served: Served): Promise<void> {
  const hall = await afterSendingAgain(served);
  expect(ratedLevels(hall)).toEqual(served.levels);
  expect(hall.setAside()).toEqual([]);
  // What the gateway's own log lost nobody has; of the terminals' nothing is missing.
  expect(hall.rows("SELECT 1 FROM alarm WHERE code IN ('log-fork', 'log-gap') AND subject NOT LIKE '%@%'")).toEqual([]);
  expect(hall.total('pending')).toBe(0);
  await hall.close();
  expect(verified(served)).toMatchObject({ ok: true, faults: [] });
}

test('what is not damaged at all is carried over whole', async () => {
  const served = await servedHall(40);
  const before = verified(served);
  const report = await repair(served);
  expect(report).toMatchObject({ dropped: 0, unreadable: 0, terminals: 2, keys: 2, setAside: 0, generation: 2 });
  expect(report.entries).toBe(before.entries);
  expect(report.chains.map(({ words }) => words)).toEqual(
    report.chains.map(({ throughSeq }) => `whole, ${throughSeq} entries`),
  );
  expect(verified(served)).toMatchObject({ ok: true, faults: [], projections: { ratings: 40 } });
  await wholeAgain(served);
});

test("an altered entry: the chain before it stands, what is behind it waits, and the terminal's own entry takes its place", async () => {
  const served = await servedHall(40);
  change(
    served,
    'UPDATE entry SET bytes = CAST(replace(bytes, \'"via":"key"\', \'"via":"kez"\') AS BLOB) WHERE epochId = 2 AND seq = 30',
  );
  expect(verified(served).ok).toBe(false);
  const report = await repair(served);
  expect(report.chains.find(({ source }) => source === 'demo/t1')).toMatchObject({
    throughSeq: 29,
    before: 61,
    words: 'proven through 29, of 61, entries 31 to 61 wait until the terminal has sent those before them',
  });
  expect(report.dropped).toBe(1);
  // Already now it can be proven, with the gateway's key.
  expect(verified(served)).toMatchObject({ ok: true, faults: [] });
  // A card that was replaced has but the missing entry to give: what waited stands behind it.
  const hall = await HallLog.open(served);
  const [chain] = served.terminals;
  if (chain === undefined) throw new Error('no terminal');
  expect((await hall.send(chain, chain.batch(30, 30))).map(({ throughSeq }) => throughSeq)).toEqual([61]);
  await hall.close();
  expect(verified(served)).toMatchObject({ ok: true, faults: [] });
  await wholeAgain(served);
});

test('what the centre has is not sent to it again, also where the word of it is lost', async () => {
  const served = await servedHall(20);
  const hall = await HallLog.open(served);
  const ratingIds = hall.rows<{ ratingId: string }>('SELECT ratingId FROM rating').map(({ ratingId }) => ratingId);
  await hall.store.db.transaction().execute(async (trx) => {
    await hall.store.own.appendAll(
      trx,
      'centre.answered',
      ratingIds.slice(0, 15).map((ratingId) => ({ ratingId, outcome: 'accepted' as const })),
    );
    await trx
      .updateTable('forward')
      .set({ state: 'delivered', deliveredAt: 7 })
      .where('ratingId', 'in', ratingIds.slice(0, 15))
      .execute();
  });
  await hall.close();
  change(served, "UPDATE entry SET bytes = x'00' WHERE kind = 'centre.answered' AND seq > 9");
  const report = await repair(served);
  expect(report.chains.find(({ source }) => source === 'demo/@gw')?.words).toMatch(
    /^proven through 9, of 21, entries 10 to 21 are a named gap$/,
  );
  expect(report.delivered).toBe(15);
  expect(verified(served)).toMatchObject({ ok: true, faults: [] });
  await wholeAgain(served);
});

test('figures that no entry backs are made anew from the entries', async () => {
  const served = await servedHall(20);
  change(served, "UPDATE rating SET level = 6 - level WHERE serviceId = 's-4'");
  change(served, "DELETE FROM service WHERE serviceId = 's-7'");
  expect(verified(served).faults).toHaveLength(2);
  await repair(served);
  expect(verified(served)).toMatchObject({ ok: true, faults: [] });
  await wholeAgain(served);
});

test('a chain whose hashes were made anew behind an alteration is not believed: the terminal sends it again', async () => {
  const served = await servedHall(20);
  change(served, "UPDATE epoch SET signature = randomblob(64) WHERE source = 'demo/t2'");
  const report = await repair(served);
  expect(report.chains.find(({ source }) => source === 'demo/t2')).toMatchObject({
    throughSeq: 0,
    words: 'its entries are not those that were signed: nothing of it was carried over',
  });
  await wholeAgain(served);
});

test('a file that was cut, pages that were overwritten, a header that is gone', async () => {
  const served = await servedHall(400);
  const page = (n: number) => (bytes: Buffer) =>
    Buffer.concat([bytes.subarray(0, n * 4096), Buffer.alloc(4096, 0xa5), bytes.subarray((n + 1) * 4096)]);
  for (const harm of [(bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2)), page(20), page(9)]) {
    const copy = copied(served, freshFolder());
    damage(copy, harm);
    const report = await repair(copy);
    expect(report.generation).toBeGreaterThan(1);
    expect(report.keys).toBe(2);
    await wholeAgain(copy);
  }
  const copy = copied(served, freshFolder());
  damage(copy, page(0));
  const report = await repair(copy);
  expect(report).toMatchObject({ entries: 0, terminals: 0, chains: [] });
});
