/** The profiles that come with the program, and how a configuration names one. */
import { parseBoardProfile, readBoardProfile, ProfileError, type BoardProfile } from './board-profile.js';
import { UNO_FIVE_KEYS } from './uno-five-keys.js';

export const BUILT_IN_BOARD_PROFILES: readonly unknown[] = [UNO_FIVE_KEYS];

/**
 * The profile that a configuration names: the name of one that comes with the program, or the path of a
 * YAML or JSON file (it has a slash, or ends in .yaml, .yml or .json).
 * @throws ProfileError with every fault.
 */
export function loadBoardProfile(nameOrFile: string): BoardProfile {
  if (/[/\\]|\.(ya?ml|json)$/.test(nameOrFile)) return readBoardProfile(nameOrFile);
  const profiles = BUILT_IN_BOARD_PROFILES.map(parseBoardProfile);
  const found = profiles.find((profile) => profile.name === nameOrFile);
  if (found) return found;
  const known = profiles.map((profile) => profile.name).join(', ');
  throw new ProfileError([
    `profile: must be one of ${known}, or the path of a .yaml or .json file (got ${JSON.stringify(nameOrFile)})`,
  ]);
}
