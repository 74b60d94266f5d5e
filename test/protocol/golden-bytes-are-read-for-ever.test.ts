import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ackMessage,
  batchHead,
  decodeBatch,
  genesisHash,
  headMessage,
  nextHash,
  parseEntry,
  readBody,
  verifyBatch,
  type AckMessage,
  type BatchHeader,
} from '../../protocol/index.js';
import { keyIdOf, nodeSuite, signatureCheck } from '../../protocol/runtime/node-suite.js';

interface Golden {
  publicKey: string;
  header: BatchHeader;
  entries: string[];
  hashes: string[];
  headMessage: string;
  chain: {
    source: string;
    epoch: string;
    genesis: string;
    first: string;
    afterFirst: string;
    emptyHeadMessage: string;
  };
  ack: {
    source: string;
    fields: Pick<AckMessage, 'epoch' | 'throughSeq' | 'headHash' | 'storeId' | 'generation'>;
    text: string;
    signature: string;
  };
}

const read = (name: string) => readFileSync(new URL(`golden/${name}`, import.meta.url));
const bytes = new Uint8Array(read('batch-v1.bin'));
const golden = JSON.parse(read('batch-v1.json').toString()) as Golden;
const { base64urlDecode, base64urlEncode, utf8Decode, utf8Encode } = nodeSuite;
const check = signatureCheck(golden.publicKey);

test('a batch of version 1 decodes to the same header, entries and chain, and verifies', async () => {
  const batch = decodeBatch(nodeSuite, bytes);
  expect(batch.header).toEqual(golden.header);
  expect(batch.entries.map(utf8Decode)).toEqual(golden.entries);
  expect(batch.hashes.map(base64urlEncode)).toEqual(golden.hashes);
  expect(utf8Decode(headMessage(nodeSuite, batchHead(batch)))).toBe(golden.headMessage);
  const asked: string[] = [];
  await verifyBatch(nodeSuite, batch, (keyId) => {
    asked.push(keyId);
    return check;
  });
  expect(asked).toEqual([keyIdOf(golden.publicKey), keyIdOf(golden.publicKey)]);
});

test('its entries mean what they meant', () => {
  const [opened, press, rating, fault, future] = golden.entries.map((text) => parseEntry(nodeSuite, utf8Encode(text)));
  expect(opened && readBody(opened, 'service.opened')).toMatchObject({
    caseNo: '办件〔2026〕1001号',
    matter: { label: '企业登记' },
  });
  expect(press && readBody(press, 'press')).toEqual({ id: 'press001001', serviceId: 'S-1001', level: 4, via: 'key' });
  expect(rating && readBody(rating, 'rating')).toMatchObject({ id: 'press001001', level: 4, cause: 'time-over' });
  expect(fault && readBody(fault, 'fault')).toEqual({ part: 'board', state: 'lost', code: 'board-lost' });
  expect(future).toMatchObject({ kind: 'from.the.future', clock: 'free', body: { n: 1 } });
});

test('a chain begins and goes on as it always did', () => {
  const { source, epoch, genesis, first, afterFirst, emptyHeadMessage } = golden.chain;
  const start = genesisHash(nodeSuite, source, epoch);
  expect(base64urlEncode(start)).toBe(genesis);
  expect(base64urlEncode(nextHash(nodeSuite, start, utf8Encode(first)))).toBe(afterFirst);
  expect(utf8Decode(headMessage(nodeSuite, { source, epoch, seq: 0, hash: start }))).toBe(emptyHeadMessage);
});

test('an ack that was signed once is shown and believed for ever', () => {
  const { source, fields, text, signature } = golden.ack;
  expect(utf8Decode(ackMessage(nodeSuite, source, fields))).toBe(text);
  expect(check(utf8Encode(text), base64urlDecode(signature))).toBe(true);
});
