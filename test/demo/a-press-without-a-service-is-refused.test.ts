import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startDemo } from './demo-at-work.js';

test('a press without a service is refused, and what cannot be understood is told by its code', async () => {
  const demo = await startDemo(1);
  expect(await demo.press(1, 3)).toMatchObject({ status: 409, body: { result: 'refused', code: 'session-absent' } });
  expect(await demo.ledger()).toEqual([]);

  for (const body of ['{"level":', {}, { level: 0 }, { level: 6 }, { level: '3' }, { level: 3, loud: true }]) {
    expect(await demo.tell('/api/terminals/1/press', body)).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { code: 'request-malformed' },
    });
  }
  expect(await demo.tell('/api/terminals/1/service', { caseNo: '' })).toMatchObject({
    status: 400,
    body: { code: 'request-malformed' },
  });
  for (const path of ['/api/terminals/2', '/api/terminals/0', '/api/terminals/x']) {
    expect(await demo.ask(path)).toMatchObject({ status: 404, body: { code: 'terminal-unknown' } });
  }
  expect(await demo.press(2, 3)).toMatchObject({ status: 404, body: { code: 'terminal-unknown' } });
  expect(await demo.ask('/api/nothing')).toMatchObject({ status: 404, body: { code: 'route-unknown' } });
  expect(await statusFor(demo.ports.page, { host: 'evil.example' })).toBe(403);
  expect(await statusFor(demo.ports.page, { origin: 'http://evil.example' })).toBe(403);
  expect(await statusFor(demo.ports.page, { host: `localhost:${demo.ports.page}` })).toBe(200);
}, 120_000);

function statusFor(port: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/api/processes', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
