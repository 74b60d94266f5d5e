/**
 * From key edges to presses: chords, stuck keys and arming, as a pure machine with time as an input.
 *
 * - Armed once every key has read up for `armUpMs` after `began`; a stuck key does not hold the others back.
 * - A press stands `chordWindowMs` after the key went down with no other key down, even if it was released already.
 *   Where the driver tells contacts as well, ahead of its debouncing, the window begins when the contact closed: it
 *   passes while the contact is debounced, and a second contact that closed in it is waited for, `CONTACT_WAIT_MS` at
 *   most, until it is a key that is down or is at rest again.
 * - A second key while one is down, or within the window of one, makes a chord: one effect until all are up.
 * - A key down for `stuckMs` is stuck: told once, then ignored until it has been up for `armUpMs`.
 * - A key that goes down within `debounceMs` of its own release bounces: still the same press.
 */
import type { KeyLevel } from '../ports/counter-board.js';

export interface ScannerSettings {
  readonly debounceMs: number;
  readonly chordWindowMs: number;
  readonly stuckMs: number;
  readonly armUpMs: number;
}

export type ScannerInput =
  /** The keys can be read from now on; `down` are those that read down. Disarms until all have been up. */
  | { readonly kind: 'began'; readonly nowMs: number; readonly down: readonly KeyLevel[] }
  /** The keys cannot be read any more. */
  | { readonly kind: 'lost'; readonly nowMs: number }
  /** `seenMs`: when the contact moved, before debouncing. It is handed through to the press. */
  | {
      readonly kind: 'edge';
      readonly nowMs: number;
      readonly key: KeyLevel;
      readonly down: boolean;
      readonly seenMs: number;
    }
  /** A contact was seen to close or open; whether it means anything, an `edge` tells later. */
  | { readonly kind: 'contact'; readonly nowMs: number; readonly key: KeyLevel; readonly closed: boolean }
  | { readonly kind: 'time'; readonly nowMs: number };

export type ScannerEffect =
  | { readonly kind: 'armed' }
  | { readonly kind: 'press'; readonly key: KeyLevel; readonly seenMs: number }
  | { readonly kind: 'chord' }
  | { readonly kind: 'stuck'; readonly key: KeyLevel }
  | { readonly kind: 'freed'; readonly key: KeyLevel };

interface KeyState {
  readonly down: boolean;
  /** When it came to be down or up. */
  readonly sinceMs: number;
  readonly stuck: boolean;
}

/** A contact that moves, ahead of debouncing. */
interface ContactState {
  readonly closed: boolean;
  /** When it closed for the first time since it was last at rest. */
  readonly firstMs: number;
  /** When it last closed or opened. */
  readonly lastMs: number;
}

export interface ScannerState {
  readonly settings: ScannerSettings;
  readonly nowMs: number;
  readonly reading: boolean;
  readonly armed: boolean;
  readonly keys: ReadonlyMap<KeyLevel, KeyState>;
  readonly contacts: ReadonlyMap<KeyLevel, ContactState>;
  /** A key that went down and whose window, which began at `fromMs`, is still open. */
  readonly candidate:
    { readonly key: KeyLevel; readonly downMs: number; readonly fromMs: number; readonly seenMs: number } | undefined;
  readonly chord: boolean;
}

export interface ScannerStep {
  readonly state: ScannerState;
  readonly effects: readonly ScannerEffect[];
  /** When to come again with `time` if no edge comes before; undefined: nothing is awaited. */
  readonly nextDeadlineMs: number | undefined;
}

/** A contact that comes to no rest holds another key's press up for no longer. */
export const CONTACT_WAIT_MS = 60;

const ALL_LEVELS: readonly KeyLevel[] = [1, 2, 3, 4, 5];

const NOTHING_UNDER_WAY = { contacts: new Map<KeyLevel, ContactState>(), candidate: undefined, chord: false } as const;

export function initialScannerState(settings: ScannerSettings): ScannerState {
  const keys = new Map<KeyLevel, KeyState>(
    ALL_LEVELS.map((level) => [level, { down: false, sinceMs: -Infinity, stuck: false }]),
  );
  return { settings, nowMs: -Infinity, reading: false, armed: false, keys, ...NOTHING_UNDER_WAY };
}

export function transition(state: ScannerState, input: ScannerInput): ScannerStep {
  const effects: ScannerEffect[] = [];
  // A clock that steps back must not undo what has been decided.
  const nowMs = Math.max(state.nowMs, input.nowMs);
  // What was due before this input happened before it, however late the timer came.
  let next = elapse(state, nowMs, effects);
  if (input.kind === 'began') next = begin(next, nowMs, input.down);
  if (input.kind === 'lost') next = { ...next, reading: false, armed: false, ...NOTHING_UNDER_WAY };
  if (input.kind === 'contact' && next.reading) next = move(next, input.key, input.closed);
  if (input.kind === 'edge' && next.reading && next.keys.get(input.key)?.down !== input.down) {
    next = input.down ? goDown(next, input.key, input.seenMs, effects) : goUp(next, input.key);
  }
  return { state: next, effects, nextDeadlineMs: earliest(next)?.atMs };
}

/** A stuck key stays known as stuck across a lost link: it was told once and is freed once. */
function begin(state: ScannerState, nowMs: number, down: readonly KeyLevel[]): ScannerState {
  const keys = new Map<KeyLevel, KeyState>();
  for (const [key, { stuck }] of state.keys) keys.set(key, { down: down.includes(key), sinceMs: nowMs, stuck });
  return { ...state, reading: true, armed: false, keys, ...NOTHING_UNDER_WAY };
}

function move(state: ScannerState, key: KeyLevel, closed: boolean): ScannerState {
  const before = state.contacts.get(key);
  if ((before?.closed ?? false) === closed) return state;
  const atRest = before === undefined || (!before.closed && state.nowMs - before.lastMs >= state.settings.debounceMs);
  const contact = { closed, firstMs: atRest ? state.nowMs : before.firstMs, lastMs: state.nowMs };
  return { ...state, contacts: new Map(state.contacts).set(key, contact) };
}

function goDown(state: ScannerState, key: KeyLevel, seenMs: number, effects: ScannerEffect[]): ScannerState {
  const before = state.keys.get(key);
  const next = withKey(state, key, { down: true, sinceMs: state.nowMs, stuck: before?.stuck ?? false });
  if (!state.armed || before === undefined || before.stuck) return next;
  const others = ALL_LEVELS.some((other) => other !== key && counts(state, other));
  if (others || (state.candidate !== undefined && state.candidate.key !== key)) {
    if (!state.chord) effects.push({ kind: 'chord' });
    return { ...next, candidate: undefined, chord: true };
  }
  const bounced = state.nowMs - before.sinceMs < state.settings.debounceMs;
  if (state.candidate !== undefined || bounced) return next;
  const contact = state.contacts.get(key);
  const fromMs = contact?.closed === true ? contact.lastMs : state.nowMs;
  return { ...next, candidate: { key, downMs: state.nowMs, fromMs, seenMs } };
}

function goUp(state: ScannerState, key: KeyLevel): ScannerState {
  const stuck = state.keys.get(key)?.stuck ?? false;
  return closeChord(withKey(state, key, { down: false, sinceMs: state.nowMs, stuck }));
}

type Due =
  | { readonly kind: 'press'; readonly atMs: number }
  | { readonly kind: 'armed'; readonly atMs: number }
  | { readonly kind: 'stuck' | 'freed'; readonly key: KeyLevel; readonly atMs: number };

/** Carries out, in the order of time, everything that is due by `nowMs`. */
function elapse(state: ScannerState, nowMs: number, effects: ScannerEffect[]): ScannerState {
  let at = state;
  for (let due = earliest(at); due !== undefined && due.atMs <= nowMs; due = earliest(at)) {
    at = fire({ ...at, nowMs: Math.max(at.nowMs, due.atMs) }, due, effects);
  }
  return { ...at, nowMs };
}

function fire(state: ScannerState, due: Due, effects: ScannerEffect[]): ScannerState {
  if (due.kind === 'armed') {
    effects.push({ kind: 'armed' });
    return { ...state, armed: true };
  }
  if (due.kind === 'press') {
    if (state.candidate) effects.push({ kind: 'press', key: state.candidate.key, seenMs: state.candidate.seenMs });
    return { ...state, candidate: undefined };
  }
  effects.push({ kind: due.kind, key: due.key });
  const key = state.keys.get(due.key);
  if (key === undefined) return state;
  const stuck = due.kind === 'stuck';
  const candidate = state.candidate?.key === due.key ? undefined : state.candidate;
  return closeChord(withKey({ ...state, candidate }, due.key, { ...key, stuck }));
}

function earliest(state: ScannerState): Due | undefined {
  if (!state.reading) return undefined;
  const { stuckMs, armUpMs } = state.settings;
  const dues: Due[] = [];
  if (state.candidate) dues.push({ kind: 'press', atMs: pressDueMs(state, state.candidate) });
  for (const [key, { down, sinceMs, stuck }] of state.keys) {
    if (down && !stuck) dues.push({ kind: 'stuck', key, atMs: sinceMs + stuckMs });
    if (!down && stuck) dues.push({ kind: 'freed', key, atMs: sinceMs + armUpMs });
  }
  const held = ALL_LEVELS.some((key) => counts(state, key));
  if (!state.armed && !held) {
    const quiet = [...state.keys.values()].filter((key) => !key.stuck).map((key) => key.sinceMs);
    dues.push({ kind: 'armed', atMs: Math.max(...quiet) + armUpMs });
  }
  return dues.reduce<Due | undefined>(
    (best, due) => (best === undefined || due.atMs < best.atMs ? due : best),
    undefined,
  );
}

function pressDueMs(state: ScannerState, candidate: NonNullable<ScannerState['candidate']>): number {
  const { chordWindowMs, debounceMs } = state.settings;
  const windowEndMs = candidate.fromMs + chordWindowMs;
  const dueMs = Math.max(candidate.downMs, windowEndMs);
  const mostMs = dueMs + CONTACT_WAIT_MS;
  const rests = [...state.contacts]
    .filter(
      ([key, { firstMs }]) => key !== candidate.key && firstMs <= windowEndMs && state.keys.get(key)?.down === false,
    )
    .map(([, { closed, lastMs }]) => (closed ? mostMs : lastMs + debounceMs));
  return Math.min(mostMs, Math.max(dueMs, ...rests));
}

/** Whether the key is down and to be heeded. */
function counts(state: ScannerState, key: KeyLevel): boolean {
  const known = state.keys.get(key);
  return known !== undefined && known.down && !known.stuck;
}

function closeChord(state: ScannerState): ScannerState {
  return state.chord && !ALL_LEVELS.some((key) => counts(state, key)) ? { ...state, chord: false } : state;
}

function withKey(state: ScannerState, key: KeyLevel, to: KeyState): ScannerState {
  return { ...state, keys: new Map(state.keys).set(key, to) };
}
