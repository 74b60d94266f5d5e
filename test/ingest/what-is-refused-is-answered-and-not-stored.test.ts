import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { MAX_BATCH_WIRE_BYTES } from '../../protocol/index.js';
import { generateLogKey, headSigner } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';
import type { TerminalChain } from './terminal-chain.js';

const stranger = generateLogKey();

function changed(batch: Uint8Array, change: (copy: Buffer) => void): Uint8Array {
  const copy = Buffer.from(batch);
  change(copy);
  return copy;
}

type Make = (chain: TerminalChain, other: TerminalChain, hall: HallLog) => Uint8Array | Promise<Uint8Array>;

const REFUSED: readonly (readonly [what: string, code: string, make: Make])[] = [
  ['garbage', 'batch-malformed', () => randomBytes(300)],
  ['nothing at all', 'batch-malformed', () => new Uint8Array()],
  ['a cut batch', 'batch-malformed', (chain) => chain.batch().subarray(0, 60)],
  ['a batch past the size of the wire', 'batch-too-large', () => randomBytes(MAX_BATCH_WIRE_BYTES + 1)],
  [
    'a batch that says it inflates past the limit',
    'batch-too-large',
    (chain) => changed(chain.batch(), (copy) => copy.writeUInt32BE(0x7fff_ffff, 4)),
  ],
  ['another version', 'message-version', (chain) => changed(chain.batch(), (copy) => (copy[2] = 2))],
  ['another codec', 'message-version', (chain) => changed(chain.batch(), (copy) => (copy[3] = 9))],
  ['a batch of another terminal', 'wrong-terminal', (_chain, other) => other.batch()],
  [
    'a batch that says it is of another hall',
    'wrong-terminal',
    (chain) => chain.batch(1, 4, { source: 'elsewhere/t1' }),
  ],
  [
    'a key that nobody registered',
    'key-unknown',
    (chain) => chain.batch(1, 4, { signer: headSigner(stranger.privatePem) }),
  ],
  ["another terminal's key", 'key-unknown', (chain, other) => chain.batch(1, 4, { signer: other.signer })],
  [
    'a wrong signature',
    'batch-signature',
    (chain) => chain.batch(1, 4, { signer: { keyId: chain.key.keyId, sign: headSigner(stranger.privatePem).sign } }),
  ],
  ['a chain broken inside', 'batch-chain', (chain) => chain.batch(1, 4, { headHash: chain.hashAt(3) })],
  [
    'a revoked key',
    'key-revoked',
    async (chain, _other, hall) => {
      await hall.registry.revokeKey(chain.key.keyId);
      return chain.batch();
    },
  ],
];

test.each(REFUSED)('%s is refused as %s, and nothing of it is stored', async (_what, code, make) => {
  const hall = await HallLog.open();
  const [chain, other] = [await hall.terminal('t1'), await hall.terminal('t2')];
  chain.ratedService('s-1');
  const payload = await make(chain, other, hall);
  const before = [hall.total('entry'), hall.total('epoch')];
  const answers = await hall.send(chain, payload);
  expect(answers).toMatchObject([{ terminal: 't1', throughSeq: 0, refused: { code } }]);
  expect(answers[0]?.refused?.hint).not.toBe('');
  expect([hall.total('entry'), hall.total('epoch')]).toEqual(before);
  expect([hall.total('pending'), hall.total('quarantine'), hall.total('service')]).toEqual([0, 0, 0]);
});

test('after every refusal the terminal is heard as before', async () => {
  const hall = await HallLog.open();
  const [chain, other] = [await hall.terminal('t1'), await hall.terminal('t2')];
  chain.ratedService('s-1');
  const bad: Uint8Array[] = [];
  for (const [, code, make] of REFUSED) if (code !== 'key-revoked') bad.push(await make(chain, other, hall));
  const answers = await hall.send(chain, ...bad, chain.batch());
  expect(answers.filter(({ refused }) => refused === undefined)).toMatchObject([{ epoch: chain.epoch, throughSeq: 4 }]);
  expect(answers.filter(({ refused }) => refused !== undefined)).toHaveLength(bad.length);
});

test('a key that was given later is taken, and one that was revoked does not become good again', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  await hall.registry.addKey('t1', stranger.publicKey);
  expect(await hall.send(chain, chain.batch(1, 1, { signer: headSigner(stranger.privatePem) }))).toMatchObject([
    { throughSeq: 1 },
  ]);
  await hall.registry.revokeKey(stranger.keyId);
  chain.opened('s-1');
  expect(await hall.send(chain, chain.batch(2, 2, { signer: headSigner(stranger.privatePem) }))).toMatchObject([
    { refused: { code: 'key-revoked' } },
  ]);
  expect(await hall.send(chain, chain.batch(2, 2))).toMatchObject([{ throughSeq: 2 }]);
});
