/** What `GET /v1/terminals` says, as far as this page shows it. */
export type SelfCheckResult = 'pass' | 'limited' | 'fail' | 'skipped' | 'missing';
export type PartState = 'connected' | 'degraded' | 'lost';

export interface TerminalCare {
  readonly terminal: string;
  readonly window: string;
  readonly connection: 'connected' | 'lost';
  readonly since: number;
  readonly staffNo: string | null;
  readonly parts: readonly {
    readonly part: string;
    readonly state: PartState;
    readonly code: string | null;
    readonly since: number | null;
  }[];
  readonly selfCheck: {
    readonly result: SelfCheckResult;
    readonly since: number;
    readonly staffNo: string | null;
    readonly reason: string | null;
    readonly findings: readonly { readonly item: string; readonly result: string; readonly code?: string }[];
  };
}

export interface TerminalList {
  /** The gateway's clock. */
  readonly at: number;
  readonly terminals: readonly TerminalCare[];
}

/** How much a terminal asks for somebody to go there. Ratings go on in each of these. */
export type Urgency = 'go' | 'look' | 'fine';

export function urgencyOf({ connection, parts, selfCheck }: TerminalCare): Urgency {
  if (connection === 'lost' || selfCheck.result === 'fail') return 'go';
  const weak = parts.some(({ state }) => state !== 'connected');
  return weak || selfCheck.result !== 'pass' ? 'look' : 'fine';
}

const ORDER: readonly Urgency[] = ['go', 'look', 'fine'];

/** Those that need somebody first; then by window, numbers as numbers. */
export function inOrder(terminals: readonly TerminalCare[]): TerminalCare[] {
  return [...terminals].sort(
    (a, b) =>
      ORDER.indexOf(urgencyOf(a)) - ORDER.indexOf(urgencyOf(b)) ||
      a.window.localeCompare(b.window, 'zh-CN', { numeric: true }),
  );
}
