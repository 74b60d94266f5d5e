import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HallEdge, SECRET } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

test('without the secret nothing under /v1 is answered, however the address is written', async () => {
  for (const authorization of ['', 'Bearer wrong', `Bearer ${SECRET}x`, `Basic ${SECRET}`, 'Bearer']) {
    for (const path of ['/v1/windows', '/%761/windows', '/v1/windows/A12', '/v1/services/svc-1']) {
      const answer = await hall.call('GET', path, { headers: { authorization } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'credentials-missing' } });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
    const opening = await hall.call('POST', '/v1/services', {
      body: { caseNo: '1', terminal: 't1' },
      headers: { authorization, 'idempotency-key': 'k' },
    });
    expect(opening.status).toBe(401);
    expect((await hall.call('POST', '/v1/services/x/cancel', { headers: { authorization } })).status).toBe(401);
    for (const open of ['/healthz', '/readyz', '/metrics', '/openapi.json']) {
      expect((await hall.call('GET', open, { headers: { authorization } })).status).toBe(200);
    }
  }
  expect(hall.terminals.sent).toEqual([]);
});

test('another host name or the page of another site is refused', async () => {
  for (const host of ['evil.example', `evil.example:${hall.port}`, '127.0.0.1.evil.example', '']) {
    expect(await hall.call('GET', '/v1/windows', { headers: { host } })).toMatchObject({
      status: 403,
      body: { code: 'origin-refused' },
    });
  }
  for (const origin of ['https://evil.example', 'null']) {
    expect((await hall.call('GET', '/healthz', { headers: { origin } })).status).toBe(403);
  }
  for (const host of [`localhost:${hall.port}`, 'LOCALHOST', '[::1]:1', '127.0.0.1']) {
    expect((await hall.call('GET', '/v1/windows', { headers: { host } })).status).toBe(200);
  }
});

test('what is too large, no JSON, no UTF-8 or no route is answered with its code', async () => {
  const send = (raw: string | Buffer, type = 'application/json') =>
    hall.call('POST', '/v1/services', { raw, headers: { 'idempotency-key': 'k', 'content-type': type } });
  expect(await send(JSON.stringify({ caseNo: 'x'.repeat(64 * 1024) }))).toMatchObject({
    status: 413,
    body: { code: 'request-too-large' },
  });
  expect(await send('{"caseNo": "quoted')).toMatchObject({
    status: 400,
    body: { code: 'request-malformed', errors: [{ reason: 'must be JSON in UTF-8' }] },
  });
  const gbk = Buffer.concat([Buffer.from('{"terminal":"t1","caseNo":"'), Buffer.from([0xb0, 0xec]), Buffer.from('"}')]);
  expect(await send(gbk)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  expect(await send('caseNo=1', 'application/x-www-form-urlencoded')).toMatchObject({
    status: 400,
    body: { code: 'request-malformed' },
  });
  expect(await send('')).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  expect(await hall.call('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'route-unknown' } });
  expect(await hall.call('GET', '/v1/windows/%zz')).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  expect(hall.terminals.sent).toEqual([]);
});

test('what is no HTTP is answered and closed', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(hall.port, '127.0.0.1', () => socket.write('\x01\x02 nonsense\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"request-malformed"');
});

test('a fault of our own tells nothing but its request id, and stands in the log under it', async () => {
  hall.terminals.send = () => Promise.reject(new Error('inner workings'));
  const answer = await hall.open({ caseNo: '1', terminal: 't1' }, 'key-1');
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
  expect(answer.text).not.toContain('inner workings');
  const line = hall.logLines.find((text) => text.includes('http request failed'));
  expect(line).toContain(answer.body['requestId'] as string);
});
