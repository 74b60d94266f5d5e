/**
 * Which strokes on a keyboard are fingers on the keys of a keypad, and which are a badge reader or a scanner that types
 * into this screen. A reader types a burst of strokes, each within some milliseconds of the one before, and Enter at the
 * end; a finger makes one stroke and rests for a moment. So a stroke counts when it has been alone for `CLEAR_MS`:
 * a hand takes as long to lift its finger, and waits for nothing. Contacts that bounce are one stroke; a key that is
 * never lifted is taken for stuck and forgotten, so that the others work on. Pure: the time comes in.
 */
import type { Level } from './kiosk-view.js';

/** Readers type every 1–30 ms, some up to 50; fingers rest on a key for 60 ms and more. */
export const CLEAR_MS = 60;
/** The next stroke of the same reader, stretched by a busy computer, comes within this. */
export const WORD_GAP_MS = 400;
/** A contact that opens for less than this has bounced. */
export const BOUNCE_MS = 30;
/** Nobody's finger rests for so long. */
export const STUCK_MS = 30_000;

/** `text`: a sign; `end`: what a reader puts last; `other`: arrows and the like, which no reader types. */
export type StrokeKind = 'text' | 'end' | 'other';

export interface Stroke {
  /** `KeyboardEvent.code`: the key itself, whatever it types. */
  readonly code: string;
  readonly kind: StrokeKind;
  /** Of the keypad; `undefined` for every other key. */
  readonly level: Level | undefined;
}

interface HeldKey {
  readonly code: string;
  readonly level: Level;
  readonly downMs: number;
  /** It is known to be a finger from here on, if nothing else is typed. */
  readonly clearMs: number;
  readonly upMs: number | null;
  /** The press gate knows of it. */
  readonly said: boolean;
  readonly stuck: boolean;
}

export interface Keypad {
  readonly held: readonly HeldKey[];
  readonly last: { readonly kind: StrokeKind; readonly atMs: number };
  /** Lifted just now: what follows at once is its bounce. */
  readonly lifted: { readonly code: string; readonly atMs: number } | null;
  /** A reader is typing; nothing of it is a press. */
  readonly burst: boolean;
}

/** What a finger on a key did, for the press gate. `meant` is false when it was no finger after all. */
export type KeyMove =
  | { readonly type: 'down'; readonly code: string; readonly level: Level }
  | { readonly type: 'up'; readonly code: string; readonly meant: boolean };

export interface KeyStep {
  readonly keypad: Keypad;
  readonly moves: readonly KeyMove[];
  /** The stroke is a reader's: it must press no button that has the focus. */
  readonly readers: boolean;
}

export const QUIET_KEYPAD: Keypad = {
  held: [],
  last: { kind: 'other', atMs: Number.NEGATIVE_INFINITY },
  lifted: null,
  burst: false,
};

export function keyDown(keypad: Keypad, { code, kind, level }: Stroke, atMs: number): KeyStep {
  if (kind === 'other') return { keypad, moves: [], readers: false };
  const gapMs = atMs - keypad.last.atMs;
  const last = { kind, atMs };
  if (keypad.burst && gapMs < WORD_GAP_MS)
    return { keypad: { ...keypad, last, burst: kind !== 'end' }, moves: [], readers: true };
  if (keypad.lifted?.code === code && atMs - keypad.lifted.atMs < BOUNCE_MS)
    return { keypad: { ...keypad, lifted: { code, atMs } }, moves: [], readers: false };

  const own = keypad.held.find((key) => key.code === code);
  if (own?.upMs != null && atMs - own.upMs < BOUNCE_MS) {
    const bounced = { ...own, upMs: null, clearMs: atMs + CLEAR_MS };
    return { keypad: { ...keypad, last, held: put(keypad.held, bounced) }, moves: [], readers: false };
  }
  // Down again without having been seen up: it was let go where this screen did not hear it.
  const forgotten = own !== undefined && own.upMs === null ? own : undefined;
  const held = keypad.held.filter((key) => key !== forgotten);
  const moves: KeyMove[] = forgotten === undefined || forgotten.stuck ? [] : [{ type: 'up', code, meant: false }];

  const quick = gapMs < CLEAR_MS && keypad.last.kind === 'text';
  const waiting = held.filter((key) => isWaiting(key, atMs));
  const [first] = waiting;
  const pair = waiting.length === 1 && first?.upMs === null && level !== undefined;
  if (quick && !pair) {
    const cancelled = waiting.filter(({ said }) => said);
    return {
      keypad: { held: held.filter((key) => !waiting.includes(key)), last, lifted: null, burst: kind !== 'end' },
      moves: [...moves, ...cancelled.map((key) => ({ type: 'up', code: key.code, meant: false }) as const)],
      readers: true,
    };
  }
  const rest = { ...keypad, last, lifted: null, burst: false };
  if (level === undefined) return { keypad: { ...rest, held }, moves, readers: false };
  // Two at once may be two fingers or the beginning of a burst; the first is told, the second waits for its proof.
  const key = { code, level, downMs: atMs, clearMs: atMs + CLEAR_MS, upMs: null, said: !quick, stuck: false };
  const told: readonly KeyMove[] = quick ? [] : [{ type: 'down', code, level }];
  return { keypad: { ...rest, held: [...held, key] }, moves: [...moves, ...told], readers: false };
}

export function keyUp(keypad: Keypad, code: string, atMs: number): KeyStep {
  const own = keypad.held.find((key) => key.code === code);
  if (own === undefined) {
    const bounced = keypad.lifted?.code === code ? { ...keypad, lifted: { code, atMs } } : keypad;
    return { keypad: bounced, moves: [], readers: false };
  }
  if (own.stuck) return { keypad: { ...keypad, held: without(keypad.held, own) }, moves: [], readers: false };
  const lifted = { ...keypad, held: put(keypad.held, { ...own, upMs: atMs }) };
  return keysLater(lifted, atMs);
}

/** What has become clear by now. */
export function keysLater(keypad: Keypad, atMs: number): KeyStep {
  const moves: KeyMove[] = [];
  const said = keypad.held.map((key) => {
    if (key.said || atMs < key.clearMs) return key;
    moves.push({ type: 'down', code: key.code, level: key.level });
    return { ...key, said: true };
  });
  const doubtful = said.some((key) => !key.said);
  const held: HeldKey[] = [];
  let { lifted } = keypad;
  for (const key of said) {
    if (key.upMs !== null && !doubtful && atMs >= key.clearMs) {
      moves.push({ type: 'up', code: key.code, meant: true });
      lifted = { code: key.code, atMs: key.upMs };
    } else if (key.upMs === null && !key.stuck && atMs - key.downMs >= STUCK_MS) {
      moves.push({ type: 'up', code: key.code, meant: false });
      held.push({ ...key, stuck: true });
    } else held.push(key);
  }
  return { keypad: { ...keypad, held, lifted }, moves, readers: false };
}

/** When `keysLater` has something to say; `null`: not before another stroke. */
export function dueMs({ held }: Keypad): number | null {
  const provenMs = Math.max(...held.map((key) => (key.said ? Number.NEGATIVE_INFINITY : key.clearMs)));
  const dues = held.flatMap((key) => {
    if (!key.said) return [key.clearMs];
    // One of two at once: what it is comes out with the other.
    if (key.upMs !== null) return [Math.max(key.clearMs, provenMs)];
    return key.stuck ? [] : [key.downMs + STUCK_MS];
  });
  return dues.length === 0 ? null : Math.min(...dues);
}

/** Not known yet to be a finger. */
function isWaiting(key: HeldKey, atMs: number): boolean {
  return !key.stuck && (!key.said || key.upMs !== null || atMs < key.clearMs);
}

function put(held: readonly HeldKey[], changed: HeldKey): readonly HeldKey[] {
  return held.map((key) => (key.code === changed.code ? changed : key));
}

function without(held: readonly HeldKey[], gone: HeldKey): readonly HeldKey[] {
  return held.filter((key) => key !== gone);
}
