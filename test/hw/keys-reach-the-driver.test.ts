import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../protocol/index.js';
import { parseBoardProfile } from '../../hw/profiles/board-profile.js';
import { UNO_FIVE_KEYS } from '../../hw/profiles/uno-five-keys.js';
import {
  driverAt,
  fingerRests,
  pressAndSee,
  QUICK_PROFILE,
  serves,
  startBoard,
  startCounter,
  until,
} from './bench-counter.js';

describe('keys of a board over real Firmata', () => {
  it('bring each level once, with the time at which the contact moved', async () => {
    const { board, witness } = await startCounter();
    for (const level of LEVELS) {
      const before = performance.now();
      board.press(level);
      await until(() => witness.presses.at(-1) === level);
      const press = witness.told.at(-1);
      if (press?.kind !== 'press') throw new Error('the last thing told is no press');
      expect(press.atMonoMs).toBeGreaterThanOrEqual(before);
      // The chord window begins when the contact moved, and is over before a press stands.
      expect(performance.now() - press.atMonoMs).toBeGreaterThanOrEqual(QUICK_PROFILE.chordWindowMs);
      board.release(level);
    }
    expect(witness.presses).toEqual([...LEVELS]);
    expect(witness.links).toEqual(['connected']);
  });

  it('come once for one key held long, and again after it was let go', async () => {
    const { board, witness } = await startCounter();
    board.press(2);
    await until(() => witness.presses.length === 1);
    board.release(2);
    await pressAndSee(board, witness, 4);
    await pressAndSee(board, witness, 2);
    expect(witness.presses).toEqual([2, 4, 2]);
  });

  it('make a chord and no press when two are down together', async () => {
    const { board, witness } = await startCounter();
    board.press(5);
    board.press(1);
    await until(() => witness.total('chord') === 1);
    board.release(5);
    board.release(1);
    await pressAndSee(board, witness, 3);
    expect(witness.presses).toEqual([3]);
    expect(witness.total('chord')).toBe(1);
  });

  it('are told stuck once, leave the others working, and are told free again', async () => {
    const { board, witness } = await startCounter();
    board.press(1);
    await until(() => witness.total('stuck') === 1);
    await pressAndSee(board, witness, 5);
    board.release(1);
    await until(() => witness.total('freed') === 1);
    await pressAndSee(board, witness, 1);
    expect(witness.presses).toEqual([1, 5, 1]);
    expect(witness.told.filter((entry) => entry.kind === 'stuck')).toEqual([{ kind: 'stuck', level: 1 }]);
  });

  it('bounce without making more presses', async () => {
    const { board, witness } = await startCounter();
    for (let bounce = 0; bounce < 5; bounce += 1) {
      board.press(4);
      board.release(4);
    }
    board.press(4);
    await until(() => witness.presses.length === 1);
    board.release(4);
    await pressAndSee(board, witness, 2);
    expect(witness.presses).toEqual([4, 2]);
  });
});

describe('what happens before the keys are armed', () => {
  it('is no press: a key held at connect counts only after it was let go', async () => {
    const { board, port } = await startBoard();
    board.press(2);
    const { driver, witness } = driverAt(`tcp://127.0.0.1:${port}`);
    driver.start(witness.events);
    await until(() => driver.link === 'degraded');
    board.release(2);
    await serves(driver);
    await pressAndSee(board, witness, 2);
    expect(witness.presses).toEqual([2]);
    expect(witness.links).toEqual(['degraded', 'connected']);
  });

  it('is no press: keys that dance while the board starts', async () => {
    const { board, port } = await startBoard();
    const { driver, witness } = driverAt(`tcp://127.0.0.1:${port}`);
    driver.start(witness.events);
    await until(() => board.hasClient);
    for (const level of LEVELS) {
      board.press(level);
      await fingerRests(15);
      board.release(level);
    }
    expect(driver.link).not.toBe('connected');
    await serves(driver);
    await pressAndSee(board, witness, 5);
    expect(witness.presses).toEqual([5]);
  });

  it('does not end at once: all keys must have been up for armUpMs', async () => {
    const { port } = await startBoard();
    const { driver, witness } = driverAt(`tcp://127.0.0.1:${port}`, {
      profile: parseBoardProfile({ ...UNO_FIVE_KEYS, armUpMs: 300 }),
    });
    const started = performance.now();
    driver.start(witness.events);
    await serves(driver);
    expect(performance.now() - started).toBeGreaterThanOrEqual(300);
  });
});
