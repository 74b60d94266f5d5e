import { expect, it } from 'vitest';
import { topicOf } from '../../protocol/index.js';
import { heapBytes } from '../hw/heap-bytes.js';
import { until } from '../support/hall.js';
import { BrokerRig, HALL } from './broker-rig.js';
import { connect, packet, PINGREQ, publish, subscribe } from './mqtt-bytes.js';

const LOG = topicOf(HALL, 't1', 'log');

it.each([
  ['says nothing', Buffer.alloc(0)],
  ['never ends its CONNECT', connect('pjq-demo-t1').subarray(0, 9)],
])('a stranger that %s is cut off in time', async (_, bytes) => {
  const rig = await new BrokerRig({ connectTimeoutMs: 300 }).start();
  const bad = await rig.open();
  bad.say(bytes);
  await bad.cutOff(3_000);
  await until('it is told of', () => rig.codes().includes('peer-too-slow'));
});

it('a stranger that says CONNECT a byte at a time is cut off as well', async () => {
  const rig = await new BrokerRig({ connectTimeoutMs: 300 }).start();
  const bad = await rig.open();
  const said = [...connect('pjq-demo-t1', { will: { topic: 'x', payload: Buffer.alloc(5_000) } })];
  await until('it is cut off', () => {
    bad.say(Buffer.of(said.shift() ?? 0)); // every 20 ms
    return bad.closed;
  });
  expect(said.length).toBeGreaterThan(4_000);
});

it('nothing that a stranger says behind its CONNECT is taken before it is let in', async () => {
  const rig = await new BrokerRig().start();
  const bad = await rig.open();
  bad.say(
    Buffer.concat([
      connect('pjq-demo-nobody'),
      ...Array.from({ length: 50 }, () => publish(LOG, Buffer.alloc(60_000))),
    ]),
  );
  await bad.cutOff();
  expect(rig.messages).toEqual([]);
  const good = await rig.open();
  good.say(Buffer.concat([connect('pjq-demo-t1'), publish(LOG, Buffer.from('at once'))]));
  await until('what a terminal says at once is heard', () => rig.messages.length === 1);
});

it('a packet that never ends is cut off, one that goes on slowly to its end is heard', async () => {
  const rig = await new BrokerRig({ packetTimeoutMs: 1_500 }).start();
  const slow = await rig.terminal('t1');
  const bad = await rig.terminal('t2');
  bad.say(packet(0x32, [Buffer.alloc(100)], 60_000));
  const bytes = publish(LOG, Buffer.alloc(500, 1));
  let at = 0;
  await until('the slow one is heard', () => {
    slow.say(bytes.subarray(at, (at += 50)));
    return rig.messages.length === 1;
  });
  await bad.cutOff();
  await until('it is told of', () => rig.codes('t2').includes('peer-too-slow'));
  expect(slow.closed).toBe(false);
  expect(rig.messages).toEqual([{ terminal: 't1', channel: 'log', bytes: 500 }]);
});

it('who asked for no keep-alive and falls silent is cut off, who pings is not', async () => {
  const rig = await new BrokerRig({ idleTimeoutMs: 400 }).start();
  const silent = await rig.terminal('t1', { keepaliveSeconds: 0 });
  const pings = await rig.terminal('t2', { keepaliveSeconds: 0 });
  await until('the silent one is cut off', () => {
    pings.say(PINGREQ);
    return silent.closed;
  });
  expect(pings.closed).toBe(false);
  expect(rig.codes('t1')).toEqual(['peer-too-slow']);
});

it('for a terminal that reads nothing only so much is kept; the others hear everything meanwhile, and so does it afterwards', async () => {
  const maxUnreadBytes = 64 * 1024;
  const rig = await new BrokerRig({ maxUnreadBytes }).start();
  const deaf = await rig.terminal('t1');
  const other = await rig.terminal('t2');
  for (const [wire, name] of [
    [deaf, 't1'],
    [other, 't2'],
  ] as const)
    wire.say(subscribe([topicOf(HALL, name, 'cmd')]));
  await until('both listen', () => [deaf, other].every(({ heard }) => heard.includes(Buffer.of(0x90, 3, 0, 1, 1))));
  deaf.socket.pause();
  const command = Buffer.alloc(8_000, 0x61);
  let sent = 0;
  let most = 0;
  await until('the deaf one is cut off', () => {
    // 20 MB at the most; the system itself buffers some.
    for (let n = 0; n < 100 && sent < 2_500; n += 1, sent += 1)
      rig.broker.publish('t1', 'cmd', command, { retain: false });
    rig.broker.publish('t2', 'cmd', Buffer.from(`{"for":"t2","n":${sent}}`), { retain: false });
    most = Math.max(most, rig.unreadBytes());
    return rig.codes('t1').includes('peer-too-slow');
  });
  await until('the other heard the last', () => other.heard.includes(`"n":${sent}`), 1_000);
  expect(most).toBeLessThan(2 * maxUnreadBytes + 100 * 8_100);
  expect(sent).toBeLessThan(2_500);
  await deaf.cutOff();
  const again = await rig.terminal('t1');
  again.say(subscribe([topicOf(HALL, 't1', 'cmd')]));
  await until('it listens again', () => again.heard.includes(Buffer.of(0x90, 3, 0, 1, 1)));
  rig.broker.publish('t1', 'cmd', Buffer.from('{"after":1}'), { retain: false });
  await until('it hears again', () => again.heard.includes('"after"'));
});

it('a terminal that acknowledges nothing, and asks for a lasting session, is kept nothing for', async () => {
  const rig = await new BrokerRig().start();
  const bad = await rig.terminal('t1', { clean: false }); // reads everything, says no PUBACK
  bad.say(subscribe([topicOf(HALL, 't1', 'cmd')]));
  await until('it listens', () => bad.heard.includes(Buffer.of(0x90, 3, 0, 1, 1)));
  const held = () => (heapBytes(), process.memoryUsage().arrayBuffers);
  const before = held();
  for (let round = 0; round < 30; round += 1) {
    const of = (n: number) => `{"n":${n},"and":"${'x'.repeat(10_000)}"}`;
    for (let n = 0; n < 50; n += 1) rig.broker.publish('t1', 'cmd', Buffer.from(of(round * 50 + n)), { retain: false });
    await until('it heard them', () => bad.heard.includes(`"n":${round * 50 + 49}`));
  }
  // It was 15 MB. Buffers that nobody holds are given back a while after the collection.
  await until('nothing is kept', () => held() - before < 3_000_000, 10_000);
  expect(bad.closed).toBe(false);
});
