/**
 * What the phone page asks of the hall. The page knows a pass (a receipt's code, or the grant that a window's code
 * was exchanged for) and who calls; it knows no service, no case number and nobody's name.
 */
import type { Level, Stage } from '../../protocol/index.js';

/** Who calls, as far as it may be known: for limits and for what somebody should look at, never for figures. */
export interface Caller {
  /** Address, as the trusted proxy tells it. */
  readonly address: string;
  /** Digest of what a browser says of itself; tells one device from another roughly. */
  readonly device: string;
  /**
   * The act that this browser keeps as its own (the form's cookie): 64 random bits that nobody else was told. Whoever
   * shows it made the act: they may change it, and read how far it is; others who hold the slip may not.
   */
  readonly actId?: string;
}

/** What is rated, in words that may be shown to whoever holds the slip. */
export interface RatedThing {
  /** The matter's name, its neutral label, or null where the log has not told it yet. */
  readonly matter: { readonly code: string; readonly name: string } | null;
  /** Of a theme, each of its matters. */
  readonly matters: readonly { readonly code: string; readonly name: string }[];
  readonly window: string | null;
  /** Day of the service, yyyy-mm-dd, by the hall's calendar. */
  readonly day: string;
  /** Left out where the log has not told it yet: then nothing is asked but the whole. */
  readonly stage?: Stage;
}

/** How far the matter is that a bad rating opened; nobody's name, no words. */
export type Progress = 'received' | 'looked-into' | 'answered';

export type Standing =
  | { readonly state: 'open'; readonly thing: RatedThing }
  /** The act of this very caller may still be changed. */
  | { readonly state: 'changeable'; readonly thing: RatedThing; readonly actId: string; readonly untilMs: number }
  /** Somebody rated it; which level is told nobody. `progress` of a bad rating only, and only to whoever made it. */
  | { readonly state: 'rated'; readonly thing: RatedThing; readonly progress: Progress | null };

export interface PhoneAct {
  /** Made by the page before it is sent: sent again it is the same act. 11 base64url characters. */
  readonly id: string;
  readonly level: Level;
  readonly reasons: readonly string[];
  readonly text?: string;
  readonly marks?: readonly { readonly of: 'indicator' | 'matter'; readonly code: string; readonly level: Level }[];
  /** The act that this one takes the place of. */
  readonly replaces?: string;
}

export interface RateDoor {
  /**
   * @throws PjqError `token-malformed`, `token-forged`, `token-foreign`, `token-key-unknown`, `token-key-revoked`,
   *   `rating-window-over`, `service-taken-back`, `service-ungranted`; of the pass of a window's code `window-pass-over`,
   *   `service-unknown`.
   */
  look(pass: string, caller: Caller): Promise<Standing>;
  /**
   * Takes the act: it stands when this resolves.
   * @throws PjqError as `look`, `service-already-rated`, `change-too-late`, `reason-unknown`, `request-malformed`.
   */
  rate(pass: string, act: PhoneAct, caller: Caller): Promise<Standing>;
}

/** How far the matter is that a rating opened. The work orders come later; until then a negative is `received`. */
export interface ProgressPort {
  progressOf(ratingId: string): Promise<Progress | null>;
}
