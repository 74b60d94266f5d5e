/** On arrival most envelopes are read without the schema. What they mean must not depend on that. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLinked } from '../../gateway/ingest/read-linked.js';
import { PjqError } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';

const PLACE = { entryId: 7, source: 'demo/t1', epoch: 'epoch-00001', seq: 3 };
const RIGHT = {
  source: 'demo/t1',
  epoch: 'epoch-00001',
  seq: 3,
  kind: 'press',
  at: 1_790_000_000_000,
  bootId: 'boot0000001',
  mono: 5_000,
  clock: 'synced',
  body: { id: 'press001001', serviceId: 's-1', level: 4, via: 'key' },
};

/** Values that are nearly right, somewhere right, or nothing at all. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...['demo/t1', 'demo/t2', 'epoch-00001', 'boot0000001', 'boot000000', 'boot/000001', 'press', 'resume', 'tomorrow'],
    ...['synced', 'free', 'frei', '', 3, 4, 0, -1, 1.5, 2 ** 53, Number.MAX_SAFE_INTEGER, null, true, [], {}, [1]],
    { epoch: 'epoch-00000', seq: 1 },
    { id: 'press001001', serviceId: 's-1', level: 9, via: 'key' },
    'toString',
    '__proto__',
  ),
  fc.jsonValue(),
);
const key = fc.constantFrom(...Object.keys(RIGHT), 're', 'more', 'toString');
const changed = fc.record({
  sets: fc.array(fc.tuple(key, odd), { maxLength: 2 }),
  drops: fc.array(key, { maxLength: 1 }),
});

function said(read: ReturnType<typeof readLinked>): unknown {
  if (read instanceof PjqError) return { code: read.code, detail: read.detail };
  const { source, epoch, seq, kind, at, bootId, mono, clock, re, body } = read.entry;
  return { ...read, entry: { source, epoch, seq, kind, at, bootId, mono, clock, re, body } };
}

test('an envelope is read alike with its JSON at hand and from its bytes by the schema', () => {
  let plain = 0;
  fc.assert(
    fc.property(changed, ({ sets, drops }) => {
      const value: Record<string, unknown> = { ...RIGHT };
      for (const [name, to] of sets)
        Object.defineProperty(value, name, { value: to, enumerable: true, configurable: true });
      for (const name of drops) delete value[name];
      const bytes = nodeSuite.utf8Encode(JSON.stringify(value));
      const atHand = readLinked(nodeSuite, { ...PLACE, bytes, json: JSON.parse(nodeSuite.utf8Decode(bytes)) });
      if (!(atHand instanceof PjqError)) plain += 1;
      expect(said(atHand)).toEqual(said(readLinked(nodeSuite, { ...PLACE, bytes })));
    }),
    { numRuns: 3_000 },
  );
  expect(plain).toBeGreaterThan(300);
});
