/** The serial keypads that come with the program, and how a configuration names one. */
import { loadProfile } from './profile-document.js';
import { SERIAL_KEYPAD_ASCII } from './serial-keypad-ascii.js';
import { SERIAL_KEYPAD_EVENTS } from './serial-keypad-events.js';
import { SERIAL_KEYPAD_FRAMED } from './serial-keypad-framed.js';
import { serialKeypadProfileSchema, type SerialKeypadProfile } from './serial-keypad-profile.js';

export const BUILT_IN_SERIAL_KEYPAD_PROFILES: readonly unknown[] = [
  SERIAL_KEYPAD_ASCII,
  SERIAL_KEYPAD_FRAMED,
  SERIAL_KEYPAD_EVENTS,
];

/**
 * The serial keypad that a configuration names: a name of the list above, or the path of a YAML or JSON file.
 * @throws ProfileError with every fault.
 */
export function loadSerialKeypadProfile(nameOrFile: string): SerialKeypadProfile {
  return loadProfile(serialKeypadProfileSchema, BUILT_IN_SERIAL_KEYPAD_PROFILES, nameOrFile, 'serial keypad');
}
