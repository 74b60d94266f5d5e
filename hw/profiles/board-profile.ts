/**
 * A board of keys and lamps as data: which pin is which level, which pins a lamp signal lights, and the times.
 * A lamp signal is a list of pins and nothing else, so no profile can let a lamp depend on a level (I6).
 */
import { z } from 'zod';
import { parseProfile } from './profile-document.js';

export { ProfileError } from './profile-document.js';

const KEY_LEVELS = [1, 2, 3, 4, 5] as const;

/** Firmata numbers pins with seven bits. */
const pinSchema = z.int().min(0).max(127);
const pinsSchema = z.array(pinSchema).max(16);

const keySchema = z.strictObject({
  level: z
    .int()
    .min(1)
    .max(5)
    .transform((level) => level as (typeof KEY_LEVELS)[number])
    .describe('level of the key, 5 is the best'),
  pin: pinSchema.describe('Firmata pin number'),
  activeLevel: z.enum(['low', 'high']).default('low').describe('what the pin reads while the key is down'),
  pullUp: z.boolean().default(true).describe('use the pull-up resistor of the board (Firmata pin mode 11)'),
});

const lampsSchema = z.strictObject({
  idle: pinsSchema.default([]).describe('pins lit while nobody is invited'),
  invited: pinsSchema.describe('pins lit while a rating is awaited'),
  accepted: pinsSchema.min(1).describe('pins lit when a press was taken, the same for all levels'),
  fault: pinsSchema.default([]).describe('pins lit while the terminal has a fault'),
});

const shape = z.strictObject({
  kind: z.literal('firmata').default('firmata'),
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be words of a-z and 0-9 joined by hyphens')
    .max(64),
  description: z.string().max(200).default(''),
  transport: z
    .strictObject({
      serialBaud: z.int().min(300).max(4_000_000).default(57_600).describe('baud where the address names none'),
    })
    .default({ serialBaud: 57_600 }),
  keys: z.array(keySchema),
  lamps: lampsSchema,
  debounceMs: z
    .int()
    .min(7)
    .max(200)
    .default(7)
    .describe(
      'a key that goes down again sooner than this after it went up still is the same press; 7 ms is what johnny-five does anyway',
    ),
  chordWindowMs: z.int().min(1).max(200).default(10).describe('a second key within this time makes a chord, ms'),
  stuckMs: z.int().min(1_000).max(600_000).default(30_000).describe('a key held for longer is stuck, ms'),
  armUpMs: z.int().min(50).max(10_000).default(300).describe('keys count after all have read up for this long, ms'),
});

export const boardProfileSchema = shape.superRefine((profile, context) => {
  const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  for (const level of KEY_LEVELS) {
    const total = profile.keys.filter((key) => key.level === level).length;
    if (total !== 1) fault(['keys'], `level ${level} must have exactly one key, it has ${total}`);
  }
  const keyPins = profile.keys.map((key) => key.pin);
  profile.keys.forEach((key, index) => {
    if (keyPins.indexOf(key.pin) !== index) fault(['keys', index, 'pin'], 'another key has this pin already');
    if (key.pullUp && key.activeLevel === 'high')
      fault(['keys', index, 'pullUp'], 'a pull-up holds the pin high, so it needs activeLevel low');
  });
  const signals = Object.entries(profile.lamps);
  for (const [signal, pins] of signals) {
    pins.forEach((pin, index) => {
      if (keyPins.includes(pin)) fault(['lamps', signal, index], 'this pin is a key');
      if (pins.indexOf(pin) !== index) fault(['lamps', signal, index], 'the pin is named twice');
    });
    // The accepted lamp is what the citizen and the demo look for; any other signal must look different.
    const accepted = profile.lamps.accepted;
    if (signal !== 'accepted' && accepted.length > 0 && accepted.every((pin) => pins.includes(pin))) {
      fault(['lamps', signal], 'lights the whole accepted lamp');
    }
  }
});

export type BoardProfile = z.infer<typeof boardProfileSchema>;
/** A profile as a person writes it: what has a default may be left out. */
export type BoardProfileInput = z.input<typeof boardProfileSchema>;

/** @throws ProfileError with every fault of the value. */
export function parseBoardProfile(value: unknown): BoardProfile {
  return parseProfile(boardProfileSchema, value, 'board');
}
