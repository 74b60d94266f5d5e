import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { generateLogKey, headSigner, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';
import type { TerminalChain } from './terminal-chain.js';

/** A hall that was restored to seq 4 of a terminal which has pruned its log through 10. */
async function pruned(): Promise<{ hall: HallLog; chain: TerminalChain }> {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  for (const service of ['s-1', 's-2', 's-3', 's-4']) chain.ratedService(service);
  await hall.send(chain, chain.batch(1, 4));
  return { hall, chain };
}

test('entries that nobody has any more become a named gap, and the chain goes on', async () => {
  const { hall, chain } = await pruned();
  const batch = chain.batch(11, 13, { checkpoint: chain.checkpointAt(10) });
  expect(await hall.send(chain, batch)).toMatchObject([
    { epoch: chain.epoch, throughSeq: 13, headHash: nodeSuite.base64urlEncode(chain.hashAt(13)) },
  ]);
  expect(hall.storedSeqs(chain)).toEqual([1, 2, 3, 4, 11, 12, 13]);
  expect(hall.rows('SELECT fromSeq, throughSeq FROM gap')).toEqual([{ fromSeq: 5, throughSeq: 10 }]);
  expect(hall.alarms()).toMatchObject([{ code: 'log-gap', subject: chain.source }]);
  expect(hall.alarms()[0]?.detail).toContain('entries 5 to 10');
  expect(hall.ownBodies('log.gap')).toEqual([{ source: chain.source, epoch: chain.epoch, fromSeq: 5, throughSeq: 10 }]);

  // Said again, and with the rest of the epoch after it, it is no second gap.
  await hall.send(chain, batch);
  chain.ratedService('s-5');
  expect(await hall.send(chain, chain.batch(11, 16, { checkpoint: chain.checkpointAt(10) }))).toMatchObject([
    { throughSeq: 16 },
  ]);
  expect([hall.total('gap'), hall.alarms().length, hall.ownBodies('log.gap').length]).toEqual([1, 1, 1]);
  expect(
    hall
      .rows<{ serviceId: string }>('SELECT serviceId FROM rating ORDER BY serviceId')
      .map(({ serviceId }) => serviceId),
  ).toEqual(['s-1', 's-4', 's-5']);

  const report = verifyFile(`${hall.folder}/hall.db`, { suite: nodeSuite, publicKeys: [hall.key.publicKey] });
  expect(report.ok).toBe(true);
  expect(report.chains.find(({ source }) => source === chain.source)?.verdict).toMatch(/1 named gap/);
});

test('a checkpoint that follows what is stored names no gap', async () => {
  const { hall, chain } = await pruned();
  expect(await hall.send(chain, chain.batch(5, 13, { checkpoint: chain.checkpointAt(4) }))).toMatchObject([
    { throughSeq: 13 },
  ]);
  expect([hall.total('gap'), hall.alarms().length]).toEqual([0, 0]);
});

const stranger = headSigner(generateLogKey().privatePem);
const BAD: readonly (readonly [what: string, code: string, pack: (chain: TerminalChain) => Uint8Array])[] = [
  ['of another place', 'batch-signature', (chain) => chain.batch(11, 13, { checkpoint: chain.checkpointAt(9) })],
  [
    'with the signature of another head',
    'batch-signature',
    (chain) => chain.batch(11, 13, { checkpoint: { ...chain.checkpointAt(10), sig: chain.checkpointAt(9).sig } }),
  ],
  [
    'signed by a stranger',
    'key-unknown',
    (chain) => chain.batch(11, 13, { checkpoint: chain.checkpointAt(10, stranger) }),
  ],
  [
    "signed by a stranger under the terminal's key id",
    'batch-signature',
    (chain) =>
      chain.batch(11, 13, { checkpoint: chain.checkpointAt(10, { keyId: chain.key.keyId, sign: stranger.sign }) }),
  ],
];

test.each(BAD)('a checkpoint %s is refused, and no gap is named', async (_what, code, pack) => {
  const { hall, chain } = await pruned();
  expect(await hall.send(chain, pack(chain))).toMatchObject([{ refused: { code } }]);
  expect(hall.storedSeqs(chain)).toEqual([1, 2, 3, 4]);
  expect([hall.total('gap'), hall.alarms().length, hall.ownBodies('log.gap').length, hall.total('pending')]).toEqual([
    0, 0, 0, 0,
  ]);
});
