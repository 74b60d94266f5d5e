/** Asks the terminal to do something. */

/** The terminal answers from its own disk; longer is a terminal that does not answer. */
const TIMEOUT_MS = 5_000;

export interface Problem {
  /** A code of the terminal, or `unreachable` when it did not answer. */
  readonly code: string;
  readonly title: string;
  readonly hint: string;
}

export type Reply<Body> =
  { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly problem: Problem };

export type Method = 'GET' | 'POST' | 'DELETE';

/**
 * @param path absolute on the terminal, `/v1/…`.
 * @param body sent as JSON; nothing is sent with GET and DELETE.
 * Never throws: whatever goes wrong is a problem.
 */
export async function call<Body = unknown>(
  secret: string,
  method: Method,
  path: string,
  body: object = {},
): Promise<Reply<Body>> {
  try {
    const response = await fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer: unknown = await response.json();
    return response.ok ? { ok: true, body: answer as Body } : { ok: false, problem: problemOf(answer) };
  } catch {
    return { ok: false, problem: { code: 'unreachable', title: '', hint: '' } };
  }
}

function problemOf(answer: unknown): Problem {
  const { code, title, hint } = (answer ?? {}) as Partial<Problem>;
  return { code: code ?? 'unknown', title: title ?? '', hint: hint ?? '' };
}

/** A picture that needs the secret, as an address for `<img>`; revoke it when it is not shown any more. */
export async function fetchPicture(secret: string, path: string): Promise<string | null> {
  try {
    const response = await fetch(path, {
      headers: { authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? URL.createObjectURL(await response.blob()) : null;
  } catch {
    return null;
  }
}
