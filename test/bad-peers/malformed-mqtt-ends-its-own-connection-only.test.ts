import { expect, it } from 'vitest';
import { topicOf } from '../../protocol/index.js';
import { until } from '../support/hall.js';
import { seeded } from '../support/seeded.js';
import { BrokerRig, HALL } from './broker-rig.js';
import { connect, packet, PINGREQ, publish, subscribe, text } from './mqtt-bytes.js';

const LOG = topicOf(HALL, 't1', 'log');
const STATE = topicOf(HALL, 't1', 'state');
const id = Buffer.of(0, 1);

/** What breaks the rules, said before or after CONNECT. The connection must end, with this code under this name. */
const BROKEN: readonly (readonly [what: string, when: 'before' | 'after', bytes: Buffer])[] = [
  ['a PINGREQ', 'before', PINGREQ],
  ['a PUBLISH', 'before', publish(LOG, Buffer.from('x'))],
  ['an HTTP request', 'before', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')],
  ['a TLS hello', 'before', Buffer.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)],
  ['zeros', 'before', Buffer.alloc(64)],
  ['a CONNECT of another protocol', 'before', connect('pjq-demo-t1', { protocol: 'MQTX' })],
  ['a CONNECT of version 9', 'before', connect('pjq-demo-t1', { version: 9 })],
  ['a CONNECT that is empty', 'before', packet(0x10, [])],
  ['a CONNECT cut within its name', 'before', packet(0x10, [text('MQTT'), Buffer.of(4, 2, 0, 0, 0, 200)])],
  ['a CONNECT with a name of 60,000 bytes', 'before', connect(`pjq-demo-${'x'.repeat(60_000)}`)],
  [
    'a CONNECT with a will of 65,535 bytes',
    'before',
    connect('pjq-demo-t1', { will: { topic: STATE, payload: Buffer.alloc(65_535) } }),
  ],
  ['a second CONNECT', 'after', connect('pjq-demo-t1')],
  ['a CONNACK', 'after', packet(0x20, [Buffer.of(0, 0)])],
  ['a SUBACK', 'after', packet(0x90, [id, Buffer.of(1)])],
  ['a PUBLISH to no topic', 'after', publish('', Buffer.from('x'))],
  ['a PUBLISH to a wildcard', 'after', publish('pjq/#', Buffer.from('x'))],
  ['a PUBLISH whose topic goes past its end', 'after', packet(0x32, [Buffer.of(0xff, 0xff), Buffer.from('x')])],
  ['a PUBLISH of QoS 3', 'after', packet(0x36, [text(LOG), id])],
  ['a PUBLISH of a thousand topic levels', 'after', publish('/'.repeat(1_000), Buffer.from('x'))],
  ['a SUBSCRIBE to nothing', 'after', packet(0x82, [id])],
  ['a SUBSCRIBE with the wrong flags', 'after', packet(0x80, [id, text(LOG), Buffer.of(1)])],
  ['a SUBSCRIBE of QoS 3', 'after', packet(0x82, [id, text(LOG), Buffer.of(3)])],
  ['a SUBSCRIBE past 4 KiB', 'after', subscribe(Array.from({ length: 500 }, (_, n) => `some/topic/${n}`))],
  ['a length without an end', 'after', Buffer.of(0x32, 0xff, 0xff, 0xff, 0xff, 0x7f)],
  ['the header of a message of 256 MB', 'after', Buffer.of(0x32, 0xff, 0xff, 0xff, 0x7f)],
];

it.each(BROKEN.map(([what, when, bytes]) => ({ what, when, bytes })))(
  '$what ($when CONNECT) is over at once, and is told of',
  async ({ when, bytes }) => {
    const rig = await new BrokerRig().start();
    const other = await rig.terminal('t2');
    const bad = when === 'after' ? await rig.terminal('t1') : await rig.open();
    bad.say(bytes);
    await bad.cutOff();
    const name = when === 'after' ? 't1' : undefined;
    await until('it is told of', () => rig.codes(name).length > 0);
    expect(['message-malformed', 'message-too-large']).toContain(rig.codes(name)[0]);
    other.say(publish(topicOf(HALL, 't2', 'log'), Buffer.from('batch')));
    await until('the other is heard', () => rig.messages.some(({ terminal }) => terminal === 't2'));
    expect(rig.messages.filter(({ channel }) => channel === 'log')).toHaveLength(1);
  },
);

it('QoS 2 that is never released ends after some', async () => {
  const rig = await new BrokerRig().start();
  const bad = await rig.terminal('t1');
  for (let n = 1; n <= 200; n += 1) bad.say(publish(LOG, Buffer.alloc(1_000), { qos: 2, id: n }));
  await bad.cutOff();
  expect(rig.messages.length).toBeLessThanOrEqual(16);
  await until('it is told of', () => rig.codes('t1').length > 0);
});

it('states of QoS 2 out of turn harm nobody', async () => {
  const rig = await new BrokerRig().start();
  const bad = await rig.terminal('t1');
  for (const first of [0x50, 0x62, 0x70, 0x40])
    for (let n = 0; n < 20; n += 1) bad.say(packet(first, [Buffer.of(n, n)]));
  bad.say(publish(STATE, Buffer.from('{}')));
  await until('it is heard', () => rig.messages.length === 1);
  expect(bad.closed).toBe(false);
});

it('a peer that asks for a lasting session is kept nothing for', async () => {
  const rig = await new BrokerRig().start();
  const ack = topicOf(HALL, 't1', 'ack');
  const first = await rig.terminal('t1', { clean: false });
  first.say(subscribe([ack]));
  await until('it is subscribed', () => first.heard.includes(Buffer.of(0x90, 3, 0, 1, 1)));
  first.end();
  await until('it is gone', () => rig.messages.length === 0);
  for (let n = 0; n < 50; n += 1) rig.broker.publish('t1', 'ack', Buffer.from(`{"n":${n}}`), { retain: false });
  const again = await rig.terminal('t1', { clean: false });
  again.say(PINGREQ);
  await until('it is answered', () => again.heard.includes(Buffer.of(0xd0, 0)));
  expect(again.heard.includes('"n"')).toBe(false);
  expect([...again.heard.subarray(0, 4)]).toEqual([0x20, 2, 0, 0]); // no session present
});

it('five hundred peers of seeded noise, before and after CONNECT: the broker serves on', async () => {
  const rig = await new BrokerRig({ connects: { perSecond: 1_000, burst: 1_000 } }).start();
  const random = seeded('noise');
  const byte = () => Math.floor(random() * 256);
  const noise = () => Buffer.from(Array.from({ length: 1 + Math.floor(random() * 40) }, byte));
  const mutated = () => {
    const kinds = [
      publish(LOG, noise()),
      subscribe([LOG]),
      connect('pjq-demo-t1'),
      packet(0xa2, [id, text(LOG)]),
      noise(),
    ];
    const bytes = Buffer.from(kinds[Math.floor(random() * kinds.length)] as Buffer);
    bytes[Math.floor(random() * bytes.length)] = byte();
    return bytes;
  };
  for (let round = 0; round < 25; round += 1) {
    const wires = await Promise.all(Array.from({ length: 20 }, () => rig.open()));
    for (const wire of wires) {
      if (random() < 0.7) wire.say(connect(`pjq-demo-t${10 + (wires.indexOf(wire) % 20)}`));
      for (let n = 0; n < 5; n += 1) wire.say(mutated());
      wire.socket.end();
    }
    await until('all are gone', () => wires.every(({ closed }) => closed));
  }
  const good = await rig.terminal('t9');
  good.say(publish(topicOf(HALL, 't9', 'health'), Buffer.from('{}')));
  await until('it is heard', () => rig.messages.some(({ terminal }) => terminal === 't9'));
  // Nobody was heard under a name that is not its own.
  expect(rig.messages.every(({ terminal }) => /^t(9|1\d|2\d)$/.test(terminal))).toBe(true);
});
