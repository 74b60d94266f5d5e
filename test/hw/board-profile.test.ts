import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import { parseBoardProfile, ProfileError } from '../../hw/profiles/board-profile.js';
import { BUILT_IN_BOARD_PROFILES, loadBoardProfile } from '../../hw/profiles/built-in.js';
import { UNO_FIVE_KEYS } from '../../hw/profiles/uno-five-keys.js';
import { UNO_OUTER_RESISTORS } from '../../hw/profiles/uno-outer-resistors.js';
import { UNO_WIRING, UNO_WIRING_WITH_RESISTORS } from '../../simulator/board/uno-wiring.js';

function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ProfileError) return error.faults;
    throw error;
  }
  return [];
}

function file(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the profiles that come with the program', () => {
  it('are without fault', () => {
    expect(BUILT_IN_BOARD_PROFILES.map((profile) => parseBoardProfile(profile).name)).toEqual([
      'uno-five-keys',
      'uno-outer-resistors',
    ]);
  });

  it('are of the kind firmata, also where a file does not say so', () => {
    const { kind } = parseBoardProfile({ ...UNO_FIVE_KEYS });
    expect(kind).toBe('firmata');
    expect(faultsOf(() => parseBoardProfile({ ...UNO_FIVE_KEYS, kind: 'gpio' }))[0]).toMatch(/^kind: /);
  });

  it('differ in the pull-ups only, so that one harness fits both', () => {
    const [inner, outer] = [parseBoardProfile(UNO_FIVE_KEYS), parseBoardProfile(UNO_OUTER_RESISTORS)];
    expect(outer.keys).toEqual(inner.keys.map((key) => ({ ...key, pullUp: false })));
    expect(outer.lamps).toEqual(inner.lamps);
    expect(UNO_WIRING_WITH_RESISTORS).toEqual({ ...UNO_WIRING, outerPullUps: true });
  });

  it('wire the Uno as the virtual one is wired', () => {
    const profile = parseBoardProfile(UNO_FIVE_KEYS);
    expect(new Map(profile.keys.map((key) => [key.level, key.pin]))).toEqual(UNO_WIRING.keys);
    expect({ ...profile.lamps, idle: undefined }).toEqual({
      invited: [UNO_WIRING.lamps.invited],
      accepted: [UNO_WIRING.lamps.accepted],
      fault: [UNO_WIRING.lamps.fault],
      idle: undefined,
    });
  });
});

describe('a profile with faults', () => {
  it('is refused with all of them at once, each with path, reason and value', () => {
    const faults = faultsOf(() =>
      parseBoardProfile({
        ...UNO_FIVE_KEYS,
        name: 'No Name',
        debounceMs: 1,
        colour: 'red',
        keys: UNO_FIVE_KEYS.keys.map((key) => (key.level === 3 ? { ...key, level: 9 } : key)),
      }),
    );
    expect(faults).toHaveLength(5);
    expect(faults.find((fault) => fault.startsWith('name: '))).toContain('(got "No Name")');
    expect(faults.find((fault) => fault.startsWith('debounceMs: '))).toContain('(got 1)');
    expect(faults.find((fault) => fault.startsWith('keys.2.level: '))).toContain('(got 9)');
    expect(faults.find((fault) => fault.startsWith('keys: level 3 must have exactly one key'))).toBeDefined();
    expect(faults).toContain('colour: unknown key (got "red")');
  });

  it.each([
    [
      'a lamp for one level',
      { lamps: { ...UNO_FIVE_KEYS.lamps, accepted: { 5: [9], 1: [10] } } },
      /^lamps\.accepted: /,
    ],
    [
      'an accepted lamp that another signal lights',
      { lamps: { ...UNO_FIVE_KEYS.lamps, invited: [8, 9] } },
      /^lamps\.invited: lights the whole accepted lamp/,
    ],
    ['no accepted lamp', { lamps: { ...UNO_FIVE_KEYS.lamps, accepted: [] } }, /^lamps\.accepted: /],
    [
      'a lamp on the pin of a key',
      { lamps: { ...UNO_FIVE_KEYS.lamps, fault: [4] } },
      /^lamps\.fault\.0: this pin is a key \(got 4\)/,
    ],
    [
      'two keys on a pin',
      { keys: UNO_FIVE_KEYS.keys.map((key) => ({ ...key, pin: key.level === 2 ? 2 : key.pin })) },
      /^keys\.1\.pin: another key has this pin already \(got 2\)/,
    ],
    [
      'a level without a key',
      { keys: UNO_FIVE_KEYS.keys.filter((key) => key.level !== 3) },
      /^keys: level 3 must have exactly one key, it has 0/,
    ],
    [
      'a pull-up against its own level',
      { keys: UNO_FIVE_KEYS.keys.map((key) => ({ ...key, activeLevel: 'high' })) },
      /^keys\.0\.pullUp: /,
    ],
  ])('is refused for %s', (_, change, reason) => {
    const faults = faultsOf(() => parseBoardProfile({ ...UNO_FIVE_KEYS, ...change }));
    expect(faults.some((fault) => reason.test(fault))).toBe(true);
  });
});

it('is refused as such, whatever the value', () => {
  const piece = fc.oneof(
    fc.anything({ maxDepth: 2 }),
    fc.constant(UNO_FIVE_KEYS.keys),
    fc.constant(UNO_FIVE_KEYS.lamps),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('name', 'keys', 'lamps', 'transport', 'stuckMs'), piece), (change) => {
      expect(faultsOf(() => parseBoardProfile({ ...UNO_FIVE_KEYS, ...change }))).toBeInstanceOf(Array);
    }),
    { numRuns: 200 },
  );
});

describe('the name in a configuration', () => {
  it('finds a built-in profile', () => {
    expect(loadBoardProfile('uno-five-keys').lamps.accepted).toEqual([9]);
  });

  it.each([
    [
      'yaml',
      'name: mega\nkeys:\n' +
        UNO_FIVE_KEYS.keys.map((key) => `  - {level: ${key.level}, pin: ${key.pin + 20}}\n`).join('') +
        'lamps: {invited: [30], accepted: [31]}\n',
    ],
    ['json', JSON.stringify({ ...UNO_FIVE_KEYS, name: 'mega' })],
  ])('finds a %s file', (extension, text) => {
    expect(loadBoardProfile(file(`board.${extension}`, text))).toMatchObject({
      name: 'mega',
      armUpMs: 300,
      keys: [{ level: 1, activeLevel: 'low', pullUp: true }, {}, {}, {}, {}],
    });
  });

  it('is refused when there is no such profile, no such file, or the file is no YAML', () => {
    expect(faultsOf(() => loadBoardProfile('mega'))).toEqual([
      'profile: must be one of uno-five-keys, uno-outer-resistors, or the path of a .yaml or .json file (got "mega")',
    ]);
    expect(faultsOf(() => loadBoardProfile('/nowhere/x.yaml'))[0]).toMatch(
      /^\/nowhere\/x\.yaml: cannot be read \(got /,
    );
    expect(faultsOf(() => loadBoardProfile(file('broken.yaml', 'name: [1')))[0]).toMatch(/^line \d+: is no YAML/);
  });
});

describe('the address of a board', () => {
  it('is TCP or serial', () => {
    const defaults = { serialBaud: 57_600 };
    expect(parseBoardAddress('tcp://127.0.0.1:7411', defaults)).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 7411 });
    expect(parseBoardAddress('tcp://[::1]:7411', defaults)).toEqual({ kind: 'tcp', host: '::1', port: 7411 });
    expect(parseBoardAddress('serial:/dev/ttyACM0', defaults)).toEqual({
      kind: 'serial',
      path: '/dev/ttyACM0',
      baud: 57_600,
      flow: 'none',
    });
    expect(parseBoardAddress('serial:/dev/ttyUSB1?baud=115200', defaults)).toEqual({
      kind: 'serial',
      path: '/dev/ttyUSB1',
      baud: 115_200,
      flow: 'none',
    });
  });

  it.each(['', 'tcp://host', 'http://host:1', 'serial:', 'serial:/dev/x?baud=fast'])('is refused as %j', (text) => {
    expect(faultsOf(() => parseBoardAddress(text, { serialBaud: 57_600 }))[0]).toContain(
      `(got ${JSON.stringify(text)})`,
    );
  });
});
