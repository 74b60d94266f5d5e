/** The profiles that come with the program, and how a configuration names one. */
import { boardProfileSchema, type BoardProfile } from './board-profile.js';
import { loadProfile } from './profile-document.js';
import { UNO_FIVE_KEYS } from './uno-five-keys.js';
import { UNO_OUTER_RESISTORS } from './uno-outer-resistors.js';

export const BUILT_IN_BOARD_PROFILES: readonly unknown[] = [UNO_FIVE_KEYS, UNO_OUTER_RESISTORS];

/**
 * The board profile that a configuration names: a name of the list above, or the path of a YAML or JSON file.
 * @throws ProfileError with every fault.
 */
export function loadBoardProfile(nameOrFile: string): BoardProfile {
  return loadProfile(boardProfileSchema, BUILT_IN_BOARD_PROFILES, nameOrFile, 'board');
}
