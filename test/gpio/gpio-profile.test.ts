import { describe, expect, it } from 'vitest';
import {
  BUILT_IN_GPIO_PROFILES,
  GPIO_PI_FIVE_KEYS,
  gpioProfileSchema,
  loadGpioProfile,
  parseGpioAddress,
  parseGpioProfile,
} from '../../hw/profiles/gpio-profile.js';
import { ProfileError } from '../../hw/profiles/profile-document.js';

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ProfileError) return error.faults;
    throw error;
  }
  return [];
}
const faults = (change: object) => faultsOf(() => parseGpioProfile({ ...GPIO_PI_FIVE_KEYS, ...change }));

it('the profiles that come with the program are sound, and found by their name', () => {
  for (const value of BUILT_IN_GPIO_PROFILES) parseGpioProfile(value);
  expect(loadGpioProfile('gpio-pi-five-keys')).toEqual(gpioProfileSchema.parse(GPIO_PI_FIVE_KEYS));
  expect(faultsOf(() => loadGpioProfile('nobody'))).toEqual([
    'profile: must be one of gpio-pi-five-keys, or the path of a .yaml or .json file (got "nobody")',
  ]);
});

it('the lines of the Raspberry Pi profile are free of its buses, and its lamps dark at power-on', () => {
  const { keys, lamps } = parseGpioProfile(GPIO_PI_FIVE_KEYS);
  // I2C 0 to 3, 1-wire 4, SPI0 7 to 11, UART 14 and 15, I2S 18 to 21.
  const buses = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 18, 19, 20, 21];
  const lampLines = Object.values(lamps).flat();
  const used = [...keys.map(({ line }) => line), ...lampLines];
  expect(used.filter((line) => buses.includes(line) || line > 27)).toEqual([]);
  // The chip pulls 0 to 8 up at power-on and 9 to 27 down.
  expect(lampLines.filter((line) => line < 9)).toEqual([]);
});

describe('a profile with faults is refused with all of them', () => {
  it('a line that is used twice', () => {
    const keys = GPIO_PI_FIVE_KEYS.keys.map((key) => (key.level === 5 ? { level: 5, line: 27 } : key));
    expect(faults({ keys, lamps: { invited: [12, 12], accepted: [23] } })).toEqual([
      'keys.4.line: another key has this line already (got 27)',
      'lamps.invited.1: the line is named twice (got 12)',
      'lamps.accepted.0: this line is a key (got 23)',
    ]);
  });

  it('a level without a key, a lamp like the accepted one, a resistor that pulls the wrong way', () => {
    const keys = GPIO_PI_FIVE_KEYS.keys.map((key) => (key.level === 2 ? { level: 3, line: 5 } : key));
    const told = faults({ keys, bias: 'pull-down', lamps: { invited: [16, 12], accepted: [16] } });
    expect(told.map((line) => line.replace(/ \(got .*/, ''))).toEqual([
      'keys: level 2 must have exactly one key, it has 0',
      'keys: level 3 must have exactly one key, it has 2',
      'bias: a pull-down holds the line low, so it needs activeLevel high',
      'lamps.invited: lights the whole accepted lamp',
    ]);
    expect(faults({ activeLevel: 'high' })).toEqual([
      'bias: a pull-up holds the line high, so it needs activeLevel low (got "pull-up")',
    ]);
    expect(faults({ activeLevel: 'high', bias: 'disabled' })).toEqual([]);
  });

  it('what is unknown or out of range, each by its path', () => {
    const told = faults({
      kind: 'firmata',
      chip: 'chip; rm',
      bias: 'up',
      stuckMs: 5,
      keyss: [],
      lamps: { invited: [-1] },
    });
    expect(told.map((line) => line.split(':')[0])).toEqual([
      'kind',
      'chip',
      'bias',
      'lamps.invited.0',
      'lamps.accepted',
      'stuckMs',
      'keyss',
    ]);
  });
});

it('an address is the chip of the profile or names another', () => {
  const profile = { chip: 'gpiochip0' };
  expect(parseGpioAddress('gpio:', profile)).toEqual({ kind: 'gpio', chip: 'gpiochip0' });
  expect(parseGpioAddress('gpio:gpiochip4', profile)).toEqual({ kind: 'gpio', chip: 'gpiochip4' });
  expect(parseGpioAddress('gpio:/dev/gpiochip4', profile)).toEqual({ kind: 'gpio', chip: '/dev/gpiochip4' });
  for (const text of ['gpiochip0', 'serial:/dev/ttyUSB0', 'gpio:--help', 'gpio:gpiochip0 1']) {
    expect(faultsOf(() => parseGpioAddress(text, profile))).toHaveLength(1);
  }
});
