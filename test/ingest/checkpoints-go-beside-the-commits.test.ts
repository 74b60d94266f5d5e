import { statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Checkpointer } from '../../gateway/store/checkpointer.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { HallLog, quiet } from './hall-log.js';

test('the write-ahead log is carried over by a thread of its own, and commits go on meanwhile', async () => {
  // A thread runs from the built files: `npx tsc -b gateway` makes them.
  const built = new URL('../../dist/gateway/store/checkpointer.js', import.meta.url);
  const { Checkpointer: Built } = (await import(built.href)) as { Checkpointer: typeof Checkpointer };
  const hall = await HallLog.open();
  await sql`pragma wal_autocheckpoint = 0`.execute(hall.store.db); // not by the commits
  const chain = await hall.terminal('t1');
  for (let n = 0; n < 33; n += 1) chain.ratedService(`s-${n}`);
  await hall.send(chain, chain.batch());
  const bytes = () => statSync(join(hall.folder, DATABASE_FILE)).size;
  const before = bytes();
  const checkpointer = new Built(hall.folder, quiet);
  checkpointer.start();
  try {
    await expect.poll(bytes, { timeout: 20_000 }).toBeGreaterThan(before);
    for (let n = 0; n < 20; n += 1) {
      const from = chain.headSeq + 1;
      chain.ratedService(`later-${n}`);
      expect(await hall.send(chain, chain.batch(from))).toMatchObject([{ throughSeq: chain.headSeq }]);
    }
  } finally {
    await checkpointer.stop();
  }
  expect(hall.rows('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});
