import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SerialKeypadBoard } from '../../hw/serial-keypad/serial-keypad-board.js';
import { BenchHand } from '../../simulator/bench/bench-hand.js';
import { fingerRests, until, Witness } from '../hw/witness.js';
import { quickProfile, serves, startCounter, startKeypad } from './keypad-rig.js';

const DARK = { invited: false, accepted: false, fault: false };
const EVENTS = 'serial-keypad-events';
const PROFILE = quickProfile(EVENTS, { heartbeat: { ask: '3F', answer: '21', everyMs: 50, misses: 3 } });

describe('a box that answers questions', () => {
  it('is lost when it hangs with the connection open, and is found when it answers again', async () => {
    const { keypad, driver, witness } = await startCounter(EVENTS, { profile: PROFILE });
    driver.setLamps('invited');
    await until(() => keypad.lamps().invited);
    keypad.stall(true);
    await until(() => driver.link === 'lost');
    driver.setLamps('accepted');
    keypad.stall(false);
    await serves(driver);
    await until(() => keypad.lamps().accepted);
    expect(keypad.lamps()).toEqual({ ...DARK, accepted: true });
    keypad.press(2);
    await until(() => witness.presses.length === 1);
    expect(witness.told.find((entry) => entry.kind === 'link' && entry.state === 'lost')).toMatchObject({
      reason: 'the box answers no more',
    });
  });

  it('is not found where another kind of box is', async () => {
    const { driver, witness } = await startKeypad('serial-keypad-framed', { profile: PROFILE });
    driver.start(witness.events);
    await until(() => witness.links.length > 0);
    expect(witness.told[0]).toMatchObject({
      state: 'lost',
      reason: 'nothing on the line answers as this box does',
    });
    expect(driver.link).toBe('lost');
  });

  it('is served on although it speaks by itself and is never asked', async () => {
    const heartbeat = { ask: null, answer: '21', everyMs: 50, misses: 3 };
    const { keypad, driver, witness } = await startKeypad(EVENTS, { profile: quickProfile(EVENTS, { heartbeat }) });
    driver.start(witness.events);
    await until(() => keypad.hasClient);
    const speaking = setInterval(() => keypad.garbage(Uint8Array.of(0x02, 0x01, 0x21, 0xc0, 0x38, 0x03)), 20);
    onTestFinished(() => clearInterval(speaking));
    await serves(driver);
    clearInterval(speaking);
    await until(() => driver.link === 'lost');
  });

  it('has its lamps put back and its keys waited for when it starts anew with the connection left open', async () => {
    const { keypad, driver, witness } = await startCounter(EVENTS, { profile: PROFILE });
    driver.setLamps('fault');
    await until(() => keypad.lamps().fault);
    const dark: boolean[] = [];
    keypad.onLamp((lamp, lit) => lamp === 'fault' && dark.push(!lit));
    keypad.reset();
    await until(() => dark.length === 2);
    expect(dark).toEqual([true, false]);
    await until(() => witness.links.length === 3);
    expect(witness.links).toEqual(['connected', 'lost', 'connected']);
    keypad.press(1);
    await until(() => witness.presses.length === 1);
  });
});

it('is looked for no more once the driver was stopped', async () => {
  const { keypad, port, driver, witness } = await startKeypad(EVENTS, { profile: PROFILE });
  await keypad.stop();
  driver.start(witness.events);
  await until(() => driver.link === 'lost' && witness.links.length === 1);
  await driver.stop();
  let callers = 0;
  const place = createServer(() => (callers += 1));
  onTestFinished(() => void place.close());
  await new Promise<void>((resolve) => place.listen(port, '127.0.0.1', resolve));
  // Several times as long as the driver waits between two tries.
  await fingerRests(100);
  expect(callers).toBe(0);
  expect(witness.links).toEqual(['lost']);
});

describe('the lamps of a box', () => {
  it('are lit one at a time, never two, and not told the same again', async () => {
    const { keypad, driver } = await startCounter(EVENTS, { profile: PROFILE });
    const lit = new Set<string>();
    const together: string[][] = [];
    let changes = 0;
    keypad.onLamp((lamp, on) => {
      changes += 1;
      if (on) lit.add(lamp);
      else lit.delete(lamp);
      if (lit.size > 1) together.push([...lit]);
    });
    for (const signal of ['invited', 'accepted', 'fault'] as const) {
      driver.setLamps(signal);
      driver.setLamps(signal);
      await until(() => keypad.lamps()[signal]);
    }
    driver.setLamps('off');
    await until(() => !keypad.lamps().fault);
    expect(together).toEqual([]);
    expect(changes).toBe(6);
  });

  it('go dark when the driver stops, also behind a signal that is still under way', async () => {
    const { keypad, driver, witness } = await startCounter(EVENTS, { profile: PROFILE });
    driver.setLamps('invited');
    await until(() => keypad.lamps().invited);
    driver.setLamps('accepted');
    keypad.press(4);
    await driver.stop();
    await until(() => !keypad.hasClient);
    expect(keypad.lamps()).toEqual(DARK);
    expect(witness.links).toEqual(['connected']);
    expect(witness.presses).toEqual([]);
    expect(driver.link).toBe('lost');
  });

  it('that are told to a box which reads nothing fill no memory: of all wishes the last follows', async () => {
    let client: Socket | undefined;
    let heard = 0;
    const deaf = createServer((socket) => {
      client = socket.pause();
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => (heard += bytes.length));
    });
    onTestFinished(() => {
      client?.destroy();
      deaf.close();
    });
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const address = deaf.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const long = Array.from({ length: 16 }, () => Array.from({ length: 64 }, () => '4C').join(' '));
    const profile = quickProfile('serial-keypad-ascii', {
      lamps: { off: [], idle: ['30 0D'], invited: long, accepted: ['32 0D'], fault: long.slice(1) },
    });
    const driver = new SerialKeypadBoard({
      profile,
      address: { kind: 'tcp', host: '127.0.0.1', port },
      monoMs: () => performance.now(),
      nextDelayMs: () => 20,
    });
    onTestFinished(() => driver.stop());
    driver.start(new Witness().events);
    await serves(driver);
    // In one turn nothing is taken: of 20,000 wishes the first is under way and the last follows.
    for (let wish = 0; wish < 10_000; wish += 1) {
      driver.setLamps('invited');
      driver.setLamps('fault');
    }
    driver.setLamps('accepted');
    client?.resume();
    await until(() => heard >= 16 * 64 + 2);
    expect(heard).toBe(16 * 64 + 2);
  });
});

describe('a key', () => {
  it('that bounces in the box is one press, with releases told and without', async () => {
    for (const name of [EVENTS, 'serial-keypad-framed'] as const) {
      const { keypad, witness } = await startCounter(name);
      const hand = new BenchHand({ keys: keypad });
      hand.bounce({ edges: 6, spreadMs: 5 });
      hand.key(3, true);
      await until(() => witness.presses.length === 1);
      hand.key(3, false);
      // Until the last bounce would have become a press.
      await fingerRests(PROFILE.armUpMs);
      expect(witness.presses).toEqual([3]);
    }
  });

  it('whose release was lost on the wire is up all the same, for it is not told again', async () => {
    const { keypad, witness } = await startCounter(EVENTS);
    keypad.garbage(Uint8Array.of(0x02, 0x03, 0x4b, 0x03, 0x01, 0xb1, 0x46, 0x03));
    await until(() => witness.presses.length === 1);
    await fingerRests(2 * (PROFILE.holdMs ?? 0));
    keypad.press(5);
    await until(() => witness.presses.length === 2);
    expect(witness.presses).toEqual([3, 5]);
    expect(witness.total('stuck')).toBe(0);
  });
});

it('plugs a box in and out 1,000 times without a timer or a connection left over', async () => {
  const name = 'serial-keypad-framed';
  const { keypad, driver, witness } = await startCounter(name, { nextDelayMs: () => 0 });
  const open = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout');
  const before = open().length;
  for (let cycle = 0; cycle < 1_000; cycle += 1) {
    if (cycle % 10 === 0) keypad.press((((cycle / 10) % 5) + 1) as 1 | 2 | 3 | 4 | 5);
    keypad.dropClient();
    while (!keypad.hasClient) await new Promise((resolve) => setImmediate(resolve));
    if (cycle % 10 === 9) for (const level of [1, 2, 3, 4, 5] as const) keypad.release(level);
  }
  await serves(driver);
  expect(witness.presses).toEqual([]);
  expect(open().length).toBeLessThanOrEqual(before + 1);
  keypad.press(5);
  await until(() => witness.presses.length === 1);
});
