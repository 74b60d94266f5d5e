import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FirmataCounterBoard } from '../../hw/firmata/firmata-counter-board.js';
import { GpioCounterBoard } from '../../hw/gpio/gpio-counter-board.js';
import { openCounterBoard } from '../../hw/open-counter-board.js';
import { ProfileError } from '../../hw/profiles/profile-document.js';
import { SerialKeypadBoard } from '../../hw/serial-keypad/serial-keypad-board.js';

const options = { monoMs: () => performance.now(), nextDelayMs: () => 1_000 };
const open = (url: string, profile: string) => openCounterBoard({ url, profile }, options);

test.each([
  ['tcp://127.0.0.1:1', 'uno-five-keys', FirmataCounterBoard],
  ['serial:/dev/pjq-board', 'uno-outer-resistors', FirmataCounterBoard],
  ['serial:/dev/pjq-serial-keypad?baud=9600', 'serial-keypad-framed', SerialKeypadBoard],
  ['tcp://127.0.0.1:1', 'serial-keypad-ascii', SerialKeypadBoard],
  ['gpio:', 'gpio-pi-five-keys', GpioCounterBoard],
])('%s with %s', (url, profile, driver) => {
  const opened = open(url, profile);
  expect(opened.board).toBeInstanceOf(driver);
  expect(opened.name).toBe(profile);
  expect(opened.board.link).toBe('lost');
});

test('a file says its kind; without one it is a Firmata board', () => {
  const keys = [1, 2, 3, 4, 5].map((level) => ({ level, pin: level + 1 }));
  const lamps = { invited: [8], accepted: [9] };
  expect(open('tcp://127.0.0.1:1', file({ name: 'mine', keys, lamps })).board).toBeInstanceOf(FirmataCounterBoard);
  const lines = keys.map(({ level }) => ({ level, line: level + 20 }));
  const gpio = { kind: 'gpio', name: 'mine', keys: lines, lamps };
  expect(open('gpio:gpiochip4', file(gpio))).toMatchObject({ name: 'mine' });
  expect(open('gpio:gpiochip4', file(gpio)).board).toBeInstanceOf(GpioCounterBoard);
});

test.each([
  ['tcp://127.0.0.1:1', 'no-such-board', /one of uno-five-keys, .*serial-keypad-ascii.*gpio-pi-five-keys/],
  ['gpio:', 'uno-five-keys', /tcp:\/\/host:port or serial:/],
  ['tcp://127.0.0.1:1', 'gpio-pi-five-keys', /gpio:/],
  ['usb:/dev/x', 'serial-keypad-ascii', /serial:/],
])('%s with %s is refused, and the reason says what may stand there', (url, profile, reason) => {
  expect(() => open(url, profile)).toThrow(ProfileError);
  expect(() => open(url, profile)).toThrow(reason);
});

test('a kind that nobody knows is refused by its name', () => {
  expect(() => open('tcp://127.0.0.1:1', file({ kind: 'teapot' }))).toThrow(/kind: must be one of firmata.*teapot/s);
});

function file(profile: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
  writeFileSync(join(folder, 'profile.json'), JSON.stringify(profile));
  return join(folder, 'profile.json');
}
