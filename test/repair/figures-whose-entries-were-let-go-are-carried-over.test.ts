import { expect, test } from 'vitest';
import type { Level } from '../../protocol/index.js';
import { HallLog } from '../ingest/hall-log.js';
import { OldHall } from '../retention/old-hall.js';
import { ratedLevels, repair, verified } from './repairing.js';

test('what the retention has let go of stays let go, and its figures stay', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  for (const [index, level] of ([5, 4, 1] as Level[]).entries()) chain.ratedService(`s-${index}`, level);
  await hall.sendAll(chain);
  await hall.deliverAll();
  hall.pass(401);
  chain.ratedService('s-new', 2);
  await hall.sendAll(chain);
  await hall.prune();
  const levels = ratedLevels(hall.log);
  const { folder, key } = hall.log;
  await hall.log.close();
  const before = verified({ folder, key });
  expect(before).toMatchObject({ ok: true, faults: [] });
  expect(before.projections?.withoutEntries).toBeGreaterThan(0);

  const report = await repair({ folder, key });
  expect(report).toMatchObject({ carriedServices: 3, dropped: 0, setAside: 0 });
  expect(verified({ folder, key })).toMatchObject({ ok: true, faults: [] });
  const after = await HallLog.open({ folder, key });
  expect(ratedLevels(after)).toEqual(levels);
  expect(after.rows("SELECT 1 FROM forward WHERE state = 'delivered'")).toHaveLength(3);
  expect(after.storedSeqs(chain)).toEqual([11, 12, 13]);
});
