/**
 * The same counter on a board without pull-ups of its own, or with a firmware older than Firmata 2.5, which cannot
 * switch them on: each key pin has 10 kΩ to the 5 V of the board beside it. Keys still join to ground, not to the
 * supply: the harness to the front panel is the same for both profiles, a lead that is cut reads as a key that is up,
 * and one that chafes through to the housing is a stuck key and not a short circuit of the supply.
 */
import type { BoardProfileInput } from './board-profile.js';
import { UNO_FIVE_KEYS } from './uno-five-keys.js';

export const UNO_OUTER_RESISTORS = {
  ...UNO_FIVE_KEYS,
  name: 'uno-outer-resistors',
  description: 'Arduino Uno, Firmata 2.3 or later, five keys to ground with 10 kOhm to 5 V each, three lamps',
  keys: UNO_FIVE_KEYS.keys.map((key) => ({ ...key, pullUp: false })),
} as const satisfies BoardProfileInput;
