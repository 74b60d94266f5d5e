import { Buffer } from 'node:buffer';
import { createDeflateRaw } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeBatch,
  isErrorCode,
  isPjqError,
  MAX_BATCH_BYTES,
  MAX_BATCH_ENTRIES,
  MAX_BATCH_WIRE_BYTES,
  MAX_ENTRY_BYTES,
  PjqError,
  verifyBatch,
  type Batch,
} from '../../protocol/index.js';
import { batchDictionary } from '../../protocol/batch-dictionary.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { newKey, packed, ratedService } from './sample-log.js';

const key = newKey();
const good = packed(key, [...ratedService(1), ...ratedService(4)]);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** As the gateway reads: decode, then check the signature with the one key that is registered. */
async function read(bytes: Uint8Array): Promise<Batch> {
  const batch = decodeBatch(nodeSuite, bytes);
  await verifyBatch(nodeSuite, batch, (keyId) => {
    if (keyId !== key.signer.keyId) throw new PjqError('key-unknown');
    return key.check;
  });
  return batch;
}

async function codeOf(bytes: Uint8Array): Promise<string | null> {
  try {
    await read(bytes);
    return null;
  } catch (error) {
    if (!isPjqError(error)) throw error;
    return error.code;
  }
}

/** All that the batch says. */
function contentOf({ header, entries, hashes }: Batch) {
  const { source, epoch, firstSeq, count, keyId, checkpoint, time } = header;
  const digests = [header.prevHash, header.headHash, header.sig, header.timeSig].map((text) =>
    hex(nodeSuite.base64urlDecode(text)),
  );
  return {
    source,
    epoch,
    firstSeq,
    count,
    keyId,
    checkpoint,
    time,
    digests,
    entries: entries.map(hex),
    hashes: hashes.map(hex),
  };
}

async function expectRefusedOrSame(bytes: Uint8Array, what: string): Promise<void> {
  const code = await codeOf(bytes);
  if (code === null) expect(contentOf(await read(bytes)), what).toEqual(contentOf(await read(good)));
  else expect(isErrorCode(code), what).toBe(true);
}

/** A batch as its prefix says, around any deflated content. */
function framed(content: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(8 + content.length);
  bytes.set([0x70, 0x6a, 1, 1]);
  new DataView(bytes.buffer).setUint32(4, length);
  bytes.set(content, 8);
  return bytes;
}

function framedText(text: string): Uint8Array {
  const raw = nodeSuite.utf8Encode(text);
  return framed(nodeSuite.deflate(raw, batchDictionary(nodeSuite)), raw.length);
}

/** A stream of `megabytes` of zeros, made piece by piece so that this process never holds them. */
async function bomb(megabytes: number): Promise<Uint8Array> {
  const deflate = createDeflateRaw({ dictionary: batchDictionary(nodeSuite) });
  const packing = deflate.toArray() as Promise<Buffer[]>;
  const piece = Buffer.alloc(1024 * 1024);
  for (let written = 0; written < megabytes; written += 1) {
    if (!deflate.write(piece)) await new Promise((resolve) => deflate.once('drain', resolve));
  }
  deflate.end();
  return Buffer.concat(await packing);
}

test('every byte flipped in every bit: refused with a code, or the same content', async () => {
  const refusals = new Set<string>();
  for (let at = 0; at < good.length; at += 1) {
    for (const mask of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
      const flipped = good.slice();
      flipped[at] = (good[at] as number) ^ mask;
      await expectRefusedOrSame(flipped, `byte ${at} ^ ${mask}`);
      refusals.add((await codeOf(flipped)) ?? 'taken');
    }
  }
  expect([...refusals]).toEqual(
    expect.arrayContaining(['batch-malformed', 'message-version', 'batch-too-large', 'batch-chain', 'batch-signature']),
  );
});

test('any other damage in several places is refused with a code, or leaves the signed content as it was', async () => {
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(damage, async (places) => {
      const bytes = good.slice();
      for (const [at, value] of places) bytes[at] = value;
      await expectRefusedOrSame(bytes, JSON.stringify(places));
    }),
    { numRuns: 2_000 },
  );
});

test('cut off at every length, it is refused', async () => {
  const taken: number[] = [];
  for (const length of good.keys()) if ((await codeOf(good.subarray(0, length))) === null) taken.push(length);
  expect(taken).toEqual([]);
  expect(await codeOf(new Uint8Array())).toBe('batch-malformed');
});

test('bytes that nobody packed are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      expect(await codeOf(bytes)).toMatch(/^(batch-malformed|message-version)$/);
      expect(await codeOf(framed(bytes, bytes.length))).toBe('batch-malformed');
    }),
    { numRuns: 500 },
  );
});

test('another version or codec is told as such', async () => {
  for (const at of [2, 3]) {
    const other = good.slice();
    other[at] = 2;
    expect(await codeOf(other)).toBe('message-version');
  }
});

test('a stream that inflates without end is refused at once and in bounded memory', async () => {
  const fits = await bomb(56);
  expect(fits.length).toBeLessThan(MAX_BATCH_WIRE_BYTES - 8);
  const hundred = await bomb(100);
  const before = { peakKb: process.resourceUsage().maxRSS, atMs: performance.now() };
  // What it says of its own length is a lie, the largest that is allowed.
  expect(await codeOf(framed(fits, MAX_BATCH_BYTES))).toBe('batch-malformed');
  expect(await codeOf(framed(fits, 100))).toBe('batch-malformed');
  expect(await codeOf(framed(fits, 56 * 1024 * 1024))).toBe('batch-too-large');
  expect(await codeOf(framed(hundred, MAX_BATCH_BYTES))).toBe('batch-too-large');
  expect(() => nodeSuite.inflate(hundred, batchDictionary(nodeSuite), MAX_BATCH_BYTES)).toThrow();
  expect(performance.now() - before.atMs).toBeLessThan(500);
  expect(process.resourceUsage().maxRSS - before.peakKb).toBeLessThan(16 * 1024);
});

test('what inflates to something else than a batch is refused', async () => {
  const [header, ...lines] = inflatedLines();
  expect(await codeOf(framedText([header, ...lines].join('\n')))).toBeNull();
  expect(await codeOf(framedText(''))).toBe('batch-malformed');
  expect(await codeOf(framedText('null'))).toBe('batch-malformed');
  expect(await codeOf(framedText(['[1]', ...lines].join('\n')))).toBe('batch-malformed');
  expect(await codeOf(framedText([header, ...lines, ''].join('\n')))).toBe('batch-malformed');
  expect(await codeOf(framedText([header, ...lines.slice(1)].join('\n')))).toBe('batch-malformed');
  expect(await codeOf(framedText([header, '', ...lines.slice(1)].join('\n')))).toBe('batch-malformed');
  const long = 'x'.repeat(MAX_ENTRY_BYTES + 1);
  expect(await codeOf(framedText([header, long, ...lines.slice(1)].join('\n')))).toBe('batch-malformed');
  const swapped = [lines[1], lines[0], ...lines.slice(2)];
  expect(await codeOf(framedText([header, ...swapped].join('\n')))).toBe('batch-chain');
});

test('a length that is not the length, and a count that is not the count, are refused', async () => {
  const text = inflatedLines().join('\n');
  const length = nodeSuite.utf8Encode(text).length;
  for (const wrong of [length - 1, length + 1, 0])
    expect(await codeOf(framed(good.subarray(8), wrong)), `${wrong}`).toBe('batch-malformed');
  expect(await codeOf(framed(good.subarray(8), length))).toBeNull();
  for (const count of [5, 7, 0])
    expect(await codeOf(framedText(text.replace('"count":6', `"count":${count}`))), `${count}`).toBe('batch-malformed');
});

test('more entries or bytes than the limits are refused', async () => {
  const line = nodeSuite.utf8Encode('{"seq":1}');
  const full = Array.from({ length: MAX_BATCH_ENTRIES }, () => line);
  expect(await codeOf(packed(key, full))).toBeNull();
  expect(await codeOf(packed(key, [...full, line]))).toBe('batch-malformed');
  const heavy = Array.from({ length: 20 }, () => new Uint8Array(MAX_ENTRY_BYTES).fill(0x61));
  expect(await codeOf(packed(key, heavy))).toBe('batch-too-large');
  expect(await codeOf(new Uint8Array(MAX_BATCH_WIRE_BYTES + 1))).toBe('batch-too-large');
});

function inflatedLines(): string[] {
  const raw = nodeSuite.inflate(good.subarray(8), batchDictionary(nodeSuite), MAX_BATCH_BYTES);
  return nodeSuite.utf8Decode(raw).split('\n');
}
