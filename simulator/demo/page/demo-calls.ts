/** What the page asks of the demo. A refusal is told by the demo's own words. */

export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws Refused. */
async function ask(path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(
      path,
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    );
  } catch {
    throw new Refused('demo-away', '');
  }
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { code, title } = answer as { code?: unknown; title?: unknown };
  throw new Refused(String(code), typeof title === 'string' ? title : String(code));
}

export type Part = 'gateway-network' | 'centre-network' | 'terminal-network' | 'board' | 'printer' | 'screen';

export interface Truth {
  readonly total: number;
  readonly byLevel: readonly { readonly level: 1 | 2 | 3 | 4 | 5; readonly total: number }[];
  readonly ledger: readonly {
    readonly serviceId: string;
    readonly caseNo: string;
    readonly window?: string;
    readonly satisfaction: 1 | 2 | 3 | 4 | 5;
    readonly receivedAt: number;
  }[];
}

export async function openService(
  counter: number,
  service: { caseNo: string; matter?: string; locally?: boolean },
): Promise<void> {
  await ask(`api/terminals/${counter}/service`, service);
}

/** `checked`: the key went to a self-check that asks for keys. */
export type PressEnd = 'accepted' | 'checked' | 'refused' | 'unknown';

/** @throws Refused when the demo itself does not answer. */
export async function pressKey(counter: number, level: number): Promise<PressEnd> {
  try {
    const { result } = (await ask(`api/terminals/${counter}/press`, { level })) as { result: PressEnd };
    return result;
  } catch (error) {
    if (error instanceof Refused && error.code === 'session-absent') return 'refused';
    if (error instanceof Refused && error.code === 'press-unwitnessed') return 'unknown';
    throw error;
  }
}

export async function setSwitch(part: Part, terminal: number | undefined, state: 'on' | 'cut'): Promise<void> {
  await ask('api/switches', { part, state, ...(terminal === undefined ? {} : { terminal }) });
}

export async function setPaper(counter: number, paper: 'ok' | 'out'): Promise<void> {
  await ask(`api/terminals/${counter}/paper`, { paper });
}

export type BoardDeed =
  | { readonly do: 'bounce' | 'hang'; readonly on: boolean }
  | { readonly do: 'stick'; readonly level: number; readonly on: boolean }
  | { readonly do: 'chord'; readonly levels: readonly [number, number] }
  | { readonly do: 'free' | 'garbage' | 'reset' };

export async function benchBoard(counter: number, deed: BoardDeed): Promise<void> {
  await ask(`api/terminals/${counter}/board`, deed);
}

export type PrinterDeed =
  | { readonly paper: 'ok' | 'near-end' | 'out' }
  | { readonly cover: 'closed' | 'open' }
  | { readonly cutter: 'ok' | 'error' }
  | { readonly online: boolean }
  | { readonly do: 'hang'; readonly on: boolean }
  | { readonly do: 'garbage' };

export async function benchPrinter(counter: number, deed: PrinterDeed): Promise<void> {
  await ask(`api/terminals/${counter}/printer`, deed);
}

export type StaffDeed =
  | { readonly do: 'sign-on'; readonly staffNo: string; readonly pin?: string }
  | { readonly do: 'sign-on'; readonly badge: string }
  | { readonly do: 'sign-off' };

export async function staff(counter: number, deed: StaffDeed): Promise<void> {
  await ask(`api/terminals/${counter}/staff`, deed);
}

export async function selfCheck(counter: number, what: 'start' | 'stop'): Promise<void> {
  await ask(`api/terminals/${counter}/self-check`, { do: what });
}

/** What was done so far is forgotten: a recording begins now. */
export async function clearActions(): Promise<void> {
  await ask('api/actions/clear', {});
}

export async function kill(process: string): Promise<void> {
  await ask(`api/processes/${process}/kill`, {});
}

export async function pagesOf(counter: number): Promise<{ kiosk: string; staff: string }> {
  return (await ask(`api/terminals/${counter}/pages`)) as { kiosk: string; staff: string };
}

export async function readTruth(): Promise<Truth> {
  return (await ask('api/truth')) as Truth;
}
