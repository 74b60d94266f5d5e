/**
 * When fingers on the five targets, or on the digits of a keypad, mean a press: when the finger is lifted, or has
 * rested for a while. Two on different levels at once mean none, until all are lifted.
 */
import type { Level } from './kiosk-view.js';

interface Held {
  /** A pointer or a key. */
  readonly finger: string;
  readonly level: Level;
  /** It has had its effect. */
  readonly spent: boolean;
}

export interface PressGate {
  readonly held: readonly Held[];
  readonly chord: boolean;
}

export interface GateStep {
  readonly gate: PressGate;
  readonly press?: Level;
  readonly chord?: true;
}

export const OPEN_GATE: PressGate = { held: [], chord: false };

export function fingerDown({ held, chord }: PressGate, finger: string, level: Level): GateStep {
  if (held.some((other) => other.finger === finger)) return { gate: { held, chord } };
  const same = held.some((other) => other.level === level);
  const together = held.length > 0 && !same;
  const gate = { held: [...held, { finger, level, spent: same }], chord: chord || together };
  return together && !chord ? { gate, chord: true } : { gate };
}

/** `rested`: it is still down, and has been for long enough. */
export function fingerRested(gate: PressGate, finger: string): GateStep {
  return spend(gate, finger, true);
}

/** `meant` is false when it slid off before. */
export function fingerUp(gate: PressGate, finger: string, meant: boolean): GateStep {
  const step = spend(gate, finger, meant);
  const held = gate.held.filter((other) => other.finger !== finger);
  return { ...step, gate: { held, chord: gate.chord && held.length > 0 } };
}

function spend(gate: PressGate, finger: string, meant: boolean): GateStep {
  const own = gate.held.find((other) => other.finger === finger);
  if (own === undefined || own.spent || gate.chord || !meant) return { gate };
  const held = gate.held.map((other) => (other.finger === finger ? { ...other, spent: true } : other));
  return { gate: { ...gate, held }, press: own.level };
}
