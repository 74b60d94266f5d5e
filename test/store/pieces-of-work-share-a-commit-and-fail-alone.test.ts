import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { Gathered } from '../../gateway/store/gathered.js';
import { attempt, type Attempted } from '../../gateway/store/savepoint.js';
import type { Trx } from '../../gateway/store/store.js';
import { HallLog } from '../ingest/hall-log.js';

const put = (key: string) => ({ key, value: 'x' });

type Work = (trx: Trx) => Promise<unknown>;

/** Pieces of work that come in one moment, at most sixteen, in one transaction, each whole or not at all. */
function sharing({ store }: HallLog): (work: Work) => Promise<unknown> {
  const gathered = new Gathered<Work, unknown>(
    (group) =>
      store.db.transaction().execute(async (trx) => {
        const attempted: Attempted<unknown>[] = [];
        for (const work of group) attempted.push(await attempt(trx, () => work(trx)));
        return attempted;
      }),
    { most: 16 },
  );
  return (work) => gathered.add(work);
}

test('what comes at the same time stands together after one commit; what throws leaves nothing and hurts nobody', async () => {
  const hall = await HallLog.open();
  const share = sharing(hall);
  const seenByOthers: number[] = [];
  const known = () => hall.total('meta', "key LIKE 'work-%'");
  const work = Array.from({ length: 20 }, (_, n) =>
    share(async (trx) => {
      await trx
        .insertInto('meta')
        .values(put(`work-${n}`))
        .execute();
      // What another connection sees meanwhile is what is committed.
      seenByOthers.push(known());
      if (n % 7 === 3) throw new Error(`piece ${n}`);
      return n;
    }),
  );
  const outcomes = await Promise.allSettled(work);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(3);
  expect(known()).toBe(17);
  expect(hall.total('meta', "key IN ('work-3', 'work-10', 'work-17')")).toBe(0);
  // Sixteen shared, of which two threw; four were left.
  expect([...new Set(seenByOthers)]).toEqual([0, 14]);
});

test('where the whole fails nobody is told that it stands', async () => {
  const hall = await HallLog.open();
  const share = sharing(hall);
  const work = (n: number) =>
    share(async (trx) => {
      await trx
        .insertInto('meta')
        .values(put(`work-${n}`))
        .execute();
      if (n !== 3) return;
      // As a full disk does: the database itself ends the transaction.
      await sql`ROLLBACK`.execute(trx);
      throw new Error('the disk is full');
    });
  await work(1);
  const outcomes = await Promise.allSettled([2, 3, 4].map(work));
  expect(outcomes.map((one) => (one.status === 'rejected' ? String(one.reason) : one.status))).toEqual(
    Array(3).fill('Error: the disk is full'),
  );
  expect(hall.total('meta', "key LIKE 'work-%'")).toBe(1);
});

test('what one turn of the event loop brings comes together, however many callbacks it takes', async () => {
  const hall = await HallLog.open();
  const share = sharing(hall);
  const seenByOthers: number[] = [];
  const work: Promise<unknown>[] = [];
  await new Promise<void>((resolve) => {
    // Each with its own microtasks after it, as sockets are read one after the other.
    for (let n = 0; n < 3; n += 1)
      setImmediate(() => {
        work.push(
          share(async (trx) => {
            await trx
              .insertInto('meta')
              .values(put(`work-${n}`))
              .execute();
            seenByOthers.push(hall.total('meta', "key LIKE 'work-%'"));
          }),
        );
        if (n === 2) resolve();
      });
  });
  await Promise.all(work);
  expect(seenByOthers).toEqual([0, 0, 0]);
});
