/** What the terminal says that this screen shows (`GET /v1/screen`). Every key is always there. */
export const LEVELS = [5, 4, 3, 2, 1] as const;
export type Level = (typeof LEVELS)[number];

export type Part = 'connected' | 'degraded' | 'lost' | 'absent';

/** A QR code: modules along a side, without the quiet zone; SVG path data of the dark ones. */
export interface Code {
  readonly size: number;
  readonly path: string;
}

export interface Staff {
  readonly staffNo: string;
  readonly name: string | null;
  readonly post: string | null;
  readonly title: string | null;
  readonly photo: boolean;
}

export interface Service {
  readonly caseNo: string;
  readonly matter: string | null;
  readonly stage: 'intake' | 'completion';
}

/** What is checked now, and what of it this screen shows or asks for; `null`: nothing in particular. */
export interface ShownCheck {
  readonly step: 'automatic' | 'keys' | 'lamps' | 'touch' | 'screen' | 'sound' | 'printer';
  /** `key-5` … `key-1`, `touch-1` … `touch-5`, `red` and the other colours. */
  readonly target: string | null;
}

export interface Reason {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

/** Something that may be given a level of its own: an indicator, or one matter of a theme. */
export interface Thing {
  readonly of: 'indicator' | 'matter';
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly isMarked: boolean;
}

export interface KioskView {
  readonly v: 1;
  readonly state: 'offDuty' | 'idle' | 'paused' | 'outOfService' | 'invited' | 'pressed';
  readonly hall: { readonly zh: string; readonly en: string } | null;
  readonly window: string | null;
  /** The hall's, IANA name. */
  readonly timeZone: string;
  readonly staff: Staff | null;
  readonly service: Service | null;
  readonly remainingMs: number | null;
  readonly totalMs: number | null;
  readonly pausedFor: string | null;
  readonly canChange: boolean;
  readonly reasonsOpen: boolean;
  /** Of every level; `null` until there is a press. */
  readonly reasons: readonly Reason[] | null;
  readonly things: readonly Thing[];
  /** Which thing is on the screen, by its place; the next press is its level. */
  readonly marking: number | null;
  readonly later: Code | null;
  readonly ended: 'rated' | 'unrated' | 'later' | null;
  /** Sealed, see `choice-seal.ts`. */
  readonly choice: string | null;
  readonly slip: 'printing' | 'printed' | 'failed' | null;
  readonly parts: { readonly keys: Part; readonly printer: Part };
  /** The daily self-check, while one runs. */
  readonly selfCheck: ShownCheck | null;
  /** A keypad that types: level by `KeyboardEvent.code`. `null`: the digits. */
  readonly keypad: { readonly keys: Readonly<Record<string, Level>> } | null;
}

/** The citizen's own choice, opened. Held in a variable for as long as it is shown, never in the document (I6). */
export interface Choice {
  readonly level: Level;
  readonly reasons: readonly string[];
  /** While a thing is on the screen: its own level, if it has one. */
  readonly mark?: Level | null;
}

export const NOTICES = [
  'nothing-open',
  'session-over',
  'one-key-only',
  'paused',
  'off-duty',
  'out-of-service',
  'press-not-taken',
  'rating-stands',
] as const;
/** A word that lasts a moment and changes nothing. */
export type Notice = (typeof NOTICES)[number];

/** What the terminal tells besides the view. */
export type TerminalEvent = { readonly type: 'accepted' } | { readonly type: 'notice'; readonly notice: string };
