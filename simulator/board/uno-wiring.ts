/** How the virtual counter is wired to its Uno. A test holds it equal to the board profile of the terminal. */
import type { Level } from '../../protocol/index.js';

export type LampName = 'invited' | 'accepted' | 'fault';

export interface BoardWiring {
  /** Level → pin; a pressed key joins its pin to ground. */
  readonly keys: ReadonlyMap<Level, number>;
  readonly lamps: Readonly<Record<LampName, number>>;
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
};
