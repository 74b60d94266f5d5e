/** Ratings of a real hall log on their way to a centre; time is driven, the centre behaves by its contract. */
import { onTestFinished, vi } from 'vitest';
import type { Centre, CentreOutcome } from '../../gateway/centre/centre-port.js';
import { Forwarder, type ForwarderParts } from '../../gateway/forward/forwarder.js';
import type { CentreRating } from '../../protocol/index.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { HallLog, quiet } from '../ingest/hall-log.js';

export const DEFAULT_RETRY = { initialMs: 1_000, factor: 2, capMs: 8_000, jitter: 0 };
export const CLAIM_MS = 30_000;

export interface Try {
  readonly atMs: number;
  readonly key: string;
  readonly rating: CentreRating;
  /** Who was served, as it was told; the bytes themselves as they were lent. */
  readonly evaluator: string | undefined;
  readonly lent: Uint8Array | undefined;
}

/** Plays its answers in order and stays with the last; `'stall'` answers nothing until it is cut off. */
export class ScriptedCentre implements Centre {
  readonly tries: Try[] = [];
  readonly #hall: HallLog;
  readonly #answers: readonly (CentreOutcome | 'stall')[];

  constructor(hall: HallLog, answers: readonly (CentreOutcome | 'stall')[]) {
    this.#hall = hall;
    this.#answers = answers;
  }

  async deliver(rating: CentreRating, key: string, signal: AbortSignal, lent?: Uint8Array): Promise<CentreOutcome> {
    const answer = this.#answers[Math.min(this.tries.length, this.#answers.length - 1)] as CentreOutcome | 'stall';
    const evaluator = lent === undefined ? undefined : Buffer.from(lent).toString('utf8');
    this.tries.push({ atMs: this.#hall.clock.wallMs(), key, rating, evaluator, lent });
    if (answer !== 'stall') {
      await new Promise((resolve) => setImmediate(resolve)); // as over a wire: other events come through
      return answer;
    }
    return new Promise((resolve) => {
      const cut = () => resolve({ kind: 'retry', code: 'centre-unreachable', detail: 'aborted' });
      if (signal.aborted) cut();
      else signal.addEventListener('abort', cut);
    });
  }
}

/** A hall with rated services that wait for the centre. @returns their ratings' ids. */
export async function hallWithRatings(total = 1): Promise<{ hall: HallLog; ids: string[] }> {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const ids = Array.from({ length: total }, (_, n) => chain.ratedService(`s-${n + 1}`, 2));
  await hall.send(chain, chain.batch());
  return { hall, ids };
}

export function startForwarder(hall: HallLog, centre: Centre, changes: Partial<ForwarderParts> = {}): Forwarder {
  const { policy } = readPolicy('gateway/policies/default.yaml');
  const forwarder = new Forwarder({
    hall: 'demo',
    store: hall.store,
    centre,
    policy,
    clock: hall.clock,
    retry: DEFAULT_RETRY,
    uniform: () => 0.5,
    logger: quiet,
    concurrency: 4,
    claimMs: CLAIM_MS,
    onOutcome: () => undefined,
    ...changes,
  });
  onTestFinished(() => forwarder.stop());
  forwarder.start();
  return forwarder;
}

export interface ForwardRow {
  readonly state: string;
  readonly attempts: number;
  readonly nextAt: number;
  readonly claimedUntil: number;
  readonly lastCode: string | null;
  readonly deliveredAt: number | null;
}

export function row(hall: HallLog, ratingId: string): ForwardRow {
  return hall.rows<ForwardRow>('SELECT * FROM forward WHERE ratingId = ?', ratingId)[0] as ForwardRow;
}

/** Lets everything happen that is due now: claims, tries, settlements. */
export async function settle(hall: HallLog, forwarder: Forwarder): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) {
    forwarder.wake();
    // The store has one connection: a read waits until the forwarder's claim is through.
    await hall.store.db.selectFrom('forward').select('ratingId').execute();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits for a row to be in a state. */
export async function becomes(hall: HallLog, ratingId: string, state: string): Promise<ForwardRow> {
  return vi.waitFor(() => {
    const found = row(hall, ratingId);
    if (found.state !== state) throw new Error(`it is ${found.state}`);
    return found;
  });
}
