/** What a page follows: first the whole view, then only what changed, one JSON line each; a beat while nothing does. */
import type { ServerResponse } from 'node:http';
import type { Timers } from '../timers.js';

/** The page takes a connection for lost after missing two of them. */
const BEAT_MS = 5_000;
/** Views change with time, too; a difference is looked for this often while somebody follows. */
const LOOK_MS = 500;
/** A page is one screen; more are reloads whose end was not heard of yet. The oldest go. */
const MAX_FOLLOWERS = 8;
/** A reader that lets so much pile up is gone. */
const MAX_UNREAD_BYTES = 256 * 1024;
/** A time that runs down by itself is told again only when it was set anew. */
const DRIFT_MS = 100;

export interface FeedParts<View> {
  readonly view: () => View;
  /** Keys whose value, in ms, runs down by itself. */
  readonly running: readonly (keyof View & string)[];
  readonly monoMs: () => number;
  readonly timers: Timers;
  /** Hears how many pages follow, whenever one came or went. */
  readonly onFollowers?: ((total: number) => void) | undefined;
}

export class Feed<View extends object> {
  readonly #parts: FeedParts<View>;
  readonly #followers = new Set<ServerResponse>();
  #last: { readonly view: View; readonly monoMs: number } | undefined;
  #sinceBeatMs = 0;
  #cancelLook: () => void = () => undefined;

  constructor(parts: FeedParts<View>) {
    this.#parts = parts;
  }

  /** Answers with the snapshot and keeps the answer open. */
  follow(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    // What the others have must be the same view, so that one delta serves all.
    this.update();
    const view = this.#parts.view();
    response.writeHead(200, { ...headers, 'content-type': 'application/x-ndjson', 'x-accel-buffering': 'no' });
    response.socket?.setNoDelay(true);
    response.write(line({ type: 'snapshot', view }));
    if (this.#followers.size === 0) {
      this.#last = { view, monoMs: this.#parts.monoMs() };
      this.#sinceBeatMs = 0;
      this.#look();
    }
    this.#followers.add(response);
    this.#count();
    response.once('close', () => this.#drop(response));
    response.once('error', () => this.#drop(response));
    const [oldest] = this.#followers;
    if (this.#followers.size > MAX_FOLLOWERS && oldest !== undefined) oldest.destroy();
  }

  /** Tells what changed since the last time. */
  update(): void {
    if (this.#last === undefined || this.#followers.size === 0) return;
    const now = { view: this.#parts.view(), monoMs: this.#parts.monoMs() };
    const set = changes(this.#last, now, this.#parts.running);
    if (set === null) return;
    this.#last = now;
    this.say({ type: 'delta', set });
  }

  /** Tells something that is no part of the view and soon over. */
  say(event: object): void {
    this.#sinceBeatMs = 0;
    const text = line(event);
    for (const follower of this.#followers) {
      if (follower.writableLength > MAX_UNREAD_BYTES) follower.destroy();
      else follower.write(text);
    }
  }

  stop(): void {
    this.#cancelLook();
    for (const follower of this.#followers) follower.end();
    this.#followers.clear();
    this.#last = undefined;
  }

  #drop(response: ServerResponse): void {
    this.#followers.delete(response);
    this.#count();
    if (this.#followers.size === 0) this.#cancelLook();
  }

  #count(): void {
    this.#parts.onFollowers?.(this.#followers.size);
  }

  #look(): void {
    this.#cancelLook = this.#parts.timers.after(LOOK_MS, () => {
      this.#sinceBeatMs += LOOK_MS;
      this.update();
      if (this.#sinceBeatMs >= BEAT_MS) this.say({ type: 'beat' });
      this.#look();
    });
  }
}

function line(event: object): string {
  return `${JSON.stringify(event)}\n`;
}

/** The keys that differ, with their new value; `null` when none does. */
function changes<View extends object>(
  before: { readonly view: View; readonly monoMs: number },
  after: { readonly view: View; readonly monoMs: number },
  running: readonly string[],
): Partial<View> | null {
  const elapsedMs = after.monoMs - before.monoMs;
  const differing = Object.entries(after.view).filter(([key, value]: [string, unknown]) => {
    const was: unknown = (before.view as Record<string, unknown>)[key];
    if (running.includes(key) && typeof was === 'number' && typeof value === 'number')
      return Math.abs(value - Math.max(0, was - elapsedMs)) > DRIFT_MS;
    return JSON.stringify(was) !== JSON.stringify(value);
  });
  return differing.length === 0 ? null : (Object.fromEntries(differing) as Partial<View>);
}
