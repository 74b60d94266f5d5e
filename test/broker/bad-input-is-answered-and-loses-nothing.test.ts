import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeBatch, encodeEntry, genesisHash, nextHash, topicOf, type HeadSigner } from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';
import { HALL, Impostor } from './terminal-impostor.js';

const KEY = generateLogKey();
const EPOCH = 'epochOfBadt';

/** A batch of one entry that is right in every part but those that the caller changes. */
function batch(change: { source?: string; signer?: HeadSigner; text?: string } = {}): Uint8Array {
  const { source = `${HALL}/bad`, signer = headSigner(KEY.privatePem) } = change;
  const place = { source, epoch: EPOCH, seq: 1, at: 1, bootId: EPOCH, mono: 1, clock: 'free' as const };
  const entry =
    change.text === undefined
      ? encodeEntry(nodeSuite, { ...place, kind: 'boot', body: { version: '1' } })
      : nodeSuite.utf8Encode(change.text);
  const prevHash = genesisHash(nodeSuite, source, EPOCH);
  return encodeBatch(nodeSuite, signer, {
    source,
    epoch: EPOCH,
    firstSeq: 1,
    prevHash,
    entries: [entry],
    headHash: nextHash(nodeSuite, prevHash, entry),
    time: { bootId: EPOCH, mono: 1, at: 1 },
  });
}

function changed(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[index] = value;
  return copy;
}

const STATE = { v: 1, state: 'connected', session: EPOCH, epoch: EPOCH, headSeq: 0, bootId: EPOCH, mono: 0, at: 0 };
const HEALTH = { v: 1, at: 1, parts: {}, duty: 'on', service: 'idle', backlog: 0, rssBytes: 1 };
const wrongSignature = () => {
  const other = headSigner(generateLogKey().privatePem);
  return batch({ signer: { keyId: KEY.keyId, sign: (message) => other.sign(message) } });
};

/** What is said, and the code that it is answered with. */
const BAD: readonly (readonly [what: string, say: (who: Impostor) => Promise<unknown>, code: string])[] = [
  ['a batch that is garbage', (who) => who.say('log', 'garbage'), 'batch-malformed'],
  ['an empty batch', (who) => who.say('log', ''), 'batch-malformed'],
  ['a batch that is cut off', (who) => who.say('log', batch().subarray(0, 60)), 'batch-malformed'],
  ['a batch of another version', (who) => who.say('log', changed(batch(), 2, 9)), 'message-version'],
  ['a batch of another codec', (who) => who.say('log', changed(batch(), 3, 9)), 'message-version'],
  ['a batch that would inflate without end', (who) => who.say('log', changed(batch(), 4, 0xff)), 'batch-too-large'],
  ['a batch past 64 KiB', (who) => who.say('log', new Uint8Array(64 * 1024 + 1)), 'batch-too-large'],
  ['a batch of a megabyte', (who) => who.say('log', new Uint8Array(1024 * 1024)), 'batch-too-large'],
  ['a batch with an entry changed on its way', (who) => who.say('log', wrongSignature()), 'batch-signature'],
  [
    'a batch under a key that nobody registered',
    (who) => who.say('log', batch({ signer: headSigner(generateLogKey().privatePem) })),
    'key-unknown',
  ],
  ['a batch that names another terminal', (who) => who.say('log', batch({ source: `${HALL}/t1` })), 'wrong-terminal'],
  ['a batch of another hall', (who) => who.say('log', batch({ source: 'other/bad' })), 'wrong-terminal'],
  ['a batch on the topic of another terminal', (who) => who.say('log', batch(), { of: 't1' }), 'wrong-terminal'],
  [
    'the last word of another terminal',
    (who) => who.say('state', '{"v":1,"state":"lost"}', { of: 't1', retain: true }),
    'wrong-terminal',
  ],
  ['a reply in the name of another terminal', (who) => who.say('reply', '{}', { of: 't1' }), 'wrong-terminal'],
  ['an ack for another terminal', (who) => who.say('ack', '{}', { of: 't1' }), 'wrong-terminal'],
  ['a command for another terminal', (who) => who.say('cmd', '{}', { of: 't1' }), 'wrong-terminal'],
  [
    'a configuration for another terminal',
    (who) => who.say('config', '{}', { of: 't1', retain: true }),
    'wrong-terminal',
  ],
  ['a topic of no terminal', (who) => who.sayAt('anything/else', 'x'), 'wrong-terminal'],
  ['a topic of another hall', (who) => who.sayAt(topicOf('other', 'bad', 'log'), batch()), 'wrong-terminal'],
  ['the topic that refused messages go to', (who) => who.sayAt('pjq/refused', 'x', true), 'wrong-terminal'],
  ['a state that is no JSON', (who) => who.say('state', '{'), 'message-malformed'],
  ['a state without its parts', (who) => who.say('state', '{"v":1,"state":"connected"}'), 'message-malformed'],
  ['an empty retained state', (who) => who.say('state', '', { retain: true }), 'message-malformed'],
  ['a state of another version', (who) => who.say('state', JSON.stringify({ ...STATE, v: 2 })), 'message-version'],
  [
    'a state past 16 KiB',
    (who) => who.say('state', JSON.stringify({ ...STATE, more: 'x'.repeat(17_000) })),
    'message-too-large',
  ],
  ['a reply that is no reply', (who) => who.say('reply', '[]'), 'message-malformed'],
  ['a reply in bytes that are no text', (who) => who.say('reply', Uint8Array.of(0xff, 0xfe)), 'message-malformed'],
  [
    'a health with unknown words',
    (who) => who.say('health', JSON.stringify({ ...HEALTH, duty: 'maybe' })),
    'message-malformed',
  ],
  ['a health past 64 KiB', (who) => who.say('health', 'x'.repeat(65 * 1024)), 'message-too-large'],
  ['an info that is no object', (who) => who.say('info', '1'), 'message-malformed'],
];

describe('bad input over the wire', () => {
  let hall: Hall;
  let bad: Impostor;
  let url = '';
  beforeAll(async () => {
    hall = await new Hall().start();
    url = `mqtt://127.0.0.1:${hall.mqttPort}`;
    const { code, stderr } = await Program.run([
      'dist/gateway/pjq.js',
      'terminal',
      'add',
      'bad',
      '--window',
      '9',
      '--public-key',
      KEY.publicKey,
      '--config',
      hall.gatewayConfig,
    ]);
    expect(code, stderr).toBe(0);
    bad = await Impostor.connect(url, 'bad');
    expect(await bad.subscribe(topicOf(HALL, 'bad', 'ack'))).toBe(1);
  });
  afterAll(async () => {
    await bad.end();
    await hall.stop();
  });

  const connection = async () => ((await hall.api('GET', '/v1/windows/1')).body as { connection: string }).connection;
  /** Everything that was said before is answered when this is. */
  const answered = async () => {
    const before = bad.refusals.filter((code) => code === 'message-malformed').length;
    await bad.say('info', 'the last');
    await until('the answer', () => bad.refusals.filter((code) => code === 'message-malformed').length > before);
  };
  const rate = async (caseNo: string) => {
    await hall.open(1, caseNo);
    expect(await hall.press(1, 5)).toBe(true);
    await until(`${caseNo} is in the ledger`, async () =>
      (await hall.ledger()).some((entry) => entry.caseNo === caseNo),
    );
  };

  it.each(BAD.map(([what, say, code]) => ({ what, say, code })))(
    '$what is answered with $code, once',
    async ({ say, code }) => {
      const before = bad.refusals.length;
      await say(bad);
      await until('an answer', () => bad.refusals.length > before);
      await answered();
      expect(bad.refusals.slice(before)).toEqual([code, 'message-malformed']);
      expect(bad.client.connected).toBe(true);
    },
  );

  it('leaves the connection, the gateway and the other terminal as they were', async () => {
    const { pid } = hall.gateway;
    expect(bad.closings).toBe(0);
    expect(hall.gateway.running).toBe(true);
    expect(await connection()).toBe('connected');
    await rate('in-between');
    expect(hall.gateway.pid).toBe(pid);
    const { program } = hall.counter(1);
    expect(program.lines.filter(({ event }) => event === 'hall connected')).toHaveLength(1);
    expect(program.lines.filter(({ event }) => event === 'sync')).toEqual([]); // nothing of it reached the other
    expect(gatewayRows(hall, "SELECT 1 FROM epoch WHERE source LIKE '%/bad'")).toEqual([]);
    expect(gatewayRows(hall, 'SELECT code FROM quarantine')).toEqual([]);
    expect(gatewayRows(hall, 'SELECT code FROM alarm')).toEqual([]);
  });

  it('is answered a hundred times when it is said a hundred times, and no more', async () => {
    const before = bad.refusals.length;
    await Promise.all(Array.from({ length: 100 }, () => bad.say('log', 'garbage')));
    await until('a hundred answers', () => bad.refusals.length >= before + 100);
    await rate('under-fire');
    await answered();
    expect(bad.refusals.length).toBe(before + 101);
    expect(bad.closings).toBe(0);
  });

  it('in a right batch stays in the log, and only its meaning is set aside', async () => {
    const before = bad.refusals.length;
    await bad.say('log', batch({ text: 'no entry at all' }));
    await until('it stands', () => gatewayRows(hall, 'SELECT 1 FROM quarantine').length === 1);
    expect(gatewayRows(hall, "SELECT throughSeq FROM epoch WHERE source LIKE '%/bad'")).toEqual([{ throughSeq: 1 }]);
    expect(bad.refusals.length).toBe(before);
  });

  it('cannot listen to anybody else', async () => {
    for (const filter of [
      '#',
      '+/+/+/+/ack',
      'pjq/#',
      `pjq/v1/${HALL}/+/cmd`,
      topicOf(HALL, 't1', 'ack'),
      topicOf(HALL, 't1', 'cmd'),
      topicOf(HALL, 't1', 'log'),
      topicOf(HALL, 'bad', 'log'),
    ]) {
      expect(await bad.subscribe(filter), filter).toBe(128);
    }
    expect(await bad.subscribe(topicOf(HALL, 'bad', 'config'))).toBe(1);
    const before = bad.heard.length;
    await rate('unheard');
    expect(bad.heard.slice(before).filter(({ topic }) => !topic.includes('/bad/'))).toEqual([]);
    expect(bad.client.connected).toBe(true);
  });

  it('cannot connect under a name that nobody registered', async () => {
    for (const clientId of [
      'pjq-demo-nobody',
      'pjq-other-t1',
      'pjq-demo-',
      'pjq-demo-@gw',
      'pjq-demo-T1',
      't1',
      'mqttjs_12345',
    ]) {
      await expect(Impostor.connect(url, 'any', { clientId }), clientId).rejects.toThrow(/Not authorized/);
    }
  });

  it('cannot bury another terminal in its last will', async () => {
    const will = {
      topic: topicOf(HALL, 't1', 'state'),
      payload: Buffer.from('{"v":1,"state":"lost"}'),
      qos: 1,
      retain: true,
    } as const;
    const buried = () =>
      hall.gateway.lines.filter(
        ({ event, code, detail }) =>
          event === 'refused' && code === 'wrong-terminal' && String(detail).includes('/t1/state'),
      ).length;
    const before = buried();
    await bad.end();
    const dying = await Impostor.connect(url, 'bad', { will });
    dying.die();
    bad = await Impostor.connect(url, 'bad');
    await bad.subscribe(topicOf(HALL, 'bad', 'ack'));
    await until('the will was refused', () => buried() > before);
    await rate('alive');
    expect(await connection()).toBe('connected');
  });
});
