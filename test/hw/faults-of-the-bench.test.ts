/** The hand at the bench over HTTP: what it can break, and what the driver makes of it. */
import { request } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { BenchControl } from '../../simulator/bench/bench-control.js';
import { noiseBytes } from '../../simulator/process/noise-bytes.js';
import { pressAndSee, serves, startCounter, until } from './bench-counter.js';

async function startBench() {
  const counter = await startCounter();
  const control = new BenchControl({ keys: counter.board, port: 0, lampTimeoutMs: 150 });
  onTestFinished(() => control.stop());
  const base = `http://127.0.0.1:${(await control.start()).port}`;
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
    const answer = await request(`${base}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
  };
  return { ...counter, ask };
}

const DONE = { status: 200, body: { ok: true } };

it('leaves a key down until it is told to let go: stuck, and free again', async () => {
  const { witness, ask } = await startBench();
  expect(await ask('POST', '/key', { level: 2, down: true })).toEqual(DONE);
  await until(() => witness.total('stuck') === 1);
  expect((await ask('GET', '/state')).body).toEqual({ client: true, stalled: false, bouncing: false, heldKeys: 1 });
  await ask('POST', '/key', { level: 2, down: false });
  await until(() => witness.total('freed') === 1);
  expect((await ask('GET', '/state')).body).toMatchObject({ heldKeys: 0 });
  expect(witness.presses).toEqual([2]);
});

it('presses two at once, which is a chord and no press', async () => {
  const { board, witness, ask } = await startBench();
  expect(await ask('POST', '/chord', { levels: [1, 5], holdMs: 60 })).toEqual(DONE);
  await until(() => witness.total('chord') === 1);
  expect(board.heldKeys).toBe(0);
  expect(witness.presses).toEqual([]);
});

it('bounces on every edge, and each press still counts once', async () => {
  const { board, witness, ask } = await startBench();
  let edges = 0;
  const press = board.press.bind(board);
  board.press = (level) => {
    edges += 1;
    press(level);
  };
  expect(await ask('POST', '/bounce', { on: true, edges: 7, spreadMs: 6 })).toEqual(DONE);
  expect((await ask('GET', '/state')).body).toMatchObject({ bouncing: true });
  for (const level of [4, 1, 4]) await ask('POST', '/press', { level, holdMs: 60 });
  expect(witness.presses).toEqual([4, 1, 4]);
  // Each press: down as it was meant and four times more by the bounce, and three times on the way up.
  await until(() => board.heldKeys === 0 && edges === 3 * (5 + 3));
  await ask('POST', '/bounce', { on: false });
  expect((await ask('GET', '/state')).body).toMatchObject({ bouncing: false });
});

it('sends garbage that is the same for the same seed, and the keys count again behind it', async () => {
  const { driver, witness, board, ask } = await startBench();
  expect([...noiseBytes(8, 7)]).toEqual([...noiseBytes(8, 7)]);
  expect([...noiseBytes(8, 7)]).not.toEqual([...noiseBytes(8, 8)]);
  expect(await ask('POST', '/garbage', { length: 200, seed: 7 })).toEqual(DONE);
  await until(() => witness.links.length > 1);
  await serves(driver);
  await pressAndSee(board, witness, 3);
  expect(witness.presses).toEqual([3]);
});

it('hangs and wakes, and is reset', async () => {
  const { driver, witness, ask } = await startBench();
  await ask('POST', '/stall', { on: true });
  await until(() => driver.link === 'lost');
  expect((await ask('GET', '/state')).body).toMatchObject({ stalled: true });
  await ask('POST', '/stall', { on: false });
  await serves(driver);
  const told = witness.links.length;
  expect(await ask('POST', '/reset')).toEqual(DONE);
  await until(() => witness.links.length >= told + 2);
  expect(witness.links.slice(told)).toEqual(['lost', 'connected']);
});

it.each([
  ['a chord of one key', '/chord', { levels: [3, 3] }],
  ['a key that is neither up nor down', '/key', { level: 3 }],
  ['a bounce without an end', '/bounce', { on: true, edges: 1_000 }],
  ['more garbage than a board can say', '/garbage', { length: 1_000_000 }],
  ['a stall of no kind', '/stall', {}],
])('refuses %s', async (_, path, body) => {
  const { witness, ask } = await startBench();
  expect(await ask('POST', path, body)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  expect(witness.presses).toEqual([]);
});
