/** What a page of the phone's server is: a route below the public address, and what it answers. */
import type { Html } from './html.js';
import type { Language } from './language.js';
import type { Caller } from './rate-door.js';

export interface PageRequest {
  /** What stands in the places of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of a POST, what the form says; empty otherwise. */
  readonly form: URLSearchParams;
  readonly caller: Caller;
  readonly language: Language;
}

export interface PageAnswer {
  readonly status: number;
  /** A whole document (`layout`), or none: then `headers` say where to. */
  readonly html?: Html;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PageRoute {
  readonly method: 'GET' | 'POST';
  /** Below the path of the public address, with `:name` for a place: `/w/:window`. It is what a log line names. */
  readonly path: string;
  /** May throw PjqError: `words.ts` has a plain sentence for each code. */
  handle(request: PageRequest): Promise<PageAnswer>;
}
