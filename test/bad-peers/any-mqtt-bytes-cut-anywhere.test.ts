import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_CONNECT_BYTES, MAX_CONTROL_BYTES, PacketGate } from '../../gateway/broker/packet-gate.js';
import { isPjqError, MAX_BATCH_WIRE_BYTES } from '../../protocol/index.js';
import { connect, packet, PINGREQ, publish, subscribe, text } from './mqtt-bytes.js';

const CONNECT = connect('pjq-demo-t1');
const LIMITS = { maxPublishBytes: 2 * 1024 * 1024 };
const LOG = 'pjq/v1/demo/t1/log';

/** What comes out of a gate, and how it ended. */
function through(chunks: readonly Uint8Array[]): {
  kinds: string[];
  bytes: Buffer[];
  code: string | null;
  most: number;
} {
  const gate = new PacketGate(LIMITS);
  const kinds: string[] = [];
  const bytes: Buffer[] = [];
  let most = 0;
  try {
    for (const chunk of chunks) {
      gate.push(Buffer.from(chunk));
      for (let next = gate.next(); next !== null; next = gate.next()) {
        kinds.push(next.kind);
        bytes.push(Buffer.from(next.bytes));
      }
      most = Math.max(most, gate.keptBytes);
    }
  } catch (error) {
    if (!isPjqError(error)) throw error;
    return { kinds, bytes, code: error.code, most };
  }
  return { kinds, bytes, code: null, most };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const packets = fc.oneof(
  fc.constant(PINGREQ),
  fc.integer({ min: 0, max: 3_000 }).map((length) => publish(LOG, Buffer.alloc(length, 7), { qos: 1 })),
  fc
    .integer({ min: 0, max: 200 })
    .map((length) => publish('pjq/v1/demo/t1/state', Buffer.alloc(length, 8), { qos: 0 })),
  fc.constant(subscribe(['pjq/v1/demo/t1/ack'])),
  fc.constant(packet(0x40, [Buffer.of(0, 1)])),
);

it('whole packets come through as they are, wherever the wire cuts them', () => {
  fc.assert(
    fc.property(fc.array(packets, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (some, places) => {
      const said = [CONNECT, ...some];
      const { bytes, code } = through(cut(Buffer.concat(said), places));
      expect(code).toBeNull();
      expect(Buffer.concat(bytes).equals(Buffer.concat(said))).toBe(true);
      expect(bytes).toHaveLength(said.length);
    }),
    { numRuns: 300 },
  );
});

it('any bytes at all end in packets or in a code, and keep no more than one message', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), fc.boolean(), (chunks, connected) => {
      const { code, most } = through(connected ? [CONNECT, ...chunks] : chunks);
      expect([null, 'message-malformed', 'message-too-large']).toContain(code);
      expect(most).toBeLessThanOrEqual(MAX_BATCH_WIRE_BYTES + 2_048);
    }),
    { numRuns: 1_000 },
  );
});

it('kinds are told apart: batches, acknowledgements, the rest', () => {
  const said = [
    CONNECT,
    publish(LOG, Buffer.of(1)),
    packet(0x40, [Buffer.of(0, 1)]),
    publish('x/logs', Buffer.of(1)),
    PINGREQ,
  ];
  expect(through(said).kinds).toEqual(['connect', 'log', 'puback', 'other', 'other']);
});

it.each([
  ['anything before CONNECT', [PINGREQ], 'message-malformed'],
  ['a CONNECT with a will of 256 KB', [packet(0x10, [], 256 * 1024)], 'message-too-large'],
  ['a CONNECT one byte too long', [packet(0x10, [], MAX_CONNECT_BYTES + 1)], 'message-too-large'],
  ['a type that does not exist', [CONNECT, Buffer.of(0x00, 0)], 'message-malformed'],
  ['a type that only brokers say', [CONNECT, Buffer.of(0x20, 0)], 'message-malformed'],
  ['a length of five bytes', [CONNECT, Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff)], 'message-malformed'],
  ['a message of 256 MB, by its header alone', [CONNECT, Buffer.of(0x30, 0xff, 0xff, 0xff, 0x7f)], 'message-too-large'],
  ['thousands of subscriptions', [CONNECT, packet(0x82, [], MAX_CONTROL_BYTES + 1)], 'message-too-large'],
])('%s is over at the header', (_, said, code) => {
  expect(through(said).code).toBe(code);
});

it('a message that is too large passes cut, still too large, so that it is answered; the next one is whole', () => {
  const large = publish(LOG, Buffer.alloc(1_500_000, 9), { id: 77 });
  const { bytes, kinds, most, code } = through([
    ...cut(Buffer.concat([CONNECT, large]), [20, 60_000, 900_000]),
    PINGREQ,
  ]);
  expect(code).toBeNull();
  expect(kinds).toEqual(['connect', 'log', 'other']);
  const [, passed = Buffer.alloc(0), ping] = bytes;
  expect(ping?.equals(PINGREQ)).toBe(true);
  expect(passed.length).toBeGreaterThan(MAX_BATCH_WIRE_BYTES);
  expect(passed.length).toBeLessThan(MAX_BATCH_WIRE_BYTES + 2_048);
  expect(passed.subarray(4, 4 + text(LOG).length + 2).equals(Buffer.concat([text(LOG), Buffer.of(0, 77)]))).toBe(true);
  expect(most).toBeLessThan(MAX_BATCH_WIRE_BYTES + 2_048);
});

it('a packet that comes byte by byte takes no more room than it has bytes, doubled', () => {
  const slow = publish(LOG, Buffer.alloc(5_000, 1)).subarray(0, 1_500);
  const { most } = through([CONNECT, ...Array.from(slow, (byte) => Buffer.of(byte))]);
  expect(most).toBeLessThanOrEqual(2_048);
});
