import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { HallEdge } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

test('ready means that the store takes writes and every other part works', async () => {
  expect(await hall.call('GET', '/readyz')).toMatchObject({
    status: 200,
    body: { ready: true, parts: { store: true, broker: true } },
  });
  hall.readiness['broker'] = false;
  expect(await hall.call('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { ready: false, parts: { store: true, broker: false } },
  });
  hall.readiness['broker'] = true;
  hall.nowMs += 5_000;
  await hall.store.db.schema.alterTable('meta').renameTo('metaAway').execute();
  expect(await hall.call('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { ready: false, parts: { store: false, broker: true } },
  });
  expect(await hall.call('GET', '/healthz')).toMatchObject({ status: 200, body: { alive: true } });
});

test('asking often writes once in a while, not at each call', async () => {
  const beside = new Database(join(hall.folder, DATABASE_FILE), { readonly: true });
  onTestFinished(() => void beside.close());
  const version = () => beside.pragma('data_version', { simple: true });
  const ask = async () => {
    const { body } = await hall.call('GET', '/readyz');
    expect(body).toMatchObject({ ready: true });
  };
  await ask();
  const before = version();
  for (let n = 0; n < 10; n += 1) await ask();
  expect(version()).toBe(before);
  hall.nowMs += 5_000;
  await Promise.all([ask(), ask(), ask()]);
  expect(version()).not.toBe(before);
});

test('the figures count by route pattern and hold no identifier', async () => {
  await hall.open({ caseNo: 'case-77', terminal: 't1', serviceId: 'svc-77' });
  await hall.call('GET', '/v1/services/svc-77');
  await hall.call('GET', '/nowhere/svc-77');
  const { text, headers } = await hall.call('GET', '/metrics');
  expect(headers['content-type']).toContain('text/plain');
  expect(text).toContain('pjq_http_request_duration_seconds_count{method="POST",route="/v1/services",status="201"} 1');
  expect(text).toContain('route="/v1/services/:serviceId",status="200"} 1');
  expect(text).toContain('route="unknown",status="404"} 1');
  expect(text).not.toMatch(/svc-77|case-77/);
});

test('stopping waits for what is under way, so that its answer is kept', async () => {
  let letGo = () => {};
  hall.terminals.gate = new Promise((resolve) => {
    letGo = resolve;
  });
  const cut = hall.open({ caseNo: '1', terminal: 't1' }, 'key-1').catch(() => 'cut');
  await expect.poll(() => hall.terminals.sent.length).toBe(1);
  const restarted = hall.restart();
  expect(await cut).toBe('cut');
  letGo();
  await restarted;
  const again = await hall.open({ caseNo: '1', terminal: 't1' }, 'key-1');
  expect(again.status).toBe(201);
  expect(again.headers['idempotent-replayed']).toBe('true');
});
