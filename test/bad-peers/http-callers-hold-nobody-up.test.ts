import { expect, it } from 'vitest';
import { until } from '../support/hall.js';
import { SECRET } from '../api/hall-edge.js';
import { HttpRig, request } from './http-rig.js';
import type { Wire } from './wire.js';

it.each([
  ['noise', Buffer.from([1, 2, 3, 13, 10, 13, 10]), 'request-malformed'],
  ['a header without end', Buffer.from(`GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}`), 'request-too-large'],
  ['a hundred thousand headers', Buffer.from(`GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(100_000)}`), 'request-too-large'],
  [
    'two lengths',
    Buffer.from('POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx'),
    'request-malformed',
  ],
  [
    'a length and chunks',
    Buffer.from('POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    'request-malformed',
  ],
  ['a method that does not exist', Buffer.from('RATE /v1 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'), 'request-malformed'],
  ['a header with a zero in it', Buffer.from('GET / HTTP/1.1\r\nx: a\0b\r\n\r\n'), 'request-malformed'],
])('%s is answered with a code, ends its connection and is told of', async (_, bytes, code) => {
  const rig = await new HttpRig().start();
  const bad = await rig.open();
  bad.say(bytes);
  await bad.cutOff();
  expect(bad.heard.toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(bad.heard.toString()).toContain(`"code":"${code}"`);
  expect(rig.codes()).toEqual([code]);
  expect(await rig.asks()).toBe(200);
});

it.each([
  ['nothing at all', ''],
  ['headers that do not end', 'GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: '],
  ['a body that does not end', request('/v1/services', { secret: true, body: 'x'.repeat(100) }).slice(0, -50)],
])('who says %s is cut off in time', async (_, said) => {
  const rig = await new HttpRig({ headersTimeoutMs: 300, requestTimeoutMs: 600 }).start();
  const bad = await rig.open();
  bad.say(said);
  await bad.cutOff(4_000);
  expect(rig.codes()).toEqual(['peer-too-slow']);
});

it('a slow loris that never falls silent is cut off as well', async () => {
  const rig = await new HttpRig({ headersTimeoutMs: 300 }).start();
  const bad = await rig.open();
  bad.say('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ');
  await until(
    'it is cut off',
    () => {
      bad.say('x'); // every 20 ms
      return bad.closed;
    },
    4_000,
  );
  expect(rig.codes()).toEqual(['peer-too-slow']);
});

it('bodies of 100 MB, counted or in chunks, are refused before they are there', async () => {
  const rig = await new HttpRig().start();
  const head = 'POST /v1/services HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
  for (const length of ['content-length: 100000000', 'transfer-encoding: chunked']) {
    const bad = await rig.open();
    bad.say(`${head}authorization: Bearer ${SECRET}\r\nidempotency-key: k\r\n${length}\r\n\r\n`);
    const chunk = `${(60_000).toString(16)}\r\n${'x'.repeat(60_000)}\r\n`;
    let said = 0;
    await until('it is refused', () => {
      if (bad.socket.writableLength === 0) said += bad.say(chunk) ? 60_000 : 0;
      return bad.heard.includes('request-too-large') || bad.closed;
    });
    expect(bad.heard.toString()).toContain('request-too-large');
    expect(said).toBeLessThan(5_000_000);
  }
  expect(await rig.asks()).toBe(200);
});

it('thousands of idle connections: the oldest go, whoever asks is answered', async () => {
  const rig = await new HttpRig({ maxConnections: 100, cuts: { perSecond: 1_000, burst: 5_000 } }).start();
  const idle: Wire[] = [];
  for (let n = 0; n < 2_000; n += 1) {
    idle.push(await rig.open());
    if (n % 500 === 499) expect(await rig.asks()).toBe(200);
  }
  await until('only so many are left', () => idle.filter(({ closed }) => !closed).length <= 100);
  expect(idle.at(-1)?.closed).toBe(false);
  expect(rig.codes()).toEqual(['peer-too-fast']);
});

it('hundreds of requests in one go are cut off, some are answered in order', async () => {
  const rig = await new HttpRig({ maxUnanswered: 8 }).start();
  const few = await rig.open();
  few.say(request('/healthz').repeat(8));
  await until('all are answered', () => few.heard.toString().split('"alive":true').length === 9);
  expect(few.closed).toBe(false);
  const bad = await rig.open();
  bad.say(request('/healthz').repeat(500));
  await bad.cutOff();
  expect(rig.codes()).toEqual(['peer-too-fast']);
  expect(rig.lines.filter(({ event }) => event === 'http request').length).toBeLessThanOrEqual(8 + 8);
});

it('who reads none of its answers is cut off, and nothing piles up meanwhile', async () => {
  const rig = await new HttpRig({ silenceMs: 500, withoutSecret: { perSecond: 1e6, burst: 1e6 } }).start();
  const deaf = await rig.open({ reads: false });
  const before = rig.lines.length;
  await until('it is cut off', () => {
    if (deaf.socket.writableLength === 0) deaf.say(request('/openapi.json'));
    return rig.codes().includes('peer-too-slow');
  });
  // What the system buffers for a socket, and the one answer that waits behind it.
  expect((rig.lines.length - before) * 40_000).toBeLessThan(20_000_000);
  await deaf.cutOff();
  expect(await rig.asks()).toBe(200);
});

it('without the secret an address may ask so often; with it nobody waits', async () => {
  const rig = await new HttpRig({ withoutSecret: { perSecond: 5, burst: 10 } }).start();
  const bad = await rig.open();
  let asked = 0;
  while (!bad.heard.includes('HTTP/1.1 429')) {
    const { length } = bad.heard;
    bad.say(request('/readyz'));
    asked += 1;
    await until('it is answered', () => bad.heard.length > length);
    expect(asked).toBeLessThan(100);
  }
  expect(bad.heard.toString()).toContain('"code":"peer-too-fast"');
  expect(asked).toBeLessThan(200);
  for (let n = 0; n < 50; n += 1) expect(await rig.asks()).toBe(200);
  expect(rig.codes()).toEqual(['peer-too-fast']);
  await until('it may ask again', async () => {
    const again = await rig.open();
    again.say(request('/healthz'));
    await until('it is answered', () => again.heard.length > 0);
    return again.heard.toString().startsWith('HTTP/1.1 200');
  });
});

it('an address that is cut off again and again is not taken for a while', async () => {
  const rig = await new HttpRig({ cuts: { perSecond: 2, burst: 5 } }).start();
  let refused = 0;
  for (let n = 0; n < 30; n += 1) {
    const bad = await rig.open();
    bad.say('nonsense\r\n\r\n');
    await bad.cutOff();
    if (bad.heard.length === 0) refused += 1;
  }
  expect(refused).toBeGreaterThan(15);
  await until('it is taken again', async () => (await rig.asks().catch(() => 0)) === 200);
});

it('who was cut off in the middle of many requests takes no room afterwards', async () => {
  const rig = await new HttpRig({ maxConnections: 10, maxUnanswered: 4, cuts: { perSecond: 1e6, burst: 1e6 } }).start();
  const honest = await rig.open();
  honest.say(request('/healthz'));
  await until('it is answered', () => honest.heard.includes('"alive"'));
  for (let n = 0; n < 30; n += 1) {
    const bad = await rig.open();
    bad.say(request('/openapi.json', { secret: true }).repeat(50));
    await bad.cutOff();
  }
  honest.say(request('/healthz'));
  await until('it is answered again', () => honest.heard.toString().split('"alive"').length === 3);
});

it('a connection that is idle between requests ends in time, and nobody is blamed for it', async () => {
  const rig = await new HttpRig({ silenceMs: 300, keepAliveMs: 200 }).start();
  const wire = await rig.open();
  wire.say(request('/healthz'));
  await until('it is answered', () => wire.heard.includes('"alive"'));
  await wire.cutOff(5_000);
  expect(rig.codes()).toEqual([]);
});
