import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileError } from '../../hw/profiles/profile-document.js';
import {
  BUILT_IN_USB_KEYPAD_PROFILES,
  loadUsbKeypadProfile,
  parseUsbKeypadProfile,
} from '../../hw/profiles/usb-keypad-profile.js';

const KEYS = { F1: 1, F2: 2, F3: 3, F4: 4, F5: 5 };
const PROFILE = { kind: 'usb-keypad', name: 'my-keys', keys: KEYS };

function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ProfileError) return error.faults;
    throw error;
  }
  return [];
}

describe('the USB keypads that come with the program', () => {
  it('are without fault, and give every level a key', () => {
    for (const value of BUILT_IN_USB_KEYPAD_PROFILES) {
      const profile = parseUsbKeypadProfile(value);
      expect(new Set(Object.values(profile.keys))).toEqual(new Set([1, 2, 3, 4, 5]));
      expect(profile.device).toBe('/dev/pjq-keypad');
      expect(loadUsbKeypadProfile(profile.name)).toEqual(profile);
    }
    expect(loadUsbKeypadProfile('usb-keypad-digits').keys).toMatchObject({ Digit5: 5, Numpad5: 5, Numpad1: 1 });
    expect(loadUsbKeypadProfile('usb-keypad-letters').keys).toEqual({ KeyA: 5, KeyB: 4, KeyC: 3, KeyD: 2, KeyE: 1 });
  });
});

describe('a USB keypad profile with faults', () => {
  it('is refused with all of them at once', () => {
    expect(
      faultsOf(() =>
        parseUsbKeypadProfile({
          kind: 'usb-keypad',
          name: 'My Keys',
          device: '/dev/input/event*',
          keys: { KeyA: 6, a: 4, KeyC: 3, KeyD: 2, KeyE: 1 },
          colour: 'red',
        }),
      ).map((fault) => fault.slice(0, fault.indexOf(':'))),
    ).toEqual(expect.arrayContaining(['name', 'device', 'keys.KeyA', 'keys.a', 'keys', 'colour']));
  });

  it.each([
    ['no code', { ...PROFILE, keys: { ...KEYS, '5': 5 } }, /^keys\.5: is no code of a keyboard key \(got 5\)/],
    ['a level without a key', { ...PROFILE, keys: { ...KEYS, F3: 4 } }, /^keys: level 3 must have a key or more/],
    ['a level that is none', { ...PROFILE, keys: { ...KEYS, F6: 0 } }, /^keys\.F6: .*\(got 0\)/],
    ['a device that is no path', { ...PROFILE, device: 'pjq-keypad' }, /^device: must be an absolute path/],
    ['another kind', { ...PROFILE, kind: 'firmata' }, /^kind: /],
  ])('is refused for %s', (_, profile, reason) => {
    expect(faultsOf(() => parseUsbKeypadProfile(profile)).filter((fault) => reason.test(fault))).toHaveLength(1);
  });

  it('is refused as such, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('name', 'keys', 'device', 'kind'), fc.anything({ maxDepth: 2 })),
        (change) => {
          expect(faultsOf(() => parseUsbKeypadProfile({ ...PROFILE, ...change }))).toBeInstanceOf(Array);
        },
      ),
      { numRuns: 200 },
    );
  });
});
