/** What a hand at the bench can do to keys and lamps, whatever they are on: a virtual board, a virtual keypad. */
import type { Level } from '../../protocol/index.js';

export const LAMP_NAMES = ['invited', 'accepted', 'fault'] as const;
export type LampName = (typeof LAMP_NAMES)[number];
export type LampListener = (lamp: LampName, lit: boolean) => void;

export interface BenchKeys {
  /** Moves a key down and leaves it there. */
  press(level: Level): void;
  release(level: Level): void;
  lamps(): Readonly<Record<LampName, boolean>>;
  /** Hears every change of a lamp. @returns how to stop hearing. */
  onLamp(listener: LampListener): () => void;
  readonly hasClient: boolean;
  readonly stalled: boolean;
  /** How many keys are held, and not which. */
  readonly heldKeys: number;
  /** Between two presses the finger rests for so long, ms; closer together they could make a chord, or one. */
  readonly restMs: number;
  /** Cuts the cable; the device keeps its power. */
  dropClient(): void;
  /** A device that hangs: the connection stays open, nothing is read and nothing said. */
  stall(on: boolean): void;
  /** These bytes reach the terminal as they are. */
  garbage(bytes: Uint8Array): void;
  /** A dip of its power, with the connection left open. */
  reset(): void;
}
