/**
 * All that the demo's page shows of the hall, as data for page and server. No field holds a level, or could be
 * matched with one: I6 holds here as at a real counter. Levels are in the simulator's truth only (`centre-door.ts`).
 */

export type Plugged = 'on' | 'cut';
export type PartState = 'connected' | 'degraded' | 'lost' | 'absent';
export type SessionState = 'offDuty' | 'idle' | 'paused' | 'outOfService' | 'invited' | 'pressed';

/** One text in both languages of the page. */
export interface TwoLanguages {
  readonly zh: string;
  readonly en: string;
}

export interface ShownMatter {
  readonly code: string;
  readonly name: string;
  readonly label: string | null;
}

export interface CounterView {
  /** From 1; the window's number as well. */
  readonly number: number;
  readonly terminal: string;
  readonly staff: { readonly staffNo: string; readonly name: string | null; readonly post: string | null } | null;
  /** Whether the terminal's program answers. */
  readonly answers: boolean;
  /** Changes when the terminal starts anew, and with it the addresses of its pages; null while it does not answer. */
  readonly pagesId: string | null;
  readonly session: {
    readonly state: SessionState;
    readonly caseNo: string | null;
    readonly matter: string | null;
  } | null;
  readonly parts: { readonly board: PartState; readonly network: PartState; readonly printer: PartState } | null;
  /** As the pins are driven through Firmata; null while the board's program does not answer. */
  readonly lamps: { readonly invited: boolean; readonly accepted: boolean; readonly fault: boolean } | null;
  readonly paper: 'ok' | 'near-end' | 'out' | 'unknown' | 'absent' | null;
  /** The newest slip on the paper roll; null when there is none yet. */
  readonly slip: { readonly n: number; readonly complete: boolean } | null;
  /** Log entries that the gateway does not have yet. */
  readonly backlog: number | null;
  readonly switches: { readonly network: Plugged; readonly board: Plugged; readonly printer: Plugged };
}

/** A service that is over, and how far word of it has come. */
export interface JourneyRow {
  readonly serviceId: string;
  readonly caseNo: string;
  readonly window: string;
  readonly matter: string | null;
  /** When its session ended, ms since 1970. */
  readonly at: number;
  readonly outcome: 'rated' | 'not-rated';
  /** Whether the gateway has it. */
  readonly atGateway: boolean;
  readonly atCentre: boolean;
}

export interface HallView {
  readonly v: 1;
  readonly hall: TwoLanguages;
  /** While the hall starts: what still has to come before a citizen can rate at every counter. */
  readonly starting: readonly string[];
  readonly counters: readonly CounterView[];
  readonly gateway: {
    /** Whether it answers by its network. */
    readonly answers: boolean;
    readonly network: Plugged;
    /** Terminals that it says are connected; null while it does not answer. */
    readonly connected: number | null;
    /** Ratings that the centre does not have yet; null while it does not answer. */
    readonly waiting: number | null;
  };
  readonly centre: { readonly answers: boolean; readonly network: Plugged; readonly total: number | null };
  readonly processes: readonly { readonly name: string; readonly pid: number | null; readonly starts: number }[];
  /** Newest first. */
  readonly journeys: readonly JourneyRow[];
  readonly matters: readonly ShownMatter[];
}
