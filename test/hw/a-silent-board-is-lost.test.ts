import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_SESSION_TIMINGS } from '../../hw/firmata/firmata-session.js';
import { parseBoardProfile } from '../../hw/profiles/board-profile.js';
import { UNO_FIVE_KEYS } from '../../hw/profiles/uno-five-keys.js';
import { driverAt, pressAndSee, QUICK_TIMINGS, serves, startBoard, startCounter, until } from './bench-counter.js';

it('is found out by unanswered questions, and found again when it speaks', async () => {
  const { board, driver, witness } = await startCounter();
  const stalledAt = performance.now();
  board.stall(true);
  await until(() => driver.link === 'lost');
  // Three questions stay unanswered before the fourth gives up.
  expect(performance.now() - stalledAt).toBeGreaterThanOrEqual(QUICK_TIMINGS.probeMs * QUICK_TIMINGS.probeMisses);
  expect(witness.told.at(-1)).toEqual({ kind: 'link', state: 'lost', reason: 'the board answers no more' });
  board.stall(false);
  await serves(driver);
  await pressAndSee(board, witness, 4);
  expect(witness.presses).toEqual([4]);
});

it('keeps a board that answers, however long nobody presses', async () => {
  const { witness } = await startCounter();
  const startedAt = performance.now();
  await until(() => performance.now() - startedAt > QUICK_TIMINGS.probeMs * (QUICK_TIMINGS.probeMisses + 4));
  expect(witness.links).toEqual(['connected']);
});

it('gives up one that opens and never says a word', async () => {
  let connections = 0;
  const mute = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.resume();
  });
  onTestFinished(() => new Promise<void>((resolve) => void mute.close(() => resolve())));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const { driver, witness } = driverAt(`tcp://127.0.0.1:${address.port}`);
  driver.start(witness.events);
  await until(() => connections >= 2);
  expect(witness.told).toEqual([{ kind: 'link', state: 'lost', reason: 'the board does not answer in Firmata' }]);
});

it('asks again itself when the announcement of the board was lost', async () => {
  const { board, port } = await startBoard();
  board.stall(true);
  const { driver, witness } = driverAt(`tcp://127.0.0.1:${port}`, {
    timings: { ...QUICK_TIMINGS, handshakeTimeoutMs: 4_000 },
  });
  driver.start(witness.events);
  await until(() => board.hasClient);
  // What the board said at its start is lost; from here on it only answers.
  board.stall(false);
  await serves(driver);
  expect(witness.links).toEqual(['connected']);
});

it('refuses a board that lacks a pin of the profile, and says which', async () => {
  const { port } = await startBoard();
  const profile = parseBoardProfile({ ...UNO_FIVE_KEYS, name: 'too-large', lamps: { invited: [8], accepted: [40] } });
  const { driver, witness } = driverAt(`tcp://127.0.0.1:${port}`, { profile });
  driver.start(witness.events);
  await until(() => witness.told.length > 0);
  expect(witness.told[0]).toEqual({
    kind: 'link',
    state: 'lost',
    reason: 'the board has no pin 40 with mode 1 (profile too-large)',
  });
});

it('takes at most ten seconds by the times that ship', () => {
  const { probeMs, probeMisses } = DEFAULT_SESSION_TIMINGS;
  expect(probeMs * (probeMisses + 1)).toBeLessThanOrEqual(10_000);
});
