import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchHead, decodeBatch, genesisHash, nextHash, verifyBatch } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { checkpointAt, EPOCH, newKey, packed, partsOf, ratedService, SOURCE } from './sample-log.js';

const key = newKey();
const bytesOf = (text: string) => nodeSuite.utf8Encode(text);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('what was packed comes out byte for byte, with its chain, and verifies', async () => {
  const entries = [...ratedService(1, 5), ...ratedService(4, 1)];
  const batch = decodeBatch(nodeSuite, packed(key, entries));
  expect(batch.entries.map(hex)).toEqual(entries.map(hex));
  expect(nodeSuite.utf8Decode(batch.entries[0] as Uint8Array)).toContain('内资企业设立登记');
  let hash = genesisHash(nodeSuite, SOURCE, EPOCH);
  for (const [index, entry] of entries.entries()) {
    hash = nextHash(nodeSuite, hash, entry);
    expect(hex(batch.hashes[index] as Uint8Array)).toBe(hex(hash));
  }
  const head = batchHead(batch);
  expect({ ...head, hash: hex(head.hash) }).toEqual({ source: SOURCE, epoch: EPOCH, seq: 6, hash: hex(hash) });
  const asked: string[] = [];
  await verifyBatch(nodeSuite, batch, (keyId) => {
    asked.push(keyId);
    return key.check;
  });
  expect(asked).toEqual([key.signer.keyId]);
});

test('entries are carried verbatim, whatever JSON they are and in whatever spelling', () => {
  const spellings = [
    '{"b":1, "a" :2}',
    '{"a":1.0,"a":1e0}',
    '{"text":"\\u529e\\u7ed3 办结 བོད 😀"}',
    '{"level":5}   ',
    'not JSON at all \r \t ÿ',
  ].map(bytesOf);
  expect(decodeBatch(nodeSuite, packed(key, spellings)).entries.map(hex)).toEqual(spellings.map(hex));
});

test('any entries of any bytes but the line feed come out as they went in', async () => {
  const entry = fc
    .uint8Array({ minLength: 1, maxLength: 300 })
    .map((bytes) => bytes.map((byte) => (byte === 0x0a ? 0x0b : byte)));
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 2 ** 40 }),
      async (entries, firstSeq) => {
        const batch = decodeBatch(
          nodeSuite,
          packed(key, entries, { firstSeq, prevHash: nodeSuite.digest(bytesOf('before')) }),
        );
        await verifyBatch(nodeSuite, batch, () => key.check);
        expect(batch.entries.map(hex)).toEqual(entries.map(hex));
        expect(batchHead(batch).seq).toBe(firstSeq + entries.length - 1);
      },
    ),
    { numRuns: 150 },
  );
});

test('the claim of time and the checkpoint travel with it', async () => {
  const prevHash = nodeSuite.digest(bytesOf('pruned so far'));
  const checkpoint = checkpointAt(key, 99, prevHash);
  const parts = partsOf(ratedService(100), { firstSeq: 100, prevHash, checkpoint });
  const batch = decodeBatch(nodeSuite, packed(key, parts.entries, parts));
  expect(batch.header.checkpoint).toEqual(checkpoint);
  expect(batch.header.time).toEqual(parts.time);
  await verifyBatch(nodeSuite, batch, () => key.check);
});

test('a view into a larger buffer is read as well as a buffer of its own', () => {
  const bytes = packed(key, ratedService(1));
  const larger = new Uint8Array(bytes.length + 64).fill(0xee);
  larger.set(bytes, 32);
  expect(decodeBatch(nodeSuite, larger.subarray(32, 32 + bytes.length)).entries).toHaveLength(3);
});
