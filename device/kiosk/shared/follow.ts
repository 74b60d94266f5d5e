/**
 * Follows a view of the terminal: first the whole of it, then what changed, one JSON line each. The terminal is the
 * only source of truth, so a broken connection is made again for ever and begins with the whole view.
 */

/** The terminal says something every 5 s; after missing two of them it is taken for lost. */
const SILENCE_MS = 12_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2_000;
const FORBIDDEN = 401;

/** `refused`: the secret is not the terminal's any more; it is tried again all the same. */
export type Link = 'live' | 'lost' | 'refused';

export interface Follower<View, Event> {
  /** The whole view, new. `changed` holds what the terminal said of it just now. */
  readonly view: (view: View, changed: Partial<View>) => void;
  /** Anything that is no part of the view. */
  readonly event?: (event: Event) => void;
  readonly link: (link: Link) => void;
}

type Line<View> =
  | { readonly type: 'snapshot'; readonly view: View }
  | { readonly type: 'delta'; readonly set: Partial<View> }
  | { readonly type: 'beat' };

/** @returns what ends it. */
export function follow<View extends object, Event extends { readonly type: string }>(
  secret: string,
  path: string,
  follower: Follower<View, Event>,
): () => void {
  const end = new AbortController();
  void keepFollowing(secret, path, follower, end.signal);
  return () => end.abort();
}

async function keepFollowing<View extends object, Event extends { readonly type: string }>(
  secret: string,
  path: string,
  follower: Follower<View, Event>,
  end: AbortSignal,
): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!end.aborted) {
    const link = await followOnce(secret, path, follower, end, () => (waitMs = FIRST_WAIT_MS));
    if (end.aborted) return;
    follower.link(link);
    await pause(waitMs, end);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  }
}

/** Until the connection breaks. @returns how it ended. */
async function followOnce<View extends object, Event extends { readonly type: string }>(
  secret: string,
  path: string,
  follower: Follower<View, Event>,
  end: AbortSignal,
  cameUp: () => void,
): Promise<'lost' | 'refused'> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(), SILENCE_MS);
  };
  try {
    const response = await fetch(path, {
      headers: { authorization: `Bearer ${secret}` },
      cache: 'no-store',
      signal: AbortSignal.any([end, silent.signal]),
    });
    if (!response.ok || response.body === null) return response.status === FORBIDDEN ? 'refused' : 'lost';
    let view: View | undefined;
    for await (const text of linesOf(response.body)) {
      heard();
      const line = JSON.parse(text) as Line<View> | Event;
      if (isSnapshot<View>(line)) {
        cameUp();
        view = line.view;
        follower.link('live');
        follower.view(view, view);
      } else if (isDelta<View>(line)) {
        if (view === undefined) return 'lost';
        view = { ...view, ...line.set };
        follower.view(view, line.set);
      } else if (line.type !== 'beat') {
        follower.event?.(line as Event);
      }
    }
    return 'lost';
  } catch {
    return 'lost';
  } finally {
    clearTimeout(timer);
    silent.abort();
  }
}

function isSnapshot<View>(line: { readonly type: string }): line is { type: 'snapshot'; view: View } {
  return line.type === 'snapshot';
}

function isDelta<View>(line: { readonly type: string }): line is { type: 'delta'; set: Partial<View> } {
  return line.type === 'delta';
}

/** The lines of a body, as they come. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}

function pause(ms: number, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    end.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
