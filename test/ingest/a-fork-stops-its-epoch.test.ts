import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';
import type { TerminalChain } from './terminal-chain.js';

/** A card that was copied back to seq 4 and went on from there; the hall has seven entries of the first life. */
async function forked(): Promise<{ hall: HallLog; chain: TerminalChain; before: number }> {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1', 5);
  chain.ratedService('s-2', 4);
  await hall.send(chain, chain.batch());
  chain.cutTo(4);
  chain.ratedService('s-3', 2);
  return {
    hall,
    chain,
    before: hall.total('entry', `epochId = (SELECT id FROM epoch WHERE source = '${chain.source}')`),
  };
}

function expectStopped(hall: HallLog, chain: TerminalChain, before: number): void {
  expect(hall.rows('SELECT stopped, throughSeq FROM epoch WHERE source = ?', chain.source)).toEqual([
    { stopped: 'log-fork', throughSeq: 7 },
  ]);
  expect(hall.total('entry', `epochId = (SELECT id FROM epoch WHERE source = '${chain.source}')`)).toBe(before);
  expect(hall.total('service', "serviceId = 's-3'")).toBe(0);
  expect(hall.total('pending')).toBe(0);
  expect(hall.alarms()).toMatchObject([{ code: 'log-fork', subject: chain.source }]);
  expect(hall.ownBodies('log.fork')).toMatchObject([{ source: chain.source, epoch: chain.epoch, code: 'log-fork' }]);
  expect(verifyFile(`${hall.folder}/hall.db`, { suite: nodeSuite, publicKeys: [hall.key.publicKey] }).ok).toBe(true);
}

test.each([
  ['the same places with other content', 5, 7],
  ['an earlier beginning that holds the other content', 2, 7],
  ['only the last place', 7, 7],
])('a fork stops its epoch: %s', async (_name, first, last) => {
  const { hall, chain, before } = await forked();
  expect(await hall.send(chain, chain.batch(first, last))).toMatchObject([
    { epoch: chain.epoch, throughSeq: 7, stopped: 'log-fork', refused: { code: 'log-fork' } },
  ]);
  expectStopped(hall, chain, before);
});

test.each([
  ['one that goes on from other content', 8, 10],
  ['one that overlaps and goes past the end', 5, 10],
])('a fork stops its epoch: %s', async (_name, first, last) => {
  const { hall, chain, before } = await forked();
  chain.ratedService('s-4', 3);
  expect(await hall.send(chain, chain.batch(first, last))).toMatchObject([
    { throughSeq: 7, refused: { code: 'log-fork' } },
  ]);
  expectStopped(hall, chain, before);
});

test('a stopped epoch takes nothing more, not even what would link; its successor is taken and doubles nothing', async () => {
  const { hall, chain, before } = await forked();
  await hall.send(chain, chain.batch(5, 7));
  expect(await hall.send(chain, chain.batch(1, 4))).toMatchObject([
    { stopped: 'log-fork', refused: { code: 'epoch-stopped' } },
  ]);
  chain.ratedService('s-4', 3);
  expect(await hall.send(chain, chain.batch(8, 10))).toMatchObject([{ refused: { code: 'epoch-stopped' } }]);
  expectStopped(hall, chain, before);

  const forward = hall.rows('SELECT ratingId, nextAt FROM forward ORDER BY ratingId');
  hall.clock.advance(5_000);
  chain.leave(1); // s-1, which stands here already, and s-3 and s-4, which do not
  expect(await hall.send(chain, chain.batch())).toMatchObject([{ epoch: chain.epoch, throughSeq: 10 }]);
  expect(
    hall.rows<{ serviceId: string; level: number }>('SELECT serviceId, level FROM rating ORDER BY serviceId'),
  ).toEqual([
    { serviceId: 's-1', level: 5 },
    { serviceId: 's-2', level: 4 },
    { serviceId: 's-3', level: 2 },
    { serviceId: 's-4', level: 3 },
  ]);
  expect(
    hall.rows(`SELECT ratingId, nextAt FROM forward WHERE nextAt < ${hall.clock.wallMs()} ORDER BY ratingId`),
  ).toEqual(forward);
  expect(hall.total('forward')).toBe(4);
  expect(hall.setAside()).toEqual([]);
  expect(hall.alarms().map(({ code }) => code)).toEqual(['log-fork', 'log-fork']);
});

test('a forked batch that had to wait stops the epoch when its turn comes', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1');
  const rest = chain.batch(3, 4);
  const first = chain.batch(1, 1);
  chain.cutTo(1);
  chain.opened('s-other');
  expect(await hall.send(chain, rest)).toMatchObject([{ refused: { code: 'batch-pending' } }]);
  const answers = await hall.send(chain, first, chain.batch(2, 2));
  expect(answers.at(-1)).toMatchObject({ throughSeq: 2, stopped: 'log-fork' });
  expect(hall.storedSeqs(chain)).toEqual([1, 2]);
  expect(hall.total('pending')).toBe(0);
});
