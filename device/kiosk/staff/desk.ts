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
  readonly roster: readonly { readonly staffNo: string; readonly name: string; readonly post: string | null }[];
  readonly recent: readonly RecentService[];
  readonly parts: Readonly<Record<'board' | 'keys' | 'log' | 'network' | 'printer', PartState>>;
  readonly paper: PaperState;
  /** Entries that have not reached the hall yet. */
  readonly backlog: number;
}
