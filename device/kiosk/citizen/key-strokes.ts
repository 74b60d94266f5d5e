/** The keyboard's events as fingers on the keys of a keypad: gives `keypad-gate.ts` its strokes and its time. */
import type { Level } from './kiosk-view.js';
import { dueMs, keyDown, keysLater, keyUp, QUIET_KEYPAD, type KeyStep, type StrokeKind } from './keypad-gate.js';

export interface KeyStrokesParts {
  /** What a key stands for; asked at each stroke, since the terminal may name other keys any time. */
  readonly levelOf: (event: KeyboardEvent) => Level | undefined;
  readonly down: (finger: string, level: Level) => void;
  readonly up: (finger: string, meant: boolean) => void;
}

export class KeyStrokes {
  readonly #parts: KeyStrokesParts;
  #keypad = QUIET_KEYPAD;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: KeyStrokesParts) {
    this.#parts = parts;
  }

  /** @returns whether the stroke is a finger's on the keypad, a reader's, or any other. */
  down(event: KeyboardEvent): 'finger' | 'reader' | 'other' {
    const level = this.#parts.levelOf(event);
    const kind: StrokeKind = kindOf(event, level);
    const step = keyDown(this.#keypad, { code: event.code, kind, level }, event.timeStamp);
    this.#take(step);
    if (step.readers) return 'reader';
    return level === undefined ? 'other' : 'finger';
  }

  up(event: KeyboardEvent): void {
    this.#take(keyUp(this.#keypad, event.code, event.timeStamp));
  }

  /** Nobody hears any more what becomes of the keys. */
  forget(): void {
    clearTimeout(this.#timer);
    for (const { code, said, stuck } of this.#keypad.held) if (said && !stuck) this.#parts.up(finger(code), false);
    this.#keypad = QUIET_KEYPAD;
  }

  #take({ keypad, moves }: KeyStep): void {
    this.#keypad = keypad;
    clearTimeout(this.#timer);
    const due = dueMs(keypad);
    if (due !== null)
      this.#timer = setTimeout(
        () => this.#take(keysLater(this.#keypad, Math.max(due, performance.now()))),
        Math.max(0, due - performance.now()),
      );
    for (const move of moves) {
      if (move.type === 'down') this.#parts.down(finger(move.code), move.level);
      else this.#parts.up(finger(move.code), move.meant);
    }
  }
}

function finger(code: string): string {
  return `key ${code}`;
}

function kindOf({ key }: KeyboardEvent, level: Level | undefined): StrokeKind {
  if (level !== undefined || [...key].length === 1) return 'text';
  return key === 'Enter' || key === 'Tab' ? 'end' : 'other';
}
