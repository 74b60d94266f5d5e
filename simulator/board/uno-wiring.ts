/** How the virtual counter is wired to its Uno. A test holds it equal to the board profile of the terminal. */
import type { Level } from '../../protocol/index.js';
import type { LampName } from '../bench/bench-keys.js';

export interface BoardWiring {
  /** Level → pin; a pressed key joins its pin to ground. */
  readonly keys: ReadonlyMap<Level, number>;
  readonly lamps: Readonly<Record<LampName, number>>;
  /** Each key pin has a resistor of its own to the supply, so that it reads high without the board's pull-up. */
  readonly outerPullUps: boolean;
}

export const UNO_WIRING: BoardWiring = {
  keys: new Map<Level, number>([
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
    [5, 6],
  ]),
  lamps: { invited: 8, accepted: 9, fault: 10 },
  outerPullUps: false,
};

/** The same with resistors: right for a terminal with either profile, `uno-five-keys` or `uno-outer-resistors`. */
export const UNO_WIRING_WITH_RESISTORS: BoardWiring = { ...UNO_WIRING, outerPullUps: true };
