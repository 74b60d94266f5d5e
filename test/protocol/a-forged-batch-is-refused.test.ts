import { expect, test } from 'vitest';
import {
  decodeBatch,
  PjqError,
  verifyBatch,
  type BatchParts,
  type HeadSigner,
  type VerifySignature,
} from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { checkpointAt, newKey, packed, ratedService, SOURCE, type LogKey } from './sample-log.js';

const registered = newKey();
const stranger = newKey();
const entries = ratedService(1);

function verify(
  bytes: Uint8Array,
  keys: Readonly<Record<string, VerifySignature>> = { [registered.signer.keyId]: registered.check },
): Promise<void> {
  return verifyBatch(nodeSuite, decodeBatch(nodeSuite, bytes), (keyId) => {
    const check = keys[keyId];
    if (check === undefined) throw new PjqError('key-unknown', keyId);
    return check;
  });
}

function pretending(signer: HeadSigner): LogKey {
  return { ...stranger, signer };
}

const codeOf = async (work: () => Promise<void>): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return error instanceof PjqError ? error.code : String(error);
  }
  return 'taken';
};

test('a batch under the registered key is taken', async () => {
  expect(await codeOf(() => verify(packed(registered, entries)))).toBe('taken');
});

test('a key that is not registered is refused, and so is its signature under the name of a registered one', async () => {
  expect(await codeOf(() => verify(packed(stranger, entries)))).toBe('key-unknown');
  const forged = pretending({ keyId: registered.signer.keyId, sign: (message) => stranger.signer.sign(message) });
  expect(await codeOf(() => verify(packed(forged, entries)))).toBe('batch-signature');
});

test('a signature of another head is refused: other entries, another place, another source, another epoch', async () => {
  const other: Partial<BatchParts>[] = [
    { entries: ratedService(4) },
    { firstSeq: 2 },
    { source: 'hall-1/window-08' },
    { epoch: 'epoch-00002' },
  ];
  for (const change of other) {
    let genuine: Uint8Array = new Uint8Array();
    packed(
      {
        ...registered,
        signer: { ...registered.signer, sign: (message) => (genuine = registered.signer.sign(message)) },
      },
      entries,
    );
    const replayed: LogKey = { ...registered, signer: { keyId: registered.signer.keyId, sign: () => genuine } };
    const { entries: others = entries, ...rest } = change;
    expect(await codeOf(() => verify(packed(replayed, others, rest))), JSON.stringify(rest)).toBe('batch-signature');
  }
});

test('a batch that starts after its signed checkpoint is taken only when the checkpoint is genuine and links', async () => {
  const prevHash = nodeSuite.digest(nodeSuite.utf8Encode('pruned'));
  const otherHash = nodeSuite.digest(nodeSuite.utf8Encode('never'));
  const after = (checkpoint: BatchParts['checkpoint']) =>
    packed(registered, ratedService(100), { firstSeq: 100, prevHash, ...(checkpoint ? { checkpoint } : {}) });
  const genuine = checkpointAt(registered, 99, prevHash);
  expect(await codeOf(() => verify(after(genuine)))).toBe('taken');
  expect(await codeOf(() => verify(after(checkpointAt(registered, 98, prevHash)))), 'another place').toBe(
    'batch-signature',
  );
  expect(await codeOf(() => verify(after(checkpointAt(registered, 99, otherHash)))), 'another chain').toBe(
    'batch-signature',
  );
  expect(await codeOf(() => verify(after({ ...genuine, seq: 98 }))), 'altered').toBe('batch-signature');
  expect(
    await codeOf(() => verify(after({ ...genuine, sig: checkpointAt(stranger, 99, prevHash).sig }))),
    'signed by a stranger',
  ).toBe('batch-signature');
  expect(await codeOf(() => verify(after(checkpointAt(stranger, 99, prevHash)))), 'key of a stranger').toBe(
    'key-unknown',
  );
});

test('a checkpoint may be signed by an older key of the same terminal', async () => {
  const older = newKey();
  const prevHash = nodeSuite.digest();
  const bytes = packed(registered, ratedService(100), {
    firstSeq: 100,
    prevHash,
    checkpoint: checkpointAt(older, 99, prevHash),
  });
  const keys = { [registered.signer.keyId]: registered.check, [older.signer.keyId]: older.check };
  expect(await codeOf(() => verify(bytes, keys))).toBe('taken');
  expect(await codeOf(() => verify(bytes))).toBe('key-unknown');
});

test('the source that a batch names is the one that was signed', async () => {
  expect(decodeBatch(nodeSuite, packed(registered, entries)).header.source).toBe(SOURCE);
});
