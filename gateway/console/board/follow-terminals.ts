/** Asks the gateway how the terminals are, every few seconds while the page is seen. */
import type { TerminalList } from './terminal-care.js';

export type Heard =
  | { readonly kind: 'loading' }
  | { readonly kind: 'no-secret' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'list'; readonly list: TerminalList; readonly away: boolean };

const EVERY_MS = 5_000;
const TIMEOUT_MS = 4_000;

/** @returns how to stop. */
export function followTerminals(secret: string, hear: (heard: Heard) => void): () => void {
  if (secret === '') {
    hear({ kind: 'no-secret' });
    return () => undefined;
  }
  let last: TerminalList | undefined;
  let stopped = false;
  const ask = async () => {
    if (document.hidden) return;
    const heard = await answer(secret, last);
    if (heard.kind === 'list') last = heard.list;
    if (!stopped) hear(heard);
  };
  void ask();
  const timer = setInterval(() => void ask(), EVERY_MS);
  const seen = () => void ask();
  document.addEventListener('visibilitychange', seen);
  return () => {
    stopped = true;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}

async function answer(secret: string, last: TerminalList | undefined): Promise<Heard> {
  try {
    const response = await fetch('../v1/terminals', {
      headers: { authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: 'no-store',
    });
    if (response.status === 401) return { kind: 'refused' };
    if (response.ok) return { kind: 'list', list: (await response.json()) as TerminalList, away: false };
  } catch {
    // No answer is a state of this page.
  }
  return last === undefined ? { kind: 'loading' } : { kind: 'list', list: last, away: true };
}
