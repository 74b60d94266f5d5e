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

export type Part = 'gateway-network' | 'centre-network' | 'terminal-network' | 'board' | 'printer';

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

export type PressEnd = 'accepted' | 'refused' | 'unknown';

/** @throws Refused when the demo itself does not answer. */
export async function pressKey(counter: number, level: number): Promise<PressEnd> {
  try {
    await ask(`api/terminals/${counter}/press`, { level });
    return 'accepted';
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

export async function kill(process: string): Promise<void> {
  await ask(`api/processes/${process}/kill`, {});
}

export async function pagesOf(counter: number): Promise<{ kiosk: string; staff: string }> {
  return (await ask(`api/terminals/${counter}/pages`)) as { kiosk: string; staff: string };
}

export async function readTruth(): Promise<Truth> {
  return (await ask('api/truth')) as Truth;
}
