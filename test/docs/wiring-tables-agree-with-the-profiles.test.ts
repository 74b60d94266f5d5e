import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GPIO_PI_FIVE_KEYS } from '../../hw/profiles/gpio-profile.js';
import { UNO_FIVE_KEYS } from '../../hw/profiles/uno-five-keys.js';
import { UNO_OUTER_RESISTORS } from '../../hw/profiles/uno-outer-resistors.js';

const FOLDER = join(import.meta.dirname, '../../hw/wiring');
const words = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const drawing = (name: string) => readFileSync(join(FOLDER, `${name}.svg`), 'utf8');

test('every key and lamp of the Uno stands in its table and in its drawings', () => {
  for (const { level, pin } of UNO_FIVE_KEYS.keys) {
    expect(words).toMatch(new RegExp(`\\| key ${level} \\S+ \\| D${pin} \\| GND \\|`));
    expect(drawing('uno-five-keys')).toContain(`>D${pin}<`);
  }
  for (const signal of ['invited', 'accepted', 'fault'] as const)
    expect(words).toContain(`| lamp ${signal} | D${UNO_FIVE_KEYS.lamps[signal][0]} |`);
  expect(UNO_OUTER_RESISTORS.keys.map(({ pin }) => pin)).toEqual(UNO_FIVE_KEYS.keys.map(({ pin }) => pin));
  expect(drawing('uno-outer-resistors').match(/10 kΩ/g)).toHaveLength(5);
  expect(drawing('uno-five-keys')).not.toContain('10 kΩ');
});

test('every line of the Raspberry Pi stands in its table, and the table and the drawing name the same header pin', () => {
  const rows = [
    ...GPIO_PI_FIVE_KEYS.keys.map(({ level, line }) => [`key ${level} \\S+`, line] as const),
    ...(['invited', 'accepted', 'fault'] as const).map(
      (signal) => [`lamp ${signal}`, GPIO_PI_FIVE_KEYS.lamps[signal][0]] as const,
    ),
  ];
  for (const [what, line] of rows) {
    const pin = new RegExp(`\\| ${what} \\| (\\d+) \\| ${line} \\|`).exec(words)?.[1];
    expect(pin, `${what} on GPIO ${line}`).toBeDefined();
    const named = drawing('gpio-pi-five-keys').replaceAll(/<[^>]+>/g, ' ');
    expect(named).toMatch(new RegExp(`pin ${pin}\\s+\\(GPIO ${line}\\)`));
  }
});
