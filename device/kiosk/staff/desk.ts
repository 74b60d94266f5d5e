/** What the terminal tells this page (`GET /v1/desk` and its events). Of an open service: only that it is open. */

export type PartState = 'connected' | 'degraded' | 'lost' | 'absent';
export type PaperState = 'ok' | 'near-end' | 'out' | 'unknown' | 'absent';
export type Stage = 'intake' | 'completion';

export interface Matter {
  readonly code?: string | undefined;
  readonly name?: string | undefined;
  /** What the citizen's screen says instead of the name. */
  readonly label?: string | undefined;
}

export interface RecentService {
  readonly serviceId: string;
  readonly caseNo: string;
  readonly matter: string | null;
  /** When its session ended, ms since 1970. */
  readonly at: number;
  readonly outcome: 'rated' | 'not-rated';
}

export type PartName = 'board' | 'keys' | 'log' | 'network' | 'printer' | 'screen' | 'keypad' | 'sound';
export type PrinterFault = 'cover-open' | 'cutter-error' | 'printer-offline' | 'printer-fault';

export interface RosterMember {
  readonly staffNo: string;
  readonly name: string;
  readonly post: string | null;
  /** Signs on with a PIN, or by badge. */
  readonly pin: boolean;
}

/** One thing that was checked; its names and codes are those of `check-words.ts`. */
export interface CheckItem {
  readonly item: string;
  readonly result: 'pass' | 'limited' | 'fail' | 'skipped';
  readonly code?: string | undefined;
}

export interface CheckStep {
  readonly name: 'automatic' | 'keys' | 'lamps' | 'touch' | 'screen' | 'sound' | 'printer';
  /** How often it was begun, from 1. */
  readonly attempt: number;
  readonly ask: 'press' | 'look' | 'listen' | 'touch' | 'scan' | 'wait';
  /** The key, lamp, point or colour that it is about now. */
  readonly target: string | null;
}

export interface RunningCheck {
  readonly id: string;
  readonly startedAt: number;
  readonly remainingMs: number;
  readonly step: CheckStep | null;
  readonly done: readonly CheckItem[];
  readonly total: number;
}

export interface LastCheck {
  /** `missing`: none today. */
  readonly result: 'pass' | 'limited' | 'fail' | 'skipped' | 'missing';
  /** ms since 1970. */
  readonly since: number;
  readonly staffNo: string | null;
  readonly reason: string | null;
  /** Those that did not pass. */
  readonly items: readonly CheckItem[];
}

export interface SelfCheck {
  readonly last: LastCheck;
  readonly running: RunningCheck | null;
}

export interface DeskView {
  readonly v: 1;
  readonly state: 'offDuty' | 'idle' | 'paused' | 'outOfService' | 'inSession';
  readonly hall: { readonly zh: string; readonly en: string } | null;
  readonly window: string | null;
  readonly staff: { readonly staffNo: string; readonly name: string | null; readonly post: string | null } | null;
  /** In a session: a pause that begins when it is over. */
  readonly pausedFor: string | null;
  readonly service: {
    readonly serviceId: string;
    readonly caseNo: string;
    readonly matter: string | null;
    readonly stage: Stage;
  } | null;
  readonly matters: readonly Matter[];
  readonly roster: readonly RosterMember[];
  readonly recent: readonly RecentService[];
  readonly parts: Readonly<Record<PartName, PartState>>;
  readonly printerFault: PrinterFault | null;
  readonly paper: PaperState;
  /** Entries that have not reached the hall yet. */
  readonly backlog: number;
  readonly selfCheck: SelfCheck;
}
