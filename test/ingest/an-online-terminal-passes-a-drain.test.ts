/** What an online terminal waits for is counted in groups, each bounded in what it takes: no clock is asked. */
import { expect, test } from 'vitest';
import { HallLog } from './hall-log.js';

const DRAINING = 60;

test('a press of an online terminal is committed with the next group, whatever a hall is draining', async () => {
  const groups: number[] = [];
  const hall = await HallLog.open({
    onCommit: (linked) => {
      groups.push(linked);
      if (groups.length === 2) hall.ingest.batch('online', press);
    },
  });
  const online = await hall.terminal('online');
  online.opened('o-1');
  await hall.send(online, online.batch());
  online.press('o-1', 5);
  const press = online.batch(online.headSeq, online.headSeq);
  const backlogs = [];
  for (let n = 0; n < DRAINING; n += 1) {
    const chain = await hall.terminal(`t${n}`);
    for (let service = 0; service < 65; service += 1) chain.ratedService(`t${n}-${service}`);
    backlogs.push(chain);
  }

  groups.length = 0;
  for (const chain of backlogs)
    for (let from = 1; from <= chain.headSeq; from += 100)
      hall.ingest.batch(chain.terminal, chain.batch(from, Math.min(from + 99, chain.headSeq)));
  await hall.ingest.idle();
  expect(groups.reduce((sum, linked) => sum + linked, 0)).toBe(backlogs.reduce((sum, one) => sum + one.headSeq, 1));
  expect(groups.length).toBeGreaterThan(4);
  const [at] = hall.rows<{ id: number }>(
    "SELECT max(entry.id) AS id FROM entry JOIN epoch ON epoch.id = epochId WHERE source = 'demo/online'",
  );
  const before = hall.rows<{ total: number }>(DRAINED_BEFORE, at?.id)[0]?.total;
  // The least that was given comes first: the press leads the group after those two.
  expect(before).toBe((groups[0] ?? 0) + (groups[1] ?? 0));
  // So much an answer may wait for; the bench says what that is in ms.
  expect(Math.max(...groups)).toBeLessThanOrEqual(2_400);
});

const DRAINED_BEFORE =
  "SELECT count(*) AS total FROM entry JOIN epoch ON epoch.id = epochId WHERE source LIKE 'demo/t%' AND entry.id < ?";
