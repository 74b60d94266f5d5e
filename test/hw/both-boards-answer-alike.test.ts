/** The fast board is right where the genuine firmware says the same: golden answers come from the sketch itself. */
import { expect, it, onTestFinished } from 'vitest';
import { avrBoard } from '../../simulator/board/avr-board.js';
import { UNO_WIRING_WITH_RESISTORS } from '../../simulator/board/uno-wiring.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { firmataHost } from './firmata-host.js';
import { until } from './until.js';

const MODES = { input: 0, output: 1, analog: 2, pwm: 3 } as const;
/** Pull-ups came and servos on analog pins went between Firmata 2.4 and 2.5; these did not change. */
const LASTING_MODES: readonly number[] = Object.values(MODES);

async function askAll(board: VirtualBoard) {
  onTestFinished(() => board.stop());
  const host = await firmataHost((await board.start()).port);
  const [kind] = await host.take(3);
  const announced = await host.takeSysex();
  host.send(0xf9);
  const version = await host.take(3);
  host.send(0xf0, 0x79, 0xf7);
  const firmware = await host.takeSysex();
  host.send(0xf0, 0x69, 0xf7);
  const mapping = await host.takeSysex();
  host.send(0xf0, 0x6b, 0xf7);
  const capabilities = await host.takeSysex();

  host.send(0xf4, 2, 0, 0xf4, 3, 0, 0xf4, 4, 0, 0xd0, 1);
  const reports = [await host.take(3)];
  for (const [level, down] of [
    [1, true],
    [3, true],
    [1, false],
    [3, false],
  ] as const) {
    if (down) board.press(level);
    else board.release(level);
    reports.push(await host.take(3));
  }
  // Lamps by port and by pin; then a key that is not reported.
  host.send(0xf4, 8, 1, 0xf4, 9, 1, 0xf4, 10, 1, 0x91, 0x03, 0x00);
  await until(() => board.lamps().accepted);
  const byPort = board.lamps();
  host.send(0x91, 0x04, 0x00);
  await until(() => board.lamps().fault);
  const afterwards = board.lamps();
  host.send(0xd0, 0);
  host.send(0xf9);
  await host.take(3);
  board.press(1);
  host.send(0xf9);
  const unreported = await host.take(3);
  host.send(0xff);
  await until(() => !board.lamps().fault);
  return {
    kind,
    announcedAgain: firmware.join() === announced.join(),
    major: version[1],
    name: nameOf(firmware),
    mapping,
    modes: modesOf(capabilities),
    reports,
    lamps: [byPort, afterwards, board.lamps()],
    unreportedKind: unreported[0],
  };
}

function nameOf(firmware: readonly number[]): string {
  const letters = firmware.slice(4, -1).filter((_, index) => index % 2 === 0);
  return String.fromCharCode(...letters).replace(/\.(ino|cpp)$/, '');
}

/** Pin by pin the modes that no version changed, with their bits. */
function modesOf(capabilities: readonly number[]): string[] {
  const pins: string[] = [];
  let pairs: number[] = [];
  for (const byte of capabilities.slice(2, -1)) {
    if (byte !== 0x7f) {
      pairs.push(byte);
      continue;
    }
    const modes = pairs.flatMap((mode, index) =>
      index % 2 === 0 && LASTING_MODES.includes(mode) ? [`${mode}:${pairs[index + 1]}`] : [],
    );
    pins.push(modes.sort().join(' '));
    pairs = [];
  }
  return pins;
}

it('to every question in which their versions agree', async () => {
  const genuine = await askAll(avrBoard({ hurriedBoot: true }));
  const fast = await askAll(new VirtualBoard({ wiring: UNO_WIRING_WITH_RESISTORS }));
  expect(fast).toEqual(genuine);
  expect(genuine.name).toBe('StandardFirmata');
  expect(genuine.modes).toHaveLength(20);
  expect(genuine.modes[3]).toBe('0:1 1:1 3:8');
  expect(genuine.reports[0]).toEqual([0x90, 0x1c, 0x00]);
}, 30_000);
