/** Everything that a driver of keys told, in its order. */
import type { CounterBoardEvents, KeyLevel, LinkState } from '../../hw/ports/counter-board.js';

export { fingerRests, until } from './until.js';

export type Told =
  | { kind: 'press'; level: KeyLevel; atMonoMs: number }
  | { kind: 'chord' }
  | { kind: 'stuck' | 'freed'; level: KeyLevel }
  | { kind: 'link'; state: LinkState; reason: string };

export class Witness {
  readonly told: Told[] = [];
  readonly events: CounterBoardEvents = {
    press: (level, atMonoMs) => void this.told.push({ kind: 'press', level, atMonoMs }),
    chord: () => void this.told.push({ kind: 'chord' }),
    stuck: (level) => void this.told.push({ kind: 'stuck', level }),
    freed: (level) => void this.told.push({ kind: 'freed', level }),
    link: (state, reason) => void this.told.push({ kind: 'link', state, reason }),
  };

  get presses(): KeyLevel[] {
    return this.told.flatMap((entry) => (entry.kind === 'press' ? [entry.level] : []));
  }

  get links(): LinkState[] {
    return this.told.flatMap((entry) => (entry.kind === 'link' ? [entry.state] : []));
  }

  total(kind: Told['kind']): number {
    return this.told.filter((entry) => entry.kind === kind).length;
  }
}
