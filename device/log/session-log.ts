/** What a session needs of the terminal's log: commit A, and what stood open when the program last ended. */
import type { EntryBody, EntryKind, Mark, ServiceFacts, Level } from '../../protocol/index.js';

/** An entry to be: kind and body; the log adds place and time. */
export type Draft = { [K in EntryKind]: { readonly kind: K; readonly body: EntryBody<K> } }[EntryKind];

/** A moment as the log wrote it. */
export interface LoggedMoment {
  readonly at: number;
  readonly mono: number;
  readonly bootId: string;
}

/** What the log says about the counter now. */
export interface CounterRecord {
  readonly staffNo: string | null;
  readonly pausedFor: string | null;
  /** The service that is open, if one is. */
  readonly service:
    (ServiceFacts & { readonly opened: LoggedMoment; readonly slip?: boolean; readonly staffNo?: string }) | null;
  /** Its first and last press, if it has any. */
  readonly press: {
    readonly id: string;
    readonly level: Level;
    readonly first: LoggedMoment;
    readonly last: LoggedMoment;
    readonly reasons?: readonly string[];
    /** Of which list they are. */
    readonly list?: string;
    readonly marks?: readonly Mark[];
  } | null;
}

export interface SessionLog {
  /**
   * Appends entries in one durable transaction (commit A), in order. Nothing may be shown before it returns.
   * @throws PjqError `log-write-failed`: nothing was taken.
   */
  append(drafts: readonly Draft[]): void;
  /** What stands at the counter, from the log. */
  record(): CounterRecord;
  /** Whether a service is known here, and whether its session has ended. */
  serviceState(serviceId: string): 'unknown' | 'open' | 'ended';
}
