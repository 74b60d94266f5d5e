/**
 * A button box on a serial line as data: the line, the form of its frames, and which frame is which key or lamp.
 * A lamp signal is a list of commands and nothing else, so no profile can let a lamp depend on a level (I6).
 *
 * All bytes are written in hex: `AA 55`. In the form `fixed` they are the whole frame; in the form `framed` they are
 * the payload, and header, length, checksum and trailer are put around it. Byte stuffing is not known here.
 *
 * What keeps noise from being a key, weakest first: only an exact frame counts; its bytes follow each other within
 * `gapMs`; any byte that belongs to no frame makes the keys wait `armUpMs` anew, and undoes a key told less than
 * `chordWindowMs` before, so that a frame inside a burst is no press; `confirmFrames`; a checksum. A frame of a single
 * byte needs `confirmFrames` of 2 or more, for any disturbance makes a single byte.
 */
import { z } from 'zod';
import { parseProfile } from './profile-document.js';

const KEY_LEVELS = [1, 2, 3, 4, 5] as const;
const LAMP_SIGNALS = ['off', 'idle', 'invited', 'accepted', 'fault'] as const;
/** With start and stop bits and parity, a byte takes no more bit times than this. */
const MOST_BITS_A_BYTE = 12;

/** No frame of a key box is longer, and the reader keeps no more. */
export const MOST_PAYLOAD_BYTES = 64;

const hexSchema = (least: number, most: number) =>
  z
    .string()
    .regex(/^([0-9a-f]{2}( ?[0-9a-f]{2})*)?$/i, 'must be bytes in hex, such as "AA 55"')
    .refine((text) => hexBytes(text).length >= least, `must have ${least} byte(s) or more`)
    .refine((text) => hexBytes(text).length <= most, `must have ${most} byte(s) or fewer`);

const frameSchema = hexSchema(1, MOST_PAYLOAD_BYTES);

const keySchema = z.strictObject({
  level: z
    .int()
    .min(1)
    .max(5)
    .transform((level) => level as (typeof KEY_LEVELS)[number])
    .describe('level of the key, 5 is the best'),
  down: frameSchema.describe('what the box sends when the key is pressed'),
  up: frameSchema.optional().describe('what it sends when the key is released; only with releases: true'),
});

const fixedFormSchema = z.strictObject({ form: z.literal('fixed').describe('each frame is written out whole') });

const framedFormSchema = z.strictObject({
  form: z.literal('framed').describe('header, length, payload, checksum, trailer'),
  header: hexSchema(1, 4),
  lengthOf: z
    .enum(['payload', 'payload-and-checksum', 'frame'])
    .default('payload')
    .describe('what the byte behind the header counts'),
  checksum: z
    .enum(['none', 'xor', 'sum8', 'crc8', 'crc16-modbus'])
    .describe('crc8 is x^8+x^2+x+1 from 0; crc16-modbus comes low byte first'),
  checksumOver: z.enum(['payload', 'length-and-payload', 'frame']).default('length-and-payload'),
  trailer: hexSchema(0, 4).default(''),
  mostPayloadBytes: z.int().min(1).max(MOST_PAYLOAD_BYTES).default(16).describe('a longer frame is noise'),
});

const commandsSchema = z.array(frameSchema).max(16);

const lampsSchema = z
  .strictObject({
    off: commandsSchema,
    idle: commandsSchema,
    invited: commandsSchema,
    accepted: commandsSchema.min(1).describe('sent when a press was taken, the same for all levels'),
    fault: commandsSchema,
  })
  .describe('commands, sent in their order, that put all lamps into the state of the signal');

const heartbeatSchema = z
  .strictObject({
    ask: frameSchema.nullable().describe('the question; null: the box speaks by itself'),
    answer: frameSchema,
    everyMs: z.int().min(20).max(60_000).default(1_000),
    misses: z.int().min(1).max(20).default(3).describe('so many times in a row unheard is a lost box'),
  })
  .describe('how a box that was pulled out is noticed; null: only the port itself tells');

const shape = z.strictObject({
  kind: z.literal('serial-keypad').default('serial-keypad'),
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be words of a-z and 0-9 joined by hyphens')
    .max(64),
  description: z.string().max(200).default(''),
  serial: z
    .strictObject({
      baud: z.int().min(300).max(4_000_000).default(9_600).describe('baud where the address names none'),
      dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
      parity: z.enum(['none', 'even', 'odd']).default('none'),
      stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
    })
    .prefault({}),
  frames: z.discriminatedUnion('form', [fixedFormSchema, framedFormSchema]),
  keys: z.array(keySchema),
  releases: z.boolean().describe('whether the box tells that a key was released'),
  holdMs: z
    .int()
    .min(20)
    .max(5_000)
    .nullable()
    .describe('a key not told down again for so long is up, ms; null: only its up frame ends it'),
  confirmFrames: z.int().min(1).max(4).default(1).describe('a key is down once it was told so often within holdMs'),
  started: frameSchema.nullable().default(null).describe('what the box sends when it has started'),
  ignored: z.array(frameSchema).max(32).default([]).describe('frames of the box that mean nothing here'),
  lamps: lampsSchema.nullable().describe('null: a box without lamps'),
  heartbeat: heartbeatSchema.nullable(),
  gapMs: z.int().min(5).max(199).default(25).describe('bytes of one frame follow each other within this, ms'),
  debounceMs: z
    .int()
    .min(7)
    .max(200)
    .default(20)
    .describe('a key that goes down again sooner than this after it went up still is the same press'),
  chordWindowMs: z.int().min(1).max(200).default(30).describe('a second key within this time makes a chord, ms'),
  stuckMs: z.int().min(1_000).max(600_000).default(30_000).describe('a key held for longer is stuck, ms'),
  armUpMs: z.int().min(50).max(10_000).default(300).describe('keys count after all have been up for this long, ms'),
});

export const serialKeypadProfileSchema = shape.superRefine((profile, context) => {
  const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const { frames, keys, holdMs } = profile;
  for (const level of KEY_LEVELS) {
    const total = keys.filter((key) => key.level === level).length;
    if (total !== 1) fault(['keys'], `level ${level} must have exactly one key, it has ${total}`);
  }
  keys.forEach(({ down, up }, index) => {
    if (profile.releases && up === undefined) fault(['keys', index, 'up'], 'is needed with releases: true');
    if (!profile.releases && up !== undefined) fault(['keys', index, 'up'], 'is never sent with releases: false');
    if (frames.form === 'fixed' && profile.confirmFrames < 2 && hexBytes(down).length < 2)
      fault(['keys', index, 'down'], 'a single byte is made by any disturbance; it needs confirmFrames of 2 or more');
  });
  if (!profile.releases && holdMs === null) fault(['holdMs'], 'is needed with releases: false');
  if (profile.confirmFrames > 1 && holdMs === null) fault(['holdMs'], 'is needed with confirmFrames');
  // A key held since before the connection is told again before keys count, or it would be a press.
  if (holdMs !== null && profile.armUpMs <= holdMs) fault(['armUpMs'], 'must be longer than holdMs');
  const byteMs = (MOST_BITS_A_BYTE * 1_000) / profile.serial.baud;
  if (profile.gapMs < 2 * byteMs)
    fault(['gapMs'], `must be two bytes of this baud or more, ${Math.ceil(2 * byteMs)} ms`);
  const heard = heardFrames(profile);
  heard.forEach(({ path, bytes }, index) => {
    if (bytes.length === 0) return;
    const other = heard.find(
      (candidate, at) => at !== index && conflicts(frames.form, candidate.bytes, bytes, at < index),
    );
    if (other) fault(path, `cannot be told from ${other.path.join('.')}`);
  });
  for (const { path, bytes } of [...heard, ...saidFrames(profile)]) {
    if (frames.form === 'framed' && bytes.length > frames.mostPayloadBytes)
      fault(path, `is longer than frames.mostPayloadBytes (${frames.mostPayloadBytes})`);
    if (profile.serial.dataBits === 7 && bytes.some((byte) => byte > 0x7f)) fault(path, 'has a byte of eight bits');
  }
  if (profile.serial.dataBits === 7 && frames.form === 'framed') {
    if (!['none', 'xor'].includes(frames.checksum)) fault(['frames', 'checksum'], 'needs eight data bits');
    for (const part of ['header', 'trailer'] as const)
      if (hexBytes(frames[part]).some((byte) => byte > 0x7f)) fault(['frames', part], 'has a byte of eight bits');
  }
  // The accepted lamp is what the citizen looks for; any other signal must look different.
  const { lamps } = profile;
  if (lamps)
    for (const signal of LAMP_SIGNALS)
      if (signal !== 'accepted' && same(lamps[signal], lamps.accepted))
        fault(['lamps', signal], 'lights the accepted lamp');
});

export type SerialKeypadProfile = z.infer<typeof serialKeypadProfileSchema>;
/** A profile as a person writes it: what has a default may be left out. */
export type SerialKeypadProfileInput = z.input<typeof serialKeypadProfileSchema>;
export type FrameForm = SerialKeypadProfile['frames'];

/** @throws ProfileError with every fault of the value. */
export function parseSerialKeypadProfile(value: unknown): SerialKeypadProfile {
  return parseProfile(serialKeypadProfileSchema, value, 'serial keypad');
}

/** The bytes that a profile writes in hex. */
export function hexBytes(text: string): number[] {
  return (text.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => Number.parseInt(pair, 16));
}

interface PlacedFrame {
  readonly path: (string | number)[];
  readonly bytes: readonly number[];
}

function heardFrames(profile: z.infer<typeof shape>): PlacedFrame[] {
  const { keys, heartbeat, started, ignored } = profile;
  return [
    ...keys.map(({ down }, index) => ({ path: ['keys', index, 'down'], bytes: hexBytes(down) })),
    ...keys.flatMap(({ up }, index) =>
      up === undefined ? [] : [{ path: ['keys', index, 'up'], bytes: hexBytes(up) }],
    ),
    ...(heartbeat ? [{ path: ['heartbeat', 'answer'], bytes: hexBytes(heartbeat.answer) }] : []),
    ...(started === null ? [] : [{ path: ['started'], bytes: hexBytes(started) }]),
    ...ignored.map((frame, index) => ({ path: ['ignored', index], bytes: hexBytes(frame) })),
  ];
}

function saidFrames({ lamps, heartbeat }: z.infer<typeof shape>): PlacedFrame[] {
  const commands = LAMP_SIGNALS.flatMap((signal) =>
    (lamps?.[signal] ?? []).map((command, index) => ({ path: ['lamps', signal, index], bytes: hexBytes(command) })),
  );
  const ask = heartbeat?.ask ?? null;
  return ask === null ? commands : [...commands, { path: ['heartbeat', 'ask'], bytes: hexBytes(ask) }];
}

/** A fixed frame must not begin another; of two equal ones the later is the fault. */
function conflicts(
  form: FrameForm['form'],
  other: readonly number[],
  own: readonly number[],
  earlier: boolean,
): boolean {
  if (other.length === 0) return false;
  if (other.length === own.length) return earlier && own.every((byte, index) => byte === other[index]);
  return form === 'fixed' && other.length < own.length && other.every((byte, index) => byte === own[index]);
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return hexBytes(one.join(' ')).join() === hexBytes(other.join(' ')).join();
}
