import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SERIAL_KEYPAD_ASCII } from '../../hw/profiles/serial-keypad-ascii.js';
import { BUILT_IN_SERIAL_KEYPAD_PROFILES, loadSerialKeypadProfile } from '../../hw/profiles/serial-keypad-built-in.js';
import { SERIAL_KEYPAD_EVENTS } from '../../hw/profiles/serial-keypad-events.js';
import { SERIAL_KEYPAD_FRAMED } from '../../hw/profiles/serial-keypad-framed.js';
import { hexBytes, parseSerialKeypadProfile } from '../../hw/profiles/serial-keypad-profile.js';
import { ProfileError } from '../../hw/profiles/profile-document.js';
import { encodeFrame } from '../../hw/serial-keypad/frame-form.js';
import { parseKeypadAddress } from '../../hw/serial-keypad/keypad-address.js';
import { LAMP_NAMES, type LampName } from '../../simulator/bench/bench-keys.js';
import { BOX_FORMS, boxBytes } from '../../simulator/keypad/box-forms.js';
import { CommandEar } from '../../simulator/keypad/command-ear.js';
import { KEYPAD_NAMES } from './keypad-rig.js';

function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ProfileError) return error.faults;
    throw error;
  }
  return [];
}

describe('the keypads that come with the program', () => {
  it('are without fault', () => {
    expect(BUILT_IN_SERIAL_KEYPAD_PROFILES.map((profile) => parseSerialKeypadProfile(profile).name)).toEqual(
      KEYPAD_NAMES,
    );
    expect(BOX_FORMS.map(({ name }) => name)).toEqual(KEYPAD_NAMES);
  });

  it.each(KEYPAD_NAMES)('%s speaks as the virtual one does', (name) => {
    const profile = loadSerialKeypadProfile(name);
    const box = BOX_FORMS.find((form) => form.name === name);
    if (!box) throw new Error('there is no such box');
    const wire = (payload: string) => Uint8Array.from(encodeFrame(profile.frames, hexBytes(payload)));
    for (const { level, down, up } of profile.keys) {
      expect(wire(down)).toEqual(boxBytes(box.down[level]));
      expect(up === undefined ? undefined : wire(up)).toEqual(box.up && boxBytes(box.up[level]));
    }
    expect(profile.releases).toBe(box.up !== undefined);
    expect(profile.started === null ? undefined : wire(profile.started)).toEqual(
      box.started === undefined ? undefined : boxBytes(box.started),
    );
    const heard = (payloads: readonly string[]) =>
      new CommandEar(box.commands).hear(Buffer.concat(payloads.map((payload) => wire(payload))));
    if (profile.heartbeat) {
      expect(wire(profile.heartbeat.answer)).toEqual(boxBytes(box.answer ?? ''));
      expect(heard([profile.heartbeat.ask ?? ''])).toMatchObject([{ does: 'ask' }]);
    }
    // Told again sooner than it is believed to be up, and than keys count after a connection.
    if (box.repeatMs !== undefined) expect(box.repeatMs).toBeLessThan(profile.holdMs ?? Infinity);
    expect(box.restMs).toBeGreaterThan(box.up ? 0 : (profile.holdMs ?? 0));
    for (const signal of ['off', 'idle', ...LAMP_NAMES] as const) {
      const lit: Partial<Record<LampName, boolean>> = {};
      for (const command of heard(profile.lamps?.[signal] ?? [])) {
        if (command.does === 'lamps') Object.assign(lit, command.lamps);
      }
      expect(lit).toEqual(Object.fromEntries(LAMP_NAMES.map((lamp) => [lamp, lamp === signal])));
    }
  });
});

describe('a profile with faults', () => {
  it('is refused with all of them at once, each with path, reason and value', () => {
    const faults = faultsOf(() =>
      parseSerialKeypadProfile({
        ...SERIAL_KEYPAD_FRAMED,
        name: 'No Name',
        serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
        frames: { ...SERIAL_KEYPAD_FRAMED.frames, header: 'AA 5', mostPayloadBytes: 65 },
        keys: SERIAL_KEYPAD_FRAMED.keys.map((key) =>
          key.level === 3 ? { ...key, down: 'three' } : key.level === 2 ? { ...key, up: '01 82' } : key,
        ),
        holdMs: null,
        lamps: { ...SERIAL_KEYPAD_FRAMED.lamps, fault: ['02 02'] },
        gapMs: 1,
      }),
    );
    const paths = faults.map((fault) => fault.slice(0, fault.indexOf(':')));
    for (const path of [
      'name',
      'frames.header',
      'frames.mostPayloadBytes',
      'keys.2.down',
      'keys.1.up',
      'holdMs',
      'lamps.fault',
      'gapMs',
    ]) {
      expect(paths).toContain(path);
    }
    expect(faults.find((fault) => fault.startsWith('keys.2.down: '))).toBe(
      'keys.2.down: must be bytes in hex, such as "AA 55" (got "three")',
    );
    expect(faults.find((fault) => fault.startsWith('name: '))).toContain('(got "No Name")');
  });

  const FIXED = SERIAL_KEYPAD_ASCII;
  const FRAMED = SERIAL_KEYPAD_FRAMED;
  const EVENTS = SERIAL_KEYPAD_EVENTS;
  const withKey = <P extends { keys: readonly { level: number }[] }>(profile: P, level: number, change: object) => ({
    ...profile,
    keys: profile.keys.map((key) => (key.level === level ? { ...key, ...change } : key)),
  });

  it.each([
    [
      'a level without a key',
      { ...FIXED, keys: FIXED.keys.slice(1) },
      /^keys: level 1 must have exactly one key, it has 0/,
    ],
    ['two keys of a level', withKey(FIXED, 2, { level: 1 }), /^keys: level 1 must have exactly one key, it has 2/],
    [
      'the same frame for two keys',
      withKey(FIXED, 5, { down: '31 0D' }),
      /^keys\.4\.down: cannot be told from keys\.0\.down/,
    ],
    [
      'a frame that begins another',
      withKey(FIXED, 5, { down: '31 0D 0A' }),
      /^keys\.4\.down: cannot be told from keys\.0\.down/,
    ],
    ['a frame of a single byte', withKey(FIXED, 5, { down: '35' }), /^keys\.4\.down: a single byte is made by any/],
    [
      'a heartbeat that is a key',
      { ...FRAMED, heartbeat: { ask: null, answer: '01 01' } },
      /^heartbeat\.answer: cannot/,
    ],
    ['no release where they are told', withKey(EVENTS, 4, { up: undefined }), /^keys\.3\.up: is needed with releases/],
    ['a release where none is told', { ...EVENTS, releases: false }, /^keys\.0\.up: is never sent/],
    ['no end of a press', { ...FIXED, holdMs: null }, /^holdMs: is needed with releases: false/],
    ['nothing to count repeats by', { ...EVENTS, holdMs: null, confirmFrames: 2 }, /^holdMs: is needed with confirm/],
    ['keys that count before they can be told', { ...FIXED, holdMs: 300 }, /^armUpMs: must be longer than holdMs/],
    [
      'a gap that a slow line cannot keep',
      { ...FIXED, serial: { baud: 300 } },
      /^gapMs: must be two bytes of this baud or more, 80 ms/,
    ],
    [
      'a payload longer than any',
      withKey(FRAMED, 1, { down: `01${' 01'.repeat(20)}` }),
      /^keys\.0\.down: is longer than frames\.mostPayloadBytes/,
    ],
    [
      'eight bits on a line of seven',
      { ...FIXED, serial: { dataBits: 7 }, started: 'B1 0D' },
      /^started: has a byte of eight bits/,
    ],
    [
      'a sum of eight bits on a line of seven',
      { ...EVENTS, serial: { dataBits: 7 } },
      /^frames\.checksum: needs eight data bits/,
    ],
    [
      'a header of eight bits on a line of seven',
      { ...FRAMED, serial: { dataBits: 7 } },
      /^frames\.header: has a byte of eight/,
    ],
    ['an unknown sum', { ...FRAMED, frames: { ...FRAMED.frames, checksum: 'md5' } }, /^frames\.checksum: /],
    ['an unknown form', { ...FRAMED, frames: { form: 'free' } }, /^frames\.form: /],
    ['a lamp for one level', { ...FIXED, lamps: { ...FIXED.lamps, accepted: { 5: ['01'] } } }, /^lamps\.accepted: /],
    ['no accepted lamp', { ...FIXED, lamps: { ...FIXED.lamps, accepted: [] } }, /^lamps\.accepted: /],
    [
      'a lamp that looks accepted',
      { ...FIXED, lamps: { ...FIXED.lamps, idle: ['4c320d'] } },
      /^lamps\.idle: lights the accepted/,
    ],
    ['an unknown key', { ...FIXED, colour: 'red' }, /^colour: unknown key \(got "red"\)/],
    ['a slow heartbeat', { ...EVENTS, heartbeat: { ...EVENTS.heartbeat, everyMs: 70_000 } }, /^heartbeat\.everyMs: /],
  ])('is refused for %s', (_, profile, reason) => {
    const faults = faultsOf(() => parseSerialKeypadProfile(profile));
    expect(faults.filter((fault) => reason.test(fault))).toHaveLength(1);
  });

  it('is refused as such, whatever the value', () => {
    const piece = fc.oneof(fc.anything({ maxDepth: 2 }), fc.constant(EVENTS.keys), fc.constant(EVENTS.frames));
    const field = fc.constantFrom('name', 'keys', 'frames', 'lamps', 'heartbeat', 'serial', 'holdMs', 'ignored');
    fc.assert(
      fc.property(fc.dictionary(field, piece), (change) => {
        expect(faultsOf(() => parseSerialKeypadProfile({ ...EVENTS, ...change }))).toBeInstanceOf(Array);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a profile', () => {
  it('may have frames of a single byte when they are told more than once', () => {
    const keys = FIVE.map((level) => ({ level, down: `3${level}` }));
    const profile = { ...SERIAL_KEYPAD_ASCII, keys, confirmFrames: 2 };
    expect(parseSerialKeypadProfile(profile).keys).toHaveLength(5);
  });

  it('may be a file that names only what has no default', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pjq-profile-'));
    onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
    const path = join(folder, 'box.yaml');
    writeFileSync(
      path,
      'name: my-box\nserial: { baud: 4800, parity: even, dataBits: 7 }\nframes: { form: fixed }\n' +
        `keys:\n${FIVE.map((level) => `  - { level: ${level}, down: "3${level} 0D 0A" }\n`).join('')}` +
        'releases: false\nholdMs: 200\nlamps: null\nheartbeat: null\n',
    );
    expect(loadSerialKeypadProfile(path)).toMatchObject({
      kind: 'serial-keypad',
      name: 'my-box',
      armUpMs: 300,
      gapMs: 25,
    });
    expect(faultsOf(() => loadSerialKeypadProfile('my-box'))).toEqual([
      `profile: must be one of ${KEYPAD_NAMES.join(', ')}, or the path of a .yaml or .json file (got "my-box")`,
    ]);
  });

  const FIVE = [1, 2, 3, 4, 5];
});

describe('the address of a keypad', () => {
  it('takes from the profile what it leaves open', () => {
    const profile = loadSerialKeypadProfile('serial-keypad-ascii');
    expect(parseKeypadAddress('serial:/dev/pjq-keypad', profile)).toMatchObject({
      kind: 'serial',
      path: '/dev/pjq-keypad',
      baud: 9_600,
      format: { dataBits: 8, parity: 'none', stopBits: 1 },
    });
    expect(parseKeypadAddress('serial:/dev/ttyS1?baud=4800', profile)).toMatchObject({ baud: 4_800 });
    expect(parseKeypadAddress('tcp://10.0.0.9:4001', profile)).toEqual({ kind: 'tcp', host: '10.0.0.9', port: 4_001 });
    expect(() => parseKeypadAddress('com3', profile)).toThrow(ProfileError);
  });
});
