/**
 * Keys and lamps on the GPIO lines of the computer itself, as data: which line is which level, which lines a lamp
 * signal lights, and the times. A lamp signal is a list of lines and nothing else, so no profile can let a lamp
 * depend on a level (I6).
 */
import { z } from 'zod';
import { loadProfile, parseProfile, ProfileError } from './profile-document.js';

const KEY_LEVELS = [1, 2, 3, 4, 5] as const;
/** What is told to an operator is a profile of this kind. */
const OF = 'gpio';

/** The kernel's offset of a line within its chip; on a Raspberry Pi the BCM number. */
const lineSchema = z.int().min(0).max(1_023);
const linesSchema = z.array(lineSchema).max(16);

const chipSchema = z
  .string()
  .max(200)
  .regex(/^(gpiochip\d{1,3}|\/[\w./-]+)$/, 'must be like gpiochip0 or /dev/gpiochip0');

const keySchema = z.strictObject({
  level: z
    .int()
    .min(1)
    .max(5)
    .transform((level) => level as (typeof KEY_LEVELS)[number])
    .describe('level of the key, 5 is the best'),
  line: lineSchema.describe('GPIO line of the key'),
});

const lampsSchema = z.strictObject({
  idle: linesSchema.default([]).describe('lines lit while nobody is invited'),
  invited: linesSchema.describe('lines lit while a rating is awaited'),
  accepted: linesSchema.min(1).describe('lines lit when a press was taken, the same for all levels'),
  fault: linesSchema.default([]).describe('lines lit while the terminal has a fault'),
});

const shape = z.strictObject({
  kind: z.literal('gpio'),
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be words of a-z and 0-9 joined by hyphens')
    .max(64),
  description: z.string().max(200).default(''),
  chip: chipSchema.default('gpiochip0').describe('the GPIO chip that has all lines; gpiodetect lists them'),
  keys: z.array(keySchema),
  activeLevel: z.enum(['low', 'high']).default('low').describe('what a line reads while its key is down'),
  bias: z
    .enum(['pull-up', 'pull-down', 'disabled'])
    .default('pull-up')
    .describe('resistor of the chip; disabled where the wiring has its own'),
  lamps: lampsSchema,
  lampActiveLevel: z.enum(['high', 'low']).default('high').describe('what lights a lamp'),
  debounceMs: z
    .int()
    .min(1)
    .max(200)
    .default(7)
    .describe('a key that goes down again sooner than this after it went up still is the same press, ms'),
  chordWindowMs: z.int().min(1).max(200).default(10).describe('a second key within this time makes a chord, ms'),
  stuckMs: z.int().min(1_000).max(600_000).default(30_000).describe('a key held for longer is stuck, ms'),
  armUpMs: z.int().min(50).max(10_000).default(300).describe('keys count after all have read up for this long, ms'),
});

export const gpioProfileSchema = shape.superRefine((profile, context) => {
  const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  for (const level of KEY_LEVELS) {
    const total = profile.keys.filter((key) => key.level === level).length;
    if (total !== 1) fault(['keys'], `level ${level} must have exactly one key, it has ${total}`);
  }
  const keyLines = profile.keys.map((key) => key.line);
  keyLines.forEach((line, index) => {
    if (keyLines.indexOf(line) !== index) fault(['keys', index, 'line'], 'another key has this line already');
  });
  if (profile.bias === 'pull-up' && profile.activeLevel === 'high')
    fault(['bias'], 'a pull-up holds the line high, so it needs activeLevel low');
  if (profile.bias === 'pull-down' && profile.activeLevel === 'low')
    fault(['bias'], 'a pull-down holds the line low, so it needs activeLevel high');
  const { accepted } = profile.lamps;
  for (const [signal, lines] of Object.entries(profile.lamps)) {
    lines.forEach((line, index) => {
      if (keyLines.includes(line)) fault(['lamps', signal, index], 'this line is a key');
      if (lines.indexOf(line) !== index) fault(['lamps', signal, index], 'the line is named twice');
    });
    // The accepted lamp is what the citizen looks for; any other signal must look different.
    if (signal !== 'accepted' && accepted.length > 0 && accepted.every((line) => lines.includes(line))) {
      fault(['lamps', signal], 'lights the whole accepted lamp');
    }
  }
});

export type GpioProfile = z.infer<typeof gpioProfileSchema>;
/** A profile as a person writes it: what has a default may be left out. */
export type GpioProfileInput = z.input<typeof gpioProfileSchema>;

/**
 * Raspberry Pi, 40-pin header. All lines are free of I2C (2, 3), UART (14, 15), SPI0 (7 to 11), the 1-wire default
 * (4) and I2S (18 to 21). The lamps are on lines that the chip pulls down at power-on, so that they stay dark.
 */
export const GPIO_PI_FIVE_KEYS = {
  kind: 'gpio',
  name: 'gpio-pi-five-keys',
  description: 'Raspberry Pi 40-pin header: keys to ground on pins 13, 15, 16, 18, 22; lamps on pins 32, 36, 37',
  chip: 'gpiochip0',
  keys: [
    { level: 1, line: 27 }, // pin 13
    { level: 2, line: 22 }, // pin 15
    { level: 3, line: 23 }, // pin 16
    { level: 4, line: 24 }, // pin 18
    { level: 5, line: 25 }, // pin 22
  ],
  activeLevel: 'low',
  bias: 'pull-up',
  lamps: { idle: [], invited: [12], accepted: [16], fault: [26] }, // pins 32, 36, 37
  lampActiveLevel: 'high',
} as const satisfies GpioProfileInput;

export const BUILT_IN_GPIO_PROFILES: readonly unknown[] = [GPIO_PI_FIVE_KEYS];

/** @throws ProfileError with every fault of the value. */
export function parseGpioProfile(value: unknown): GpioProfile {
  return parseProfile(gpioProfileSchema, value, OF);
}

/**
 * The profile that a configuration names: a name of the list above, or the path of a YAML or JSON file.
 * @throws ProfileError with every fault.
 */
export function loadGpioProfile(nameOrFile: string): GpioProfile {
  return loadProfile(gpioProfileSchema, BUILT_IN_GPIO_PROFILES, nameOrFile, OF);
}

export interface GpioAddress {
  readonly kind: 'gpio';
  readonly chip: string;
}

/**
 * `gpio:` is the chip of the profile; `gpio:gpiochip4` and `gpio:/dev/gpiochip4` name another one, as the header's
 * chip has another number on some boards and kernels.
 * @throws ProfileError when it is neither.
 */
export function parseGpioAddress(text: string, profile: Pick<GpioProfile, 'chip'>): GpioAddress {
  const named = /^gpio:(.*)$/.exec(text)?.[1];
  const chip = named === '' ? profile.chip : named;
  if (chip !== undefined && chipSchema.safeParse(chip).success) return { kind: 'gpio', chip };
  throw new ProfileError([`address: must be gpio: or gpio:gpiochip0 (got ${JSON.stringify(text)})`], { of: OF });
}
