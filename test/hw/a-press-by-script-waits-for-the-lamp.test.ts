import { request } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import type { Level } from '../../protocol/index.js';
import { BenchControl } from '../../simulator/bench/bench-control.js';
import { startCounter, until } from './bench-counter.js';

async function startControl(lampTimeoutMs = 3_000) {
  const counter = await startCounter();
  const control = new BenchControl({ keys: counter.board, port: 0, lampTimeoutMs });
  onTestFinished(() => control.stop());
  const base = `http://127.0.0.1:${(await control.start()).port}`;
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
    const answer = await request(`${base}${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
  };
  return { ...counter, ask, press: (level: Level, holdMs = 40) => ask('POST', '/press', { level, holdMs }) };
}

it('answers accepted once the lamp was seen going on, and lets the key go', async () => {
  const { driver, witness, press, ask } = await startControl();
  const answer = press(4);
  await until(() => witness.presses.length === 1);
  driver.setLamps('accepted');
  expect(await answer).toEqual({ status: 200, body: { accepted: true } });
  expect(await ask('GET', '/lamps')).toEqual({ status: 200, body: { invited: false, accepted: true, fault: false } });
  const again = press(2);
  await until(() => witness.presses.length === 2);
  driver.setLamps('off');
  driver.setLamps('accepted');
  expect((await again).status).toBe(200);
  expect(witness.presses).toEqual([4, 2]);
});

it('answers 504 when no lamp goes on, also when it is lit from an earlier press', async () => {
  const { board, driver, witness, press } = await startControl(150);
  expect(await press(3)).toEqual({ status: 504, body: { accepted: false, reason: 'no-lamp' } });
  driver.setLamps('accepted');
  await until(() => board.lamps().accepted);
  expect(await press(5)).toEqual({ status: 504, body: { accepted: false, reason: 'no-lamp' } });
  expect(witness.presses).toEqual([3, 5]);
});

it('has one finger: presses asked for together come one after the other, never as a chord', async () => {
  const { witness, press } = await startControl(60);
  await Promise.all([press(1), press(2), press(3)]);
  expect(witness.presses).toEqual([1, 2, 3]);
  expect(witness.total('chord')).toBe(0);
});

it('cuts the cable on demand and tells its health', async () => {
  const { driver, witness, ask } = await startControl();
  expect(await ask('GET', '/healthz')).toEqual({ status: 200, body: { ok: true, client: true } });
  expect((await ask('POST', '/drop')).status).toBe(200);
  await until(() => witness.links.length === 3);
  expect(witness.links).toEqual(['connected', 'lost', 'connected']);
  expect(driver.link).toBe('connected');
});

it.each([
  ['no JSON', '/press', '{', 400, 'request-malformed'],
  ['a level that is none', '/press', { level: 6 }, 400, 'request-malformed'],
  ['an unknown key', '/press', { level: 1, force: true }, 400, 'request-malformed'],
  ['a body too large', '/press', 'x'.repeat(5_000), 413, 'request-too-large'],
  ['an unknown route', '/nothing', {}, 404, 'route-unknown'],
])('refuses %s with a code', async (_, path, body, status, code) => {
  const { witness, ask } = await startControl();
  expect(await ask('POST', path, body)).toMatchObject({ status, body: { code } });
  expect(witness.presses).toEqual([]);
});
