import { expect, it } from 'vitest';
import { topicOf } from '../../protocol/index.js';
import { until } from '../support/hall.js';
import { BrokerRig, HALL } from './broker-rig.js';
import { connect, PINGREQ, publish, subscribe } from './mqtt-bytes.js';
import type { Wire } from './wire.js';

const REFUSED = (code: number) => Buffer.of(0x20, 2, 0, code);

it('made-up names are looked up only so often; a terminal that is known comes in meanwhile', async () => {
  const rig = await new BrokerRig({ refusedConnects: { perSecond: 1, burst: 20 } }).start();
  (await rig.terminal('t1')).end();
  const before = rig.asked.length;
  for (let round = 0; round < 10; round += 1) {
    const wires = await Promise.all(Array.from({ length: 20 }, () => rig.open()));
    wires.forEach((wire, n) => wire.say(connect(`pjq-demo-made-up-${round}-${n}`)));
    await until('all were refused', () => wires.every(({ closed }) => closed));
    expect(wires.every(({ heard }) => heard.equals(REFUSED(5)) || heard.equals(REFUSED(3)))).toBe(true);
  }
  expect(rig.asked.length - before).toBeLessThanOrEqual(40);
  await rig.terminal('t1');
  expect(rig.lines.length).toBeLessThanOrEqual(3);
  expect(new Set(rig.codes())).toEqual(new Set(['terminal-unknown', 'peer-too-fast']));
});

it('a hundred connections under one name: the last that was let in stays, further ones are refused', async () => {
  const rig = await new BrokerRig({ connects: { perSecond: 1, burst: 10 } }).start();
  const other = await rig.terminal('t2');
  const wires: Wire[] = [];
  for (let n = 0; n < 100; n += 1) {
    const wire = await rig.open();
    wires.push(wire);
    wire.say(connect('pjq-demo-t1'));
    await until('it is answered', () => wire.heard.length >= 4);
  }
  const letIn = wires.filter(({ heard }) => heard.subarray(0, 4).equals(REFUSED(0)));
  expect(letIn.length).toBeGreaterThanOrEqual(10);
  expect(letIn.length).toBeLessThanOrEqual(15);
  await until('one is left', () => wires.filter(({ closed }) => !closed).length === 1);
  expect(letIn.at(-1)?.closed).toBe(false);
  expect(other.closed).toBe(false);
  // In its place again as soon as it asks less often.
  await until('it comes back', async () => {
    const wire = await rig.open();
    wire.say(connect('pjq-demo-t1'));
    await until('it is answered', () => wire.heard.length >= 4);
    return wire.heard.subarray(0, 4).equals(REFUSED(0));
  });
});

it('of connections that do not say who they are the oldest go, and a terminal comes in', async () => {
  const rig = await new BrokerRig({ maxStrangers: 50 }).start();
  const letIn = await rig.terminal('t2');
  const idle: Wire[] = [];
  for (let n = 0; n < 200; n += 1) idle.push(await rig.open());
  await until('only so many are left', () => idle.filter(({ closed }) => !closed).length <= 50);
  expect(idle.at(-1)?.closed).toBe(false);
  await rig.terminal('t1');
  expect(letIn.closed).toBe(false);
  expect(rig.codes()).toEqual(['peer-too-fast']);
});

it('more connections than there may be are closed, those inside stay', async () => {
  const rig = await new BrokerRig({ maxConnections: 10 }).start();
  const inside = await Promise.all(Array.from({ length: 10 }, (_, n) => rig.terminal(`t${n}`)));
  const further = await rig.open();
  await further.cutOff();
  expect(inside.every(({ closed }) => !closed)).toBe(true);
  inside[0]?.end();
  await until('there is room again', async () => {
    const wire = await rig.open();
    wire.say(connect('pjq-demo-t11'));
    await until('it is answered or closed', () => wire.closed || wire.heard.length >= 4);
    return !wire.closed;
  });
});

it('an address that connects and goes without end is not even heard, until it rests', async () => {
  const rig = await new BrokerRig({ connections: { perSecond: 20, burst: 50 } }).start();
  const inside = await rig.terminal('t1');
  for (let n = 0; n < 200; n += 1) (await rig.open()).end();
  expect(rig.codes()).toContain('peer-too-fast');
  expect(inside.closed).toBe(false);
  await until('it may come again', async () => {
    const wire = await rig.open();
    wire.say(connect('pjq-demo-t2'));
    await until('it is answered or closed', () => wire.closed || wire.heard.length >= 4);
    return !wire.closed;
  });
});

it('batches that nobody answers wait in the socket, all of them are heard once they are answered', async () => {
  const rig = await new BrokerRig({ maxUnanswered: 16, unansweredMs: 60_000 }).start();
  const bad = await rig.terminal('t1');
  const other = await rig.terminal('t2');
  for (let n = 0; n < 400; n += 1) bad.say(publish(topicOf(HALL, 't1', 'log'), Buffer.alloc(50_000), { qos: 0 }));
  other.say(publish(topicOf(HALL, 't2', 'log'), Buffer.from('batch')));
  await until('the other is heard', () => rig.messages.some(({ terminal }) => terminal === 't2'));
  const heard = () => rig.messages.filter(({ terminal }) => terminal === 't1').length;
  await until('the first are heard', () => heard() >= 16);
  expect(heard()).toBe(16);
  expect(rig.codes('t1')).toEqual(['peer-too-fast']);
  await until('all are heard', () => {
    rig.broker.publish('t1', 'ack', Buffer.from('{"v":1}'), { retain: false });
    return heard() === 400;
  });
  expect(bad.closed).toBe(false);
});

it('without an ack they are taken again after a time, so that what could not be committed is not stuck', async () => {
  const rig = await new BrokerRig({ maxUnanswered: 8, unansweredMs: 200 }).start();
  const bad = await rig.terminal('t1');
  for (let n = 0; n < 20; n += 1) bad.say(publish(topicOf(HALL, 't1', 'log'), Buffer.from('x'), { qos: 0 }));
  await until('all are heard', () => rig.messages.length === 20);
});

it('who is refused without end is heard more and more slowly, and at speed again when it rests', async () => {
  const rig = await new BrokerRig({ refusals: { perSecond: 20, burst: 50 } }).start();
  const bad = await rig.terminal('t1');
  const refuse = () => {
    const owed = rig.messages.length - answered;
    for (let n = 0; n < owed; n += 1) rig.broker.publish('t1', 'ack', Buffer.from('{"refused":{}}'), { retain: false });
    answered += owed;
  };
  let answered = 0;
  for (let n = 0; n < 500; n += 1) bad.say(publish(topicOf(HALL, 't1', 'log'), Buffer.from('garbage'), { qos: 0 }));
  const since = performance.now();
  await until('the first hundred', () => {
    refuse();
    return answered >= 100;
  });
  const seconds = (performance.now() - since) / 1_000;
  expect(answered).toBeLessThanOrEqual(50 + 8 + 20 * seconds + 8);
  expect(seconds).toBeGreaterThan(0.5);
  expect(rig.codes('t1')).toEqual(['peer-too-fast']);
  // Coming again is no way out.
  const before = rig.messages.length;
  const again = await rig.terminal('t1');
  for (let n = 0; n < 100; n += 1) again.say(publish(topicOf(HALL, 't1', 'log'), Buffer.from('garbage'), { qos: 0 }));
  const other = await rig.terminal('t2');
  other.say(publish(topicOf(HALL, 't2', 'log'), Buffer.from('batch'), { qos: 0 }));
  await until('the other is heard', () => rig.messages.some(({ terminal }) => terminal === 't2'));
  expect(rig.messages.length - before).toBeLessThan(40);
});

it('floods of what is no batch wait as well: pings, subscriptions, retained states', async () => {
  const rig = await new BrokerRig({ messages: { perSecond: 50, burst: 100 } }).start();
  const bad = await rig.terminal('t1');
  for (let n = 0; n < 1_000; n += 1) {
    bad.say(PINGREQ);
    bad.say(subscribe([`made/up/${n}`]));
    bad.say(publish(topicOf(HALL, 't1', 'state'), Buffer.from(`{"n":${n}}`), { qos: 0, retain: true }));
  }
  await until('it is slowed', () => rig.codes('t1').includes('peer-too-fast'));
  expect(rig.messages.length).toBeLessThan(100);
  const other = await rig.terminal('t2');
  other.say(PINGREQ);
  await until('the other is answered', () => other.heard.includes(Buffer.of(0xd0, 0)));
});
