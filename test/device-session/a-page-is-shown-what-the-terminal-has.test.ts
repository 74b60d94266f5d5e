import { expect, it } from 'vitest';
import { Counter } from '../../device/counter/counter.js';
import { presentParts } from '../../device/local/present-parts.js';
import { Screens, type ScreensParts } from '../../device/local/screens.js';
import { Seal } from '../../device/local/seal.js';
import { readHallFile } from '../../device/hall-file.js';
import { healthMessageSchema } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testFolder } from '../device-log/log-at-work.js';
import { CASE, counterAtWork } from './counter-at-work.js';
import { BOOT, POLICY } from './table-fixtures.js';

function terminalWith(more: Partial<ScreensParts>) {
  const { log, book, time, logger, entries } = counterAtWork();
  const hallFile = join(testFolder(), 'hall.yaml');
  writeFileSync(hallFile, 'staff: []\n');
  const counter = new Counter({
    board: null,
    log,
    clock: time,
    bootId: BOOT,
    randomness: nodeRandomness,
    policy: () => ({ policy: POLICY, policyId: 'test@1' }),
    window: () => '12',
    logger,
    timers: time,
  });
  counter.start();
  const screens = new Screens({
    counter,
    book,
    facts: readHallFile(hallFile),
    policy: () => POLICY,
    window: () => '12',
    timeZone: 'Asia/Shanghai',
    codes: null,
    receipts: null,
    network: () => 'connected',
    backlog: () => 0,
    ...more,
  });
  return { counter, entries, desk: () => screens.desk(), kiosk: screens.kiosk(new Seal('secret')) };
}

it('without a board: presses come by the screen, and nothing is told of keys and lamps', async () => {
  const { counter, entries, desk, kiosk } = terminalWith({});
  expect(desk().parts).toMatchObject({
    board: 'absent',
    keys: 'absent',
    keypad: 'absent',
    screen: 'absent',
    sound: 'absent',
  });
  expect(kiosk()).toMatchObject({ parts: { keys: 'absent' }, keypad: null, selfCheck: null });
  counter.dutyOn('A1');
  counter.open(CASE, 'local');
  expect(counter.press(4, 'touch')).toEqual({ ok: true });
  expect(entries().at(-1)).toMatchObject({ kind: 'press', body: { level: 4 } });
  await counter.stop();
});

it('a USB keypad is the keys where there is no board; its map is on the page', () => {
  const keypad = { state: 'connected' as 'connected' | 'lost' };
  const keys = { KeyA: 5, KeyB: 4, KeyC: 3, KeyD: 2, KeyE: 1 } as const;
  const { desk, kiosk } = terminalWith({
    keypad: () => keypad.state,
    keypadKeys: { keys },
    sound: () => 'degraded',
    screen: () => 'connected',
    printerFault: () => 'cutter-error',
  });
  expect(desk()).toMatchObject({
    parts: { board: 'absent', keys: 'connected', keypad: 'connected', screen: 'connected', sound: 'degraded' },
    printerFault: 'cutter-error',
  });
  expect(kiosk()).toMatchObject({ parts: { keys: 'connected' }, keypad: { keys } });
  keypad.state = 'lost';
  expect(kiosk().parts.keys).toBe('lost');
});

it('health tells of the parts that there are', () => {
  const parts = presentParts({ board: 'absent', screen: 'lost', printer: 'degraded', keypad: 'absent' });
  expect(parts).toEqual({ screen: 'lost', printer: 'degraded' });
  expect(healthMessageSchema.shape.parts.parse(parts)).toEqual(parts);
});
