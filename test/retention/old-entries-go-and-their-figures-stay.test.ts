import { expect, test } from 'vitest';
import { headMessage, type Level } from '../../protocol/index.js';
import { nodeSuite, signatureCheck } from '../../protocol/runtime/node-suite.js';
import { OldHall } from './old-hall.js';

test('entries past the retention go, a signed checkpoint and a word in the own log stay, and so do the figures', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  for (const [index, level] of ([5, 4, 1] as Level[]).entries()) chain.ratedService(`s-${index}`, level);
  await hall.sendAll(chain);
  await hall.deliverAll();
  hall.pass(401);
  chain.ratedService('s-new', 2);
  await hall.sendAll(chain);
  const figures = () => ['service', 'press', 'rating', 'forward'].map((table) => hall.log.total(table));
  const before = figures();

  const { pruned } = await hall.prune();
  // Entry 1 of the epoch and three services of three entries; the new service stays.
  expect(hall.log.storedSeqs(chain)).toEqual([11, 12, 13]);
  expect(pruned).toBeGreaterThanOrEqual(10);
  expect(figures()).toEqual(before);

  const checkpoint = hall.checkpoint(chain);
  expect(checkpoint).toMatchObject({ throughSeq: 10, keyId: hall.log.key.keyId });
  expect(checkpoint?.hash).toEqual(Buffer.from(chain.hashAt(10)));
  const head = { source: chain.source, epoch: chain.epoch, seq: 10, hash: chain.hashAt(10) };
  expect(
    signatureCheck(hall.log.key.publicKey)(headMessage(nodeSuite, head), checkpoint?.signature as Uint8Array),
  ).toBe(true);
  expect(hall.log.ownBodies('log.pruned')).toContainEqual({
    source: chain.source,
    epoch: chain.epoch,
    throughSeq: 10,
    headHash: nodeSuite.base64urlEncode(chain.hashAt(10)),
  });
});

test('what is young, waiting, in doubt or set aside stays, and everything after it in its chain', async () => {
  const hall = await OldHall.open();
  const chains = {
    waiting: await hall.terminal('waiting'),
    open: await hall.terminal('open'),
    aside: await hall.terminal('aside'),
    unanswered: await hall.terminal('unanswered'),
    conflict: await hall.terminal('conflict'),
  };
  const { waiting, open, aside, unanswered, conflict } = chains;
  for (const chain of [waiting, conflict]) {
    chain.ratedService(`of-${chain.terminal}`);
    chain.append('duty.off', { staffNo: '1001' });
  }
  open.opened('pressed');
  open.press('pressed', 3);
  open.append('duty.off', { staffNo: '1001' });
  unanswered.opened('nobody-came');
  unanswered.append('duty.off', { staffNo: '1001' });
  aside.appendAnything({ kind: 'weather', body: {} });
  aside.append('duty.off', { staffNo: '1001' });
  for (const chain of Object.values(chains)) await hall.sendAll(chain);
  hall.log
    .run(`UPDATE forward SET state = 'conflict' WHERE ratingId IN (SELECT ratingId FROM service WHERE terminal = 'conflict');
    INSERT INTO alarm (code, subject, detail, at) VALUES ('centre-conflict', 'of-conflict', '', 1);`);
  hall.pass(800);
  for (const chain of Object.values(chains)) {
    chain.append('duty.on', { staffNo: '1002' });
    await hall.sendAll(chain);
  }

  const { held } = await hall.prune();
  expect(hall.kinds(waiting)).toEqual(['service.opened', 'press', 'rating', 'duty.off', 'duty.on']);
  expect(hall.kinds(open)).toEqual(['service.opened', 'press', 'duty.off', 'duty.on']);
  expect(hall.kinds(aside)).toEqual(['weather', 'duty.off', 'duty.on']);
  expect(hall.kinds(conflict)).toEqual(['service.opened', 'press', 'rating', 'duty.off', 'duty.on']);
  expect(hall.kinds(unanswered)).toEqual(['duty.on']);
  expect(held).toMatchObject({ service: 3, quarantine: 1 });

  // Dealt with, one by one: then they go as well.
  hall.log.run('UPDATE alarm SET clearedAt = 2; UPDATE quarantine SET resolvedAt = 2;');
  await hall.deliverAll();
  await hall.prune();
  expect(hall.kinds(waiting)).toEqual(['duty.on']);
  expect(hall.kinds(conflict)).toEqual(['duty.on']);
  expect(hall.kinds(aside)).toEqual(['duty.on']);
  expect(hall.kinds(open)).toHaveLength(4);
});

test('the newest entry of a chain stays however old it is', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  chain.append('duty.on', { staffNo: '1001' });
  await hall.sendAll(chain);
  hall.pass(1_000);
  await hall.prune();
  expect(hall.kinds(chain)).toEqual(['duty.on']);
});

test('with a bound in bytes the oldest go first, never younger than a month', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  for (let day = 0; day < 60; day += 1) {
    for (let n = 0; n < 15; n += 1) chain.append('boot', { version: '0'.repeat(40) });
    await hall.sendAll(chain);
    hall.pass(1);
  }
  const used = () =>
    hall.log.rows<{ used: number }>(
      'SELECT (page_count - freelist_count) * page_size AS used FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    )[0]?.used ?? 0;
  const full = used();
  await hall.retention({ days: 400, bytes: full - 60_000 }).prune();
  const [oldest] = hall.log.rows<{ seq: number }>(
    'SELECT min(seq) AS seq FROM entry JOIN epoch ON epoch.id = epochId WHERE epoch = ?',
    chain.epoch,
  );
  expect(oldest?.seq).toBeGreaterThan(2);
  expect(oldest?.seq).toBeLessThan(28 * 15);
  expect(used()).toBeLessThanOrEqual(full - 60_000);

  await hall.retention({ days: 400, bytes: 1 }).prune();
  expect(hall.log.storedSeqs(chain)).toHaveLength(31 * 15);
});
