/**
 * A keypad that the computer takes for a USB keyboard, as data: which key of a keyboard is which level. Its keys come
 * to the terminal through the citizen's page; it has no lamps.
 *
 * Keys are named by `KeyboardEvent.code`, the place of a key and not its letter, so that the layout of the computer's
 * keyboard does not matter (W3C, UI Events KeyboardEvent code Values).
 */
import { z } from 'zod';
import { loadProfile, parseProfile } from './profile-document.js';

const KEY_LEVELS = [1, 2, 3, 4, 5] as const;

/** A code that a page can hear: writing keys, the number pad and function keys. */
const CODE =
  /^(Digit[0-9]|Key[A-Z]|Numpad([0-9]|Add|Subtract|Multiply|Divide|Decimal|Comma|Enter|Equal)|F([1-9]|1[0-9]|2[0-4])|Enter|Space|Tab|Escape|Backspace|Insert|Delete|Home|End|PageUp|PageDown|Arrow(Up|Down|Left|Right)|Minus|Equal|Bracket(Left|Right)|Backslash|IntlBackslash|Semicolon|Quote|Backquote|Comma|Period|Slash)$/;

export const usbKeypadProfileSchema = z
  .strictObject({
    kind: z.literal('usb-keypad'),
    name: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be words of a-z and 0-9 joined by hyphens')
      .max(64),
    description: z.string().max(200).default(''),
    keys: z
      .record(
        z.string(),
        z
          .int()
          .min(1)
          .max(5)
          .transform((level) => level as (typeof KEY_LEVELS)[number]),
      )
      .describe('level of each KeyboardEvent.code, 5 is the best'),
    device: z
      .string()
      .regex(/^\/([^*?[\]{}\s/][^*?[\]{}\s]*)$/, 'must be an absolute path without wildcards')
      .max(200)
      .default('/dev/pjq-keypad')
      .describe('the device file that is there while the keypad is plugged in; a udev rule makes it'),
  })
  .superRefine(({ keys }, context) => {
    const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const code of Object.keys(keys)) if (!CODE.test(code)) fault(['keys', code], 'is no code of a keyboard key');
    for (const level of KEY_LEVELS)
      if (!Object.values(keys).includes(level)) fault(['keys'], `level ${level} must have a key or more, it has none`);
  });

export type UsbKeypadProfile = z.infer<typeof usbKeypadProfileSchema>;
/** A profile as a person writes it: what has a default may be left out. */
export type UsbKeypadProfileInput = z.input<typeof usbKeypadProfileSchema>;

/** @throws ProfileError with every fault of the value. */
export function parseUsbKeypadProfile(value: unknown): UsbKeypadProfile {
  return parseProfile(usbKeypadProfileSchema, value, 'USB keypad');
}

/** A number pad, or five keys that type the digits 1 to 5. */
const USB_KEYPAD_DIGITS = {
  kind: 'usb-keypad',
  name: 'usb-keypad-digits',
  description: 'USB keypad that types 1 to 5, in the row of digits or on the number pad',
  keys: {
    Digit1: 1,
    Digit2: 2,
    Digit3: 3,
    Digit4: 4,
    Digit5: 5,
    Numpad1: 1,
    Numpad2: 2,
    Numpad3: 3,
    Numpad4: 4,
    Numpad5: 5,
  },
} as const satisfies UsbKeypadProfileInput;

/** Five keys that type letters, the best first. */
const USB_KEYPAD_LETTERS = {
  kind: 'usb-keypad',
  name: 'usb-keypad-letters',
  description: 'USB keypad that types A (very satisfied) to E (very dissatisfied)',
  keys: { KeyA: 5, KeyB: 4, KeyC: 3, KeyD: 2, KeyE: 1 },
} as const satisfies UsbKeypadProfileInput;

export const BUILT_IN_USB_KEYPAD_PROFILES: readonly unknown[] = [USB_KEYPAD_DIGITS, USB_KEYPAD_LETTERS];

/**
 * The USB keypad that a configuration names: a name of the list above, or the path of a YAML or JSON file.
 * @throws ProfileError with every fault.
 */
export function loadUsbKeypadProfile(nameOrFile: string): UsbKeypadProfile {
  return loadProfile(usbKeypadProfileSchema, BUILT_IN_USB_KEYPAD_PROFILES, nameOrFile, 'USB keypad');
}
