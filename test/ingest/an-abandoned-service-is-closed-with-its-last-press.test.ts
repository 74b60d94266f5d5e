import { expect, test } from 'vitest';
import { closeAbandoned } from '../../gateway/ingest/grace.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog, OWN_SOURCE, quiet } from './hall-log.js';
import type { TerminalChain } from './terminal-chain.js';

const GRACE_MS = 72 * 3_600_000;

/** One look for abandoned services. */
async function look(hall: HallLog): Promise<{ closed: number; told: number }> {
  let told = 0;
  const closed = await closeAbandoned({
    store: hall.store,
    suite: nodeSuite,
    clock: hall.clock,
    graceMs: GRACE_MS,
    ownSource: OWN_SOURCE,
    logger: quiet,
    onClosed: () => (told += 1),
  });
  return { closed, told };
}

/** A terminal that died after a change of mind, before it closed the session. */
async function abandoned(): Promise<{ hall: HallLog; chain: TerminalChain; last: string }> {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.opened('s-1');
  chain.press('s-1', 5);
  const last = chain.press('s-1', 2);
  await hall.send(chain, chain.batch());
  return { hall, chain, last };
}

test('an abandoned service is closed with its last press, once', async () => {
  const { hall, chain, last } = await abandoned();
  hall.clock.advance(GRACE_MS);
  expect(await look(hall)).toEqual({ closed: 0, told: 0 });
  expect(hall.total('rating')).toBe(0);
  hall.clock.advance(1);
  expect(await look(hall)).toEqual({ closed: 1, told: 1 });
  expect(hall.rows('SELECT ratingId, level, cause FROM rating')).toEqual([
    { ratingId: last, level: 2, cause: 'grace' },
  ]);
  expect(hall.rows('SELECT ratingId, state FROM forward')).toEqual([{ ratingId: last, state: 'waiting' }]);
  expect(hall.rows('SELECT state, endCause FROM service')).toEqual([{ state: 'closed', endCause: 'grace' }]);
  expect(hall.ownBodies('rating')).toEqual([
    {
      id: last,
      serviceId: 's-1',
      level: 2,
      cause: 'grace',
      provenance: { source: chain.source, epoch: chain.epoch, seq: 4 },
    },
  ]);
  hall.clock.advance(GRACE_MS);
  expect(await look(hall)).toEqual({ closed: 0, told: 0 });
  expect(hall.ownBodies('rating')).toHaveLength(1);
  expect(verifyFile(`${hall.folder}/hall.db`, { suite: nodeSuite, publicKeys: [hall.key.publicKey] }).ok).toBe(true);
});

test("the terminal's own late closing of that press changes nothing; of another press it is kept beside", async () => {
  const { hall, chain, last } = await abandoned();
  hall.clock.advance(GRACE_MS + 1);
  await look(hall);
  // But for this: from here on the terminal's log covers the service, and tells of a later press.
  const covered = hall.clock.wallMs() + 60_000;
  const tables = () => [
    hall.rows('SELECT * FROM rating'),
    hall.rows('SELECT * FROM forward'),
    hall.rows<object>('SELECT * FROM service').map((row) => ({ ...row, coveredAt: covered, lastPressId: null })),
  ];
  const before = tables();
  hall.clock.advance(60_000);
  const late = chain.rating('s-1', 2, last);
  expect(await hall.send(chain, chain.batch(late))).toMatchObject([{ throughSeq: late }]);
  expect(hall.setAside()).toEqual([]);
  const other = chain.rating('s-1', 5, chain.press('s-1', 5));
  expect(await hall.send(chain, chain.batch(late))).toMatchObject([{ throughSeq: other }]);
  expect(hall.setAside()).toEqual([]);
  expect(hall.rows('SELECT level, code FROM aside')).toEqual([{ level: 5, code: 'service-already-rated' }]);
  expect(hall.rows('SELECT coveredAt FROM service')).toEqual([{ coveredAt: covered }]);
  expect(tables()).toEqual(before);
});

test('a service with a younger press waits for its own time, and nothing is said to be closed', async () => {
  const { hall, chain } = await abandoned();
  hall.clock.advance(GRACE_MS);
  const youngest = chain.press('s-1', 3);
  await hall.send(chain, chain.batch(5));
  hall.clock.advance(1);
  expect(await look(hall)).toEqual({ closed: 0, told: 0 });
  hall.clock.advance(GRACE_MS);
  expect(await look(hall)).toEqual({ closed: 1, told: 1 });
  expect(hall.rows('SELECT ratingId, level FROM rating')).toEqual([{ ratingId: youngest, level: 3 }]);
});

test('what nobody pressed, and what is closed, is left alone', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.opened('s-unpressed');
  chain.ratedService('s-rated', 5);
  chain.opened('s-unrated');
  chain.append('unrated', { serviceId: 's-unrated', cause: 'time-over' });
  await hall.send(chain, chain.batch());
  hall.clock.advance(2 * GRACE_MS);
  expect(await look(hall)).toEqual({ closed: 0, told: 0 });
  expect([hall.total('rating'), hall.ownBodies('rating').length]).toEqual([1, 0]);
});

test('more abandoned services than one round takes are closed in the next, each with its last press', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const last: string[] = [];
  // Three presses a service: a round's limit falls between the presses of one.
  for (let n = 0; n < 45; n += 1) {
    chain.opened(`s-${n}`);
    chain.press(`s-${n}`, 1);
    chain.press(`s-${n}`, 2);
    last.push(chain.press(`s-${n}`, 5));
  }
  await hall.send(chain, chain.batch(1, 100), chain.batch(101));
  hall.clock.advance(GRACE_MS + 1);
  let closed = 0;
  for (let round = 0; round < 4; round += 1) closed += (await look(hall)).closed;
  expect(closed).toBe(45);
  expect(
    hall
      .rows<{ ratingId: string }>('SELECT ratingId FROM rating ORDER BY entryId')
      .map(({ ratingId }) => ratingId)
      .sort(),
  ).toEqual(last.sort());
  expect(hall.ownBodies('rating')).toHaveLength(45);
});
