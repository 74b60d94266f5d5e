import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LocalServer } from '../../device/local/local-server.js';
import { atWork, expectProblem } from './local-at-work.js';

describe('the local interface', () => {
  it('serves a whole session to kiosk and staff', async () => {
    const { call, time, entries } = await atWork();
    expect(await call('POST', '/v1/duty', { as: 'staff', body: { staffNo: 'A1' } })).toMatchObject({
      status: 200,
      json: { ok: true },
    });
    const opened = await call('POST', '/v1/services', {
      as: 'staff',
      body: { caseNo: '2026-0001', matter: { name: '户籍' } },
    });
    expect(opened.status).toBe(201);
    expect(opened.json['serviceId']).toMatch(/^t1-[A-Za-z0-9_-]{11}$/);
    expect((await call('GET', '/v1/session', { as: 'kiosk' })).json).toMatchObject({
      state: 'invited',
      caseNo: '2026-0001',
      matter: '户籍',
    });
    expect(await call('POST', '/v1/touch', { as: 'kiosk' })).toMatchObject({ status: 200 });
    const pressed = await call('POST', '/v1/press', { as: 'kiosk', body: { level: 2 } });
    expect(pressed).toMatchObject({ status: 200, text: '{"ok":true}' });
    time.advance(5_000);
    expect(
      entries()
        .slice(1)
        .map(({ kind, body }) => [kind, body['origin'] ?? body['via'] ?? body['cause']]),
    ).toEqual([
      ['service.opened', 'local'],
      ['press', 'touch'],
      ['rating', 'time-over'],
    ]);
    expect((await call('GET', '/v1/health', { as: 'staff' })).json).toMatchObject({ parts: { log: 'connected' } });
  });

  it('pauses, resumes, cancels and signs off', async () => {
    const { call, entries } = await atWork();
    await call('POST', '/v1/duty', { as: 'staff', body: { staffNo: 'A1' } });
    await call('POST', '/v1/pause', { as: 'staff', body: { reason: 'meal' } });
    expectProblem(await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '1' } }), 409, 'terminal-paused');
    expectProblem(await call('POST', '/v1/press', { as: 'kiosk', body: { level: 5 } }), 409, 'terminal-paused');
    await call('POST', '/v1/resume', { as: 'staff' });
    await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '1', serviceId: 'S7', stage: 'intake' } });
    expect(await call('POST', '/v1/services/S7/cancel', { as: 'staff' })).toMatchObject({ status: 200 });
    expectProblem(await call('POST', '/v1/services/S7/cancel', { as: 'staff' }), 409, 'service-over');
    expectProblem(await call('POST', '/v1/press', { as: 'kiosk', body: { level: 5 } }), 409, 'session-absent');
    expect(await call('DELETE', '/v1/duty', { as: 'staff' })).toMatchObject({ status: 200 });
    expect(entries().map(({ kind }) => kind)).toEqual([
      'duty.on',
      'pause',
      'resume',
      'service.opened',
      'unrated',
      'duty.off',
    ]);
  });

  it('tells staff that a session is open, not whether the citizen has pressed (I6)', async () => {
    const { call } = await atWork();
    await call('POST', '/v1/duty', { as: 'staff', body: { staffNo: 'A1' } });
    await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '1', serviceId: 'S7' } });
    const before = await call('GET', '/v1/session', { as: 'staff' });
    await call('POST', '/v1/press', { as: 'kiosk', body: { level: 1 } });
    const after = await call('GET', '/v1/session', { as: 'staff' });
    expect(after.json).toEqual({
      state: 'inSession',
      staffNo: 'A1',
      serviceId: 'S7',
      caseNo: '1',
      stage: 'completion',
    });
    expect(after.text).toBe(before.text);
    expect((await call('GET', '/v1/session', { as: 'kiosk' })).json['state']).toBe('pressed');
  });

  it('answers only with the right secret', async () => {
    const { call, secret, entries } = await atWork();
    expect((await call('GET', '/healthz')).status).toBe(200);
    const kioskOnly = [
      ['POST', '/v1/press'],
      ['POST', '/v1/touch'],
      ['POST', '/v1/chord'],
      ['POST', '/v1/later'],
      ['POST', '/v1/reasons/open'],
      ['POST', '/v1/reasons'],
      ['POST', '/v1/done'],
      ['GET', '/v1/screen'],
      ['GET', '/v1/screen/events'],
    ] as const;
    const staffOnly = [
      ['GET', '/v1/health'],
      ['GET', '/v1/desk'],
      ['GET', '/v1/desk/events'],
      ['POST', '/v1/services/S1/invite'],
      ['POST', '/v1/services/S1/receipt'],
      ['POST', '/v1/services'],
      ['POST', '/v1/services/S1/cancel'],
      ['POST', '/v1/duty'],
      ['DELETE', '/v1/duty'],
      ['POST', '/v1/pause'],
      ['POST', '/v1/resume'],
    ] as const;
    for (const [method, path] of [
      ...kioskOnly,
      ...staffOnly,
      ['GET', '/v1/session'] as const,
      ['GET', '/v1/staff/A1/photo'] as const,
    ]) {
      expectProblem(await call(method, path), 401, 'credentials-missing');
      expectProblem(
        await call(method, path, { headers: { authorization: `Bearer ${secret('staff').slice(0, -1)}` } }),
        401,
        'credentials-missing',
      );
    }
    for (const [method, path] of kioskOnly)
      expectProblem(await call(method, path, { as: 'staff' }), 401, 'credentials-missing');
    for (const [method, path] of staffOnly)
      expectProblem(await call(method, path, { as: 'kiosk' }), 401, 'credentials-missing');
    expect(entries()).toEqual([]);
  });

  it('makes secrets of 256 bits anew at each boot, readable by the owner only', async () => {
    const { secret, dataDir, parts } = await atWork();
    const first = [secret('kiosk'), secret('staff')];
    for (const text of first) expect(Buffer.from(text, 'base64url').length).toBe(32);
    for (const role of ['kiosk', 'staff']) expect(statSync(join(dataDir, `${role}-secret`)).mode & 0o777).toBe(0o600);
    const start = async (bootId: string) => {
      const again = new LocalServer({ ...parts, bootId });
      await again.start();
      onTestFinished(() => again.stop());
      return [secret('kiosk'), secret('staff')];
    };
    // The program died and started again: the pages that are open go on.
    expect(await start(parts.bootId)).toEqual(first);
    const next = await start('bootBBBBBBB');
    expect(new Set([...first, ...next]).size).toBe(4);
    // A file that others may read, or that is no secret, is not trusted.
    chmodSync(join(dataDir, 'kiosk-secret'), 0o644);
    writeFileSync(join(dataDir, 'staff-secret'), 'guessable');
    expect(new Set([...next, 'guessable', ...(await start('bootBBBBBBB'))]).size).toBe(5);
    expect(statSync(join(dataDir, 'kiosk-secret')).mode & 0o777).toBe(0o600);
  });

  it('refuses other hosts and origins, also with the secret', async () => {
    const { call, url } = await atWork();
    const { port } = url;
    const get = (headers: Record<string, string>) => call('GET', '/v1/session', { as: 'kiosk', headers });
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      expect((await get({ host })).status).toBe(200);
      expect((await get({ host, origin: `http://${host}` })).status).toBe(200);
    }
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `127.0.0.1:${port}.evil.example`,
    ]) {
      expectProblem(await get({ host }), 403, 'origin-refused');
    }
    for (const origin of [
      'null',
      'http://evil.example',
      `https://127.0.0.1:${port}`,
      'http://127.0.0.1:1',
      `http://localhost:${port}`,
    ]) {
      expectProblem(await get({ origin }), 403, 'origin-refused');
    }
    expectProblem(await call('GET', '/healthz', { headers: { host: 'evil.example' } }), 403, 'origin-refused');
  });

  it('takes no evaluator data, wherever it stands, and repeats none (I7)', async () => {
    const { call, entries, lines } = await atWork();
    await call('POST', '/v1/duty', { as: 'staff', body: { staffNo: 'A1' } });
    for (const extra of [
      { evaluator: { name: '张三' } },
      { mobile: '13800000000' },
      { name: '张三' },
      { matter: { name: '户籍', certKey: '510' } },
      { list: [{ userName: '张三' }] },
    ]) {
      const answer = await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '1', ...extra } });
      expectProblem(answer, 422, 'evaluator-unsupported');
      expect(answer.text).not.toMatch(/张三|138|510/);
    }
    expectProblem(
      await call('POST', '/v1/resume', { as: 'staff', body: { phone: '1' } }),
      422,
      'evaluator-unsupported',
    );
    expect(entries().map(({ kind }) => kind)).toEqual(['duty.on']);
    expect(lines.join('')).not.toMatch(/张三|138|510/);
  });

  it('answers bad requests with a code and every fault, never with the value', async () => {
    const { call } = await atWork();
    for (const level of [0, 6, 2.5, '5', null]) {
      const answer = await call('POST', '/v1/press', { as: 'kiosk', body: { level } });
      expectProblem(answer, 400, 'request-malformed');
      expect(answer.json['errors']).toHaveLength(1);
    }
    const many = await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '', stage: 'later', wished: 1 } });
    expectProblem(many, 400, 'request-malformed');
    const paths = (many.json['errors'] as string[]).map((fault) => fault.split(':')[0]);
    expect(new Set(paths)).toEqual(new Set(['caseNo', 'stage', '(body)']));
    expectProblem(await call('POST', '/v1/services', { as: 'staff', body: '{"caseNo":' }), 400, 'request-malformed');
    expectProblem(await call('POST', '/v1/services', { as: 'staff' }), 400, 'request-malformed');
    expectProblem(
      await call('POST', '/v1/services', { as: 'staff', body: { caseNo: 'x'.repeat(17_000) } }),
      413,
      'request-too-large',
    );
    expectProblem(
      await call('POST', '/v1/press', { as: 'kiosk', body: 'level=5', headers: { 'content-type': 'text/plain' } }),
      400,
      'request-malformed',
    );
    expectProblem(await call('GET', '/v1/nothing', { as: 'kiosk' }), 404, 'route-unknown');
    expectProblem(await call('GET', '/%zz'), 400, 'request-malformed');
  });

  it('tells that a press was not taken when the disk fails', async () => {
    const { call, log } = await atWork();
    await call('POST', '/v1/duty', { as: 'staff', body: { staffNo: 'A1' } });
    await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '1' } });
    log.broken = true;
    expectProblem(await call('POST', '/v1/press', { as: 'kiosk', body: { level: 5 } }), 503, 'log-write-failed');
  });
});
