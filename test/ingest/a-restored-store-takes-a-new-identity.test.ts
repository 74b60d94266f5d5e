import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { ackMessage, type AckMessage } from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeSuite, signatureCheck } from '../../protocol/runtime/node-suite.js';
import { HallLog, temporaryFolder, type HeardAck } from './hall-log.js';
import type { TerminalChain } from './terminal-chain.js';

interface Restored {
  readonly hall: HallLog;
  readonly chain: TerminalChain;
  /** The last promise that the store made before it was lost. */
  readonly promised: HeardAck;
  readonly before: { storeId: string; generation: number };
}

/** A hall's database copied back from when it had 4 of the 7 entries that it acknowledged. */
async function copiedBack(): Promise<Restored> {
  const first = await HallLog.open();
  const chain = await first.terminal('t1');
  chain.ratedService('s-1');
  await first.send(chain, chain.batch());
  const backup = temporaryFolder();
  first.run('PRAGMA wal_checkpoint(TRUNCATE)');
  cpSync(join(first.folder, 'hall.db'), join(backup, 'hall.db'));
  chain.ratedService('s-2');
  const [promised] = await first.send(chain, chain.batch(5));
  await first.close();
  const hall = await HallLog.open({ folder: backup, key: first.key });
  return { hall, chain, promised: promised as HeardAck, before: await hall.store.identity() };
}

const promiseOf = ({ storeId, generation, throughSeq, headHash, sig }: AckMessage) => ({
  storeId,
  generation,
  throughSeq,
  headHash,
  sig,
});

test('what an ack promises is signed by the gateway', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const answers = [...(await hall.send(chain, chain.batch())), ...(await hall.state(chain, chain.state()))];
  expect(answers).toHaveLength(2);
  const check = signatureCheck(hall.key.publicKey);
  for (const ack of answers) {
    const signature = nodeSuite.base64urlDecode(ack.sig);
    expect(ack).toMatchObject({
      throughSeq: 1,
      headHash: nodeSuite.base64urlEncode(chain.hashAt(1)),
      ...(await hall.store.identity()),
    });
    expect(check(ackMessage(nodeSuite, chain.source, ack), signature)).toBe(true);
    expect(check(ackMessage(nodeSuite, chain.source, { ...ack, throughSeq: 2 }), signature)).toBe(false);
  }
  expect(answers[1]?.session).toMatch(/^[A-Za-z0-9_-]{11}$/);
});

test('a store that promised more than it holds takes a new identity of a higher generation, once', async () => {
  const { hall, chain, promised, before } = await copiedBack();
  const [own] = hall.rows<{ epoch: string; throughSeq: number; headHash: Buffer }>(
    "SELECT * FROM epoch WHERE source LIKE '%@%'",
  );
  const [answer] = await hall.state(chain, chain.state(promiseOf(promised)));
  const after = await hall.store.identity();
  expect(after).toMatchObject({ generation: before.generation + 1 });
  expect(after.storeId).not.toBe(before.storeId);
  expect(answer).toMatchObject({ epoch: chain.epoch, throughSeq: 4, ...after });
  expect(hall.alarms()).toMatchObject([{ code: 'store-restored', subject: 'demo' }]);
  expect(hall.ownBodies('epoch').at(-1)).toMatchObject({
    cause: 'restored',
    ancestor: {
      epoch: own?.epoch,
      seq: own?.throughSeq,
      hash: own === undefined ? '' : nodeSuite.base64urlEncode(own.headHash),
    },
  });
  expect(hall.ownBodies('store.restored')).toMatchObject([after]);

  await hall.state(chain, chain.state(promiseOf(promised)));
  expect(await hall.store.identity()).toEqual(after);
  expect([hall.alarms().length, hall.ownBodies('store.restored').length]).toEqual([1, 1]);

  expect(await hall.send(chain, chain.batch(5))).toMatchObject([{ throughSeq: 7, ...after }]);
  expect(hall.total('rating')).toBe(2);
  expect(
    verifyFile(join(hall.folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.key.publicKey] }),
  ).toMatchObject({ ok: true });
});

test('a promise of a higher generation than ever was here counts from there', async () => {
  const { hall, chain, promised, before } = await copiedBack();
  const far = { ...promiseOf(promised), storeId: 'BBBBBBBBBBB', generation: 7 };
  const sig = nodeSuite.base64urlEncode(
    headSigner(hall.key.privatePem).sign(ackMessage(nodeSuite, chain.source, { epoch: chain.epoch, ...far })),
  );
  await hall.state(chain, chain.state({ ...far, sig }));
  expect((await hall.store.identity()).generation).toBe(8);
  expect(before.generation).toBe(1);
});

test('a claim that this gateway did not sign changes nothing and is told', async () => {
  const { hall, chain, promised, before } = await copiedBack();
  const forged = headSigner(generateLogKey().privatePem).sign(ackMessage(nodeSuite, chain.source, promised));
  for (const claim of [
    { ...promiseOf(promised), sig: nodeSuite.base64urlEncode(forged) },
    { ...promiseOf(promised), throughSeq: 6 },
    { ...promiseOf(promised), generation: 99 },
  ]) {
    const [answer] = await hall.state(chain, chain.state(claim));
    expect(answer).toMatchObject({ throughSeq: 4, ...before });
  }
  expect(await hall.store.identity()).toEqual(before);
  expect(hall.alarms().map(({ code, subject }) => [code, subject])).toEqual(
    Array.from({ length: 3 }, () => ['claim-unproven', chain.source]),
  );
  expect(hall.ownBodies('store.restored')).toEqual([]);
});

test('a promise that is kept is no evidence', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const [ack] = await hall.send(chain, chain.batch());
  const before = await hall.store.identity();
  await hall.state(chain, chain.state(promiseOf(ack as HeardAck)));
  expect(await hall.store.identity()).toEqual(before);
  expect(hall.alarms()).toEqual([]);
});

test('what was brought again before a word of it is no evidence, although both come in one group', async () => {
  const { hall, chain, promised, before } = await copiedBack();
  hall.ingest.batch(chain.terminal, chain.batch(5));
  const [, answer] = await hall.state(chain, chain.state(promiseOf(promised)));
  expect(answer).toMatchObject({ throughSeq: 7, ...before });
  expect(hall.alarms()).toEqual([]);
  expect(await hall.store.identity()).toEqual(before);
});
