import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ackMessage,
  decodeMessage,
  encodeMessage,
  isPjqError,
  MAX_MESSAGE_BYTES,
  MESSAGE_SCHEMAS,
  type MessageChannel,
  type MessageOf,
} from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';

const id = 'AAAAAAAAAAA';
const digest = 'A'.repeat(43);
const GOOD: { readonly [C in MessageChannel]: MessageOf<C> } = {
  state: {
    v: 1,
    state: 'connected',
    session: id,
    epoch: id,
    headSeq: 7,
    bootId: id,
    mono: 5,
    at: 6,
    promise: { storeId: id, generation: 1, throughSeq: 3, headHash: digest, sig: 'sig' },
  },
  info: { v: 1, version: '0.1.0', keyId: '0123456789abcdef', board: 'virtual' },
  health: { v: 1, at: 1, parts: { board: 'connected' }, duty: 'on', service: 'idle', backlog: 0, rssBytes: 1 },
  ack: {
    v: 1,
    epoch: id,
    throughSeq: 3,
    headHash: digest,
    storeId: id,
    generation: 1,
    gatewayTime: 9,
    sig: 'sig',
    session: id,
    refused: { code: 'batch-chain', hint: 'once more', seq: 4 },
  },
  cmd: {
    v: 1,
    id,
    validUntil: 9,
    type: 'service.open',
    service: { serviceId: 'S-1', caseNo: '办件1号', stage: 'intake' },
  },
  reply: { v: 1, id, ok: false, code: 'terminal-paused' },
  config: {
    v: 1,
    window: '7',
    policyId: 'default@0f1e2d3c',
    policy: {
      changeOfMindMs: 5_000,
      invitationMs: 90_000,
      commandValidMs: 15_000,
      retentionDays: 400,
      reasonsMs: 20_000,
      farewellMs: 8_000,
      laterShownMs: 60_000,
      receipt: { onOpen: false, onLater: true, onUnrated: false, dropAfterMs: 600_000 },
      sound: {
        key: true,
        welcome: false,
        invite: true,
        thanks: true,
        volumePercent: 40,
        languages: ['zh'],
        quiet: [{ from: '12:00', to: '13:30' }],
      },
    },
  },
};
/** A required field of each, to be left out. */
const NEEDED: { readonly [C in MessageChannel]: string } = {
  state: 'epoch',
  info: 'keyId',
  health: 'parts',
  ack: 'headHash',
  cmd: 'validUntil',
  reply: 'ok',
  config: 'policy',
};
const channels = Object.keys(MESSAGE_SCHEMAS) as MessageChannel[];

const bytesOf = (value: unknown) => nodeSuite.utf8Encode(JSON.stringify(value));
function codeOf(channel: MessageChannel, bytes: Uint8Array): string {
  try {
    decodeMessage(nodeSuite, channel, bytes);
    return 'taken';
  } catch (error) {
    if (!isPjqError(error)) throw error;
    return error.code;
  }
}

describe.each(channels)('%s', (channel) => {
  const good = GOOD[channel];

  test('what was encoded is decoded', () => {
    expect(decodeMessage(nodeSuite, channel, encodeMessage(nodeSuite, channel, good))).toEqual(good);
  });

  test('fields of later versions are passed over', () => {
    expect(decodeMessage(nodeSuite, channel, bytesOf({ ...good, later: { much: true } }))).toEqual(good);
  });

  test('another version is told as such, before anything else that is wrong', () => {
    expect(codeOf(channel, bytesOf({ ...good, v: 2 }))).toBe('message-version');
    expect(codeOf(channel, bytesOf({ v: 0 }))).toBe('message-version');
  });

  test('what is malformed is told as such', () => {
    const { [NEEDED[channel]]: _left, ...rest } = good as unknown as Record<string, unknown>;
    const { v: _version, ...unversioned } = good;
    const wrong = [
      bytesOf(rest),
      bytesOf(unversioned),
      bytesOf({ ...good, v: '1' }),
      bytesOf([good]),
      bytesOf(null),
      bytesOf(1),
    ];
    for (const bytes of [...wrong, new Uint8Array(), nodeSuite.utf8Encode('{'), new Uint8Array([0xff, 0xfe])]) {
      expect(codeOf(channel, bytes)).toBe('message-malformed');
    }
  });

  test('past its largest size it is not even read', () => {
    const padded = (length: number) => {
      const bytes = bytesOf(good);
      return nodeSuite.utf8Encode(nodeSuite.utf8Decode(bytes) + ' '.repeat(length - bytes.length));
    };
    expect(codeOf(channel, padded(MAX_MESSAGE_BYTES))).toBe('taken');
    expect(codeOf(channel, padded(MAX_MESSAGE_BYTES + 1))).toBe('message-too-large');
    expect(codeOf(channel, new Uint8Array(MAX_MESSAGE_BYTES + 1))).toBe('message-too-large');
  });

  test('no bytes and no JSON make it fail without a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => codeOf(channel, bytes) !== 'taken'),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(codeOf(channel, nodeSuite.utf8Encode(json))).toMatch(/^message-(malformed|version)$/);
      }),
      { numRuns: 200 },
    );
  });
});

test('brackets nested as deep as a message allows are refused, not fatal', () => {
  expect(codeOf('reply', nodeSuite.utf8Encode('['.repeat(MAX_MESSAGE_BYTES)))).toBe('message-malformed');
  const half = MAX_MESSAGE_BYTES / 2;
  expect(codeOf('reply', nodeSuite.utf8Encode('['.repeat(half) + ']'.repeat(half)))).toBe('message-malformed');
});

test('the last will says that the terminal is lost, and needs nothing else', () => {
  expect(decodeMessage(nodeSuite, 'state', bytesOf({ v: 1, state: 'lost' }))).toEqual({ v: 1, state: 'lost' });
  expect(codeOf('state', bytesOf({ v: 1, state: 'resting' }))).toBe('message-malformed');
});

test('a command that carries an evaluator is read without it (I7)', () => {
  const service = {
    serviceId: 'S-1',
    caseNo: 'C',
    stage: 'completion',
    evaluator: { name: '张三' },
    phone: '13800138000',
  };
  const read = decodeMessage(nodeSuite, 'cmd', bytesOf({ ...GOOD.cmd, evaluator: { name: '张三' }, service }));
  expect(JSON.stringify(read)).not.toMatch(/evaluator|张三|phone/);
});

test('every field of a promise is under the signature of the ack', () => {
  const { epoch, throughSeq, headHash, storeId, generation } = GOOD.ack;
  const fields = { epoch, throughSeq, headHash, storeId, generation };
  const texts = [
    ackMessage(nodeSuite, 'h/t', fields),
    ackMessage(nodeSuite, 'h/u', fields),
    ackMessage(nodeSuite, 'h/t', { ...fields, epoch: 'BBBBBBBBBBB' }),
    ackMessage(nodeSuite, 'h/t', { ...fields, throughSeq: 4 }),
    ackMessage(nodeSuite, 'h/t', { ...fields, headHash: 'B'.repeat(43) }),
    ackMessage(nodeSuite, 'h/t', { ...fields, storeId: 'BBBBBBBBBBB' }),
    ackMessage(nodeSuite, 'h/t', { ...fields, generation: 2 }),
  ].map(nodeSuite.utf8Decode);
  expect(new Set(texts).size).toBe(7);
});
