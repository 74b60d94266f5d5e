import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalBytes, genesisHash, headMessage, nextHash } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { chainOf, EPOCH, SOURCE } from './sample-log.js';

const genesis = genesisHash(nodeSuite, SOURCE, EPOCH);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const headOf = (entries: readonly Uint8Array[]) => hex(chainOf(genesis, entries));
const log: fc.Arbitrary<Uint8Array[]> = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), {
  minLength: 2,
  maxLength: 20,
});
const logAndPlace = log.chain((entries) => fc.tuple(fc.constant(entries), fc.nat(entries.length - 1)));

test('an altered bit', () => {
  fc.assert(
    fc.property(logAndPlace, fc.nat(), fc.nat(7), ([entries, at], byte, bit) => {
      const altered = entries.map((entry) => entry.slice());
      const target = altered[at] as Uint8Array;
      target[byte % target.length] = (target[byte % target.length] as number) ^ (1 << bit);
      expect(headOf(altered)).not.toBe(headOf(entries));
    }),
  );
});

test('two neighbours swapped', () => {
  fc.assert(
    fc.property(logAndPlace, ([entries, place]) => {
      const at = Math.min(place, entries.length - 2);
      const [first, second] = entries.slice(at, at + 2) as [Uint8Array, Uint8Array];
      fc.pre(!equalBytes(first, second));
      expect(headOf(entries.toSpliced(at, 2, second, first))).not.toBe(headOf(entries));
    }),
  );
});

test('one removed, one inserted, one repeated', () => {
  fc.assert(
    fc.property(logAndPlace, fc.uint8Array({ minLength: 1, maxLength: 60 }), ([entries, at], extra) => {
      const head = headOf(entries);
      expect(headOf(entries.toSpliced(at, 1))).not.toBe(head);
      expect(headOf(entries.toSpliced(at, 0, extra))).not.toBe(head);
      expect(headOf(entries.toSpliced(at, 0, entries[at] as Uint8Array))).not.toBe(head);
    }),
  );
});

test('the border between two entries moved', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 3, maxLength: 60 }), fc.nat(), fc.nat(), (bytes, a, b) => {
      const [one, two] = [1 + (a % (bytes.length - 1)), 1 + (b % (bytes.length - 1))];
      fc.pre(one !== two);
      expect(headOf([bytes.subarray(0, one), bytes.subarray(one)])).not.toBe(
        headOf([bytes.subarray(0, two), bytes.subarray(two)]),
      );
    }),
  );
});

test('the same entries under another source or epoch have another head, and another place another signing text', () => {
  const entry = nodeSuite.utf8Encode('{}');
  const starts = [
    genesis,
    genesisHash(nodeSuite, 'hall-1/window-08', EPOCH),
    genesisHash(nodeSuite, SOURCE, 'epoch-00002'),
  ];
  expect(new Set(starts.map((start) => hex(nextHash(nodeSuite, start, entry)))).size).toBe(3);
  const head = { source: SOURCE, epoch: EPOCH, seq: 3, hash: genesis };
  const texts = [
    head,
    { ...head, seq: 4 },
    { ...head, epoch: 'epoch-00002' },
    { ...head, source: 'hall-1/w' },
    { ...head, hash: starts[1] as Uint8Array },
  ];
  expect(new Set(texts.map((one) => hex(headMessage(nodeSuite, one)))).size).toBe(5);
});

test('bytes are equal only when they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }), (a, b) => {
      expect(equalBytes(a, b)).toBe(hex(a) === hex(b));
      expect(equalBytes(a, a.slice())).toBe(true);
    }),
  );
});
