/**
 * Names bad peers in the log, by terminal or by address, without being flooded by them: the first time at once,
 * then once a minute with how often it was, and never more than some lines a second for all of them.
 */
import { ERRORS, type ErrorCode } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { TokenBucket } from './token-bucket.js';

const AGAIN_AFTER_MS = 60_000;
const MOST_PEERS = 512;
const LINES = { perSecond: 2, burst: 100 };
const MOST_DETAIL = 120;

export interface Peer {
  readonly address: string;
  /** Under which it was accepted; none otherwise: what a stranger calls itself names nobody. */
  readonly terminal?: string | undefined;
}

export class PeerLog {
  readonly #logger: Logger;
  readonly #monoMs: () => number;
  readonly #lines: TokenBucket;
  readonly #told = new Map<string, { atMs: number; unsaid: number }>();

  constructor(logger: Logger, monoMs: () => number) {
    this.#logger = logger;
    this.#monoMs = monoMs;
    this.#lines = new TokenBucket(LINES, monoMs());
  }

  tell({ address, terminal }: Peer, code: ErrorCode, detail: string): void {
    const key = `${terminal ?? address} ${code}`;
    const nowMs = this.#monoMs();
    const before = this.#told.get(key);
    if ((before !== undefined && nowMs - before.atMs < AGAIN_AFTER_MS) || !this.#lines.allows(nowMs)) {
      if (before !== undefined) before.unsaid += 1;
      return;
    }
    this.#told.delete(key);
    this.#told.set(key, { atMs: nowMs, unsaid: 0 });
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST_PEERS && oldest !== undefined) this.#told.delete(oldest);
    this.#logger.warn(
      {
        address,
        ...(terminal === undefined ? {} : { terminal }),
        code,
        detail: detail.slice(0, MOST_DETAIL),
        hint: ERRORS[code].hint,
        ...(before === undefined || before.unsaid === 0 ? {} : { repeated: before.unsaid }),
      },
      'bad peer',
    );
  }
}
