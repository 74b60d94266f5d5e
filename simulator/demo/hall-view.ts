/**
 * All that the demo's page shows of the hall, as data for page and server. No field holds a level, or could be
 * matched with one: I6 holds here as at a real counter. Levels are in the simulator's truth only (`centre-door.ts`).
 */

export type Plugged = 'on' | 'cut';
export type PartState = 'connected' | 'degraded' | 'lost' | 'absent';
export const PART_NAMES = ['board', 'keys', 'keypad', 'screen', 'sound', 'printer', 'network', 'log'] as const;
export type PartName = (typeof PART_NAMES)[number];
export const PRINTER_FAULTS = ['cover-open', 'cutter-error', 'printer-offline', 'printer-fault'] as const;
export type PrinterFault = (typeof PRINTER_FAULTS)[number];
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
  /** As the terminal says; those that it does not know of are not there. Null while it does not answer. */
  readonly parts: Partial<Readonly<Record<PartName, PartState>>> | null;
  /** When each was first seen in that state, ms since 1970. */
  readonly since: Partial<Readonly<Record<PartName, number>>>;
  /** Of the self-check of this day; null while the terminal does not answer, or makes none. */
  readonly selfCheck: {
    readonly result: 'pass' | 'limited' | 'fail' | 'skipped' | 'missing';
    readonly since: number;
    /** The step of the one that is going on. */
    readonly running: string | null;
  } | null;
  /** As the pins are driven through Firmata; null while the board's program does not answer. */
  readonly lamps: { readonly invited: boolean; readonly accepted: boolean; readonly fault: boolean } | null;
  readonly paper: 'ok' | 'near-end' | 'out' | 'unknown' | 'absent' | null;
  /** What the terminal finds wrong with its printer, beside the paper. */
  readonly printerFault: PrinterFault | null;
  /** The newest slip on the paper roll; null when there is none yet. */
  readonly slip: { readonly n: number; readonly complete: boolean } | null;
  /** All that the roll still has, newest first. */
  readonly slips: readonly {
    readonly n: number;
    readonly complete: boolean;
    /** What its code says, where that is an address. */
    readonly address: string | null;
  }[];
  /** Log entries that the gateway does not have yet. */
  readonly backlog: number | null;
  readonly switches: {
    readonly network: Plugged;
    readonly board: Plugged;
    readonly printer: Plugged;
    readonly screen: Plugged;
  };
  /** What ails the hardware itself, whatever the terminal knows of it; null while a device's program does not answer. */
  readonly bench: {
    readonly board: { readonly stuck: number; readonly bouncing: boolean; readonly hung: boolean } | null;
    readonly printer: {
      readonly paper: 'ok' | 'near-end' | 'out';
      readonly cover: 'closed' | 'open';
      readonly cutter: 'ok' | 'error';
      readonly online: boolean;
      readonly hung: boolean;
    } | null;
  };
}

/** Somebody who may sign on, with what the invented badge of the demo says. */
export interface ShownStaff {
  readonly staffNo: string;
  readonly name: string;
  /** Whether a PIN is asked for. */
  readonly pin: boolean;
  readonly badge: string | null;
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
  /** IANA name. */
  readonly timeZone: string;
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
  readonly staff: readonly ShownStaff[];
}
