import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { OWN_SOURCE } from '../ingest/hall-log.js';
import { OldHall } from './old-hall.js';

const verified = (hall: OldHall) =>
  verifyFile(join(hall.log.folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.log.key.publicKey] });

/** Years of a hall with one terminal that has a gap, and another that went away for good. */
async function manyYears(): Promise<OldHall> {
  const hall = await OldHall.open();
  const gone = await hall.terminal('gone');
  for (let n = 0; n < 5; n += 1) gone.ratedService(`gone-${n}`);
  await hall.sendAll(gone);
  const chain = await hall.terminal('t1');
  chain.ratedService('s-0');
  await hall.log.send(chain, chain.batch(1, 2));
  await hall.log.send(chain, chain.batch(4, 4, { checkpoint: chain.checkpointAt(3) }));
  for (let year = 1; year <= 5; year += 1) {
    hall.pass(365);
    chain.ratedService(`s-${year}`);
    await hall.sendAll(chain);
    await hall.deliverAll();
    hall.log.run('UPDATE quarantine SET resolvedAt = 1');
    await hall.prune();
    expect(verified(hall)).toMatchObject({ ok: true });
  }
  return hall;
}

test("a database that has let go of years verifies, its gateway's own log included", async () => {
  const hall = await manyYears();
  const own = hall.log.rows<{ epoch: string }>('SELECT epoch FROM epoch WHERE source = ?', OWN_SOURCE)[0];
  expect(hall.checkpoint({ source: OWN_SOURCE, epoch: own?.epoch ?? '' })?.throughSeq).toBeGreaterThan(5);
  expect(hall.log.ownBodies('store.opened')).toEqual([]);
  // Said years ago, and still said: the gap, and the last word on the chain of the terminal that went away.
  expect(hall.log.ownBodies('log.gap')).toMatchObject([{ source: 'demo/t1', fromSeq: 3, throughSeq: 3 }]);
  expect(hall.log.ownBodies('log.pruned').filter(({ source }) => source === 'demo/gone')).toMatchObject([
    { throughSeq: 15 },
  ]);
});

test("what a terminal says in the words of a gateway is not repeated in the gateway's name", async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  const claim = { source: 'demo/t2', epoch: chain.epoch, fromSeq: 1, throughSeq: 900 };
  chain.append('log.gap', claim);
  chain.append('duty.on', { staffNo: '1001' });
  await hall.sendAll(chain);
  hall.pass(500);
  await hall.prune();
  expect(hall.kinds(chain)).toEqual(['duty.on']);
  expect(hall.log.ownBodies('log.gap')).toEqual([]);
});
