/**
 * A board of keys and lamps as data: which pin is which level, which pins a lamp signal lights, and the times.
 * A lamp signal is a list of pins and nothing else, so no profile can let a lamp depend on a level (I6).
 */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';

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

/** A profile with faults; all of them, one line each: `path: reason (got …)`. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: { cause?: unknown }) {
    super(`the board profile has faults:\n${faults.join('\n')}`, options);
    this.faults = faults;
  }
}

/** @throws ProfileError with every fault of the value. */
export function parseBoardProfile(value: unknown): BoardProfile {
  const parsed = boardProfileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProfileError(parsed.error.issues.flatMap((issue) => describe(issue, value)));
}

/**
 * Reads a profile from a YAML or JSON file.
 * @throws ProfileError when it cannot be read, is no YAML, or has faults.
 */
export function readBoardProfile(file: string): BoardProfile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ProfileError([`${file}: cannot be read (got ${(cause as Error).message})`], { cause });
  }
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ProfileError(
      document.errors.map(
        (error) => `line ${error.linePos?.[0].line ?? '?'}: is no YAML (got ${error.message.split('\n')[0] ?? ''})`,
      ),
    );
  }
  return parseBoardProfile(document.toJS());
}

function describe(issue: z.core.$ZodIssue, value: unknown): string[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  const reason = issue.code === 'unrecognized_keys' ? 'unknown key' : issue.message;
  return paths.map((path) => {
    const got = path.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
      value,
    );
    return `${path.length > 0 ? path.join('.') : '(profile)'}: ${reason} (got ${shown(got)})`;
  });
}

function shown(value: unknown): string {
  // JSON has no word for functions and symbols, which no file can hold anyway.
  const text = value === undefined ? 'nothing' : ((JSON.stringify(value) as string | undefined) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
