/**
 * Where openings are written: a request with its key before its terminal is asked, and what came of it, with the answer
 * that is kept, before the caller is told. Requests and outcomes of the same moment share a transaction.
 */
import { PjqError, stageRule, type Clock, type Policy } from '../../protocol/index.js';
import type { OpenedService, OpenRequest } from '../core/open-request.js';
import { visibleState } from '../core/service-status.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import { SERVICE } from '../ingest/projection-columns.js';
import { selectMany } from '../store/bulk.js';
import { Gathered } from '../store/gathered.js';
import { keptQuery } from '../store/kept-query.js';
import type { Attempted } from '../store/savepoint.js';
import { isLocked, storeFault } from '../store/store-fault.js';
import type { Store, Trx } from '../store/store.js';
import { KeyClaims, settleClaim, type Claim, type FirstAnswer } from './first-answers.js';
import { factsOf, RequestedServices, serviceIdFor, type AskedService, type ServiceRow } from './service-request.js';

export interface OpeningBookParts {
  readonly store: Store;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly hall: string;
  readonly evaluators?: EvaluatorSafe | undefined;
  /** Throws, coded, while nothing may be written. */
  readonly admit?: (() => void) | undefined;
}

/** A request to open, once under its key. */
export interface KeyedRequest {
  readonly request: OpenRequest;
  readonly key: string;
  /** Of what is asked: the key stands for it. */
  readonly requestHash: string;
  readonly wording: AnswerWording;
}

/** The texts of answers: they are kept with what they tell of. */
export interface AnswerWording {
  opened(service: OpenedService): FirstAnswer;
  /** @returns `null` for what may succeed later: it is not kept, and is thrown. */
  refused(error: unknown): FirstAnswer | null;
}

export type Requested =
  /** The terminal is to be asked, unless the row says that it has said yes. */
  | { readonly kind: 'recorded'; readonly claim: Claim; readonly row: ServiceRow }
  | { readonly kind: 'answered'; readonly answer: FirstAnswer; readonly isReplayed: boolean };

/** What came of a request that was recorded. */
export interface Result {
  readonly asked: KeyedRequest;
  readonly claim: Claim;
  readonly serviceId: string;
  readonly outcome:
    | { readonly kind: 'accepted' }
    /** The terminal said no: the command until this time is done with. */
    | { readonly kind: 'refused'; readonly validUntil: number; readonly error: unknown }
    /** Nobody knows whether the terminal did it. */
    | { readonly kind: 'failed'; readonly error: unknown };
}

type Piece = { readonly asked: KeyedRequest } | { readonly result: Result };

/**
 * So many at most: whoever else writes (the terminals' logs) waits no longer for them. After a group nothing is written for
 * the next until three times as long as it took has passed: a disk that is slow, or a processor that others want, gets
 * fewer and larger ones. But never longer than 20 ms: an answer waits for two groups, and has a hundred.
 */
const TOGETHER = { most: 32, restMs: (tookMs: number) => Math.min(3 * tookMs, 20) };

const noteOpen = keptQuery((db, serviceId: string) =>
  db.updateTable('service').set({ state: 'open' }).where('serviceId', '=', serviceId).where('state', '=', 'requested'),
);

const endValidity = keptQuery((db, serviceId: string, validUntil: number, nowMs: number) =>
  db
    .updateTable('service')
    .set({ validUntil: nowMs })
    .where('serviceId', '=', serviceId)
    .where('state', '=', 'requested')
    .where('validUntil', '=', validUntil),
);

export class OpeningBook {
  readonly #parts: OpeningBookParts;
  readonly #pieces: Gathered<Piece, Requested>;

  constructor(parts: OpeningBookParts) {
    this.#parts = parts;
    this.#pieces = new Gathered((group) => this.#commitOrTryAlone(group), TOGETHER);
  }

  /**
   * Takes the key and records the service, or finds the answer that was kept. A refusal that stands is kept as well.
   * @throws PjqError `idempotency-key-reused`, `idempotency-in-progress`, what `admit` throws, and every other refusal
   *   for which there is no wording.
   */
  request(asked: KeyedRequest): Promise<Requested> {
    return this.#pieces.add({ asked });
  }

  /**
   * Records what came of it, with the answer, or lets go of the key.
   * @throws the error for which there is no wording.
   */
  async settle(result: Result): Promise<FirstAnswer> {
    const settled = await this.#pieces.add({ result });
    if (settled.kind !== 'answered') throw new TypeError('a result was taken for a request');
    return settled.answer;
  }

  /** Where a group's transaction fails nothing of it stands; a store that takes nothing takes none of its pieces either. */
  async #commitOrTryAlone(group: readonly Piece[]): Promise<readonly Attempted<Requested>[]> {
    try {
      return await this.#commit(group);
    } catch (error) {
      const isOfOne = group.length > 1 && storeFault(error) === 'other' && !isLocked(error);
      if (!isOfOne) throw error;
      const outcomes: Attempted<Requested>[] = [];
      for (const piece of group) outcomes.push(await this.#commitAlone(piece));
      return outcomes;
    }
  }

  async #commitAlone(piece: Piece): Promise<Attempted<Requested>> {
    try {
      const [outcome] = await this.#commit([piece]);
      return outcome ?? { ok: false, error: new TypeError('a piece without an outcome') };
    } catch (error) {
      return { ok: false, error };
    }
  }

  #commit(group: readonly Piece[]): Promise<readonly Attempted<Requested>[]> {
    const { store } = this.#parts;
    const asked = group.flatMap((piece) => ('asked' in piece ? [piece.asked] : []));
    const results = group.flatMap((piece) => ('result' in piece ? [piece.result] : []));
    return store.db.transaction().execute(async (trx) => {
      const requested = await this.#request(trx, asked);
      const settled = await this.#settle(trx, results);
      return group.map((piece) => {
        const next = 'asked' in piece ? requested.shift() : settled.shift();
        return next ?? { ok: false, error: new TypeError('a piece without an outcome') };
      });
    });
  }

  async #request(trx: Trx, group: readonly KeyedRequest[]): Promise<Attempted<Requested>[]> {
    if (group.length === 0) return [];
    const { store, evaluators, policy, clock, hall } = this.#parts;
    const nowMs = clock.wallMs();
    const named = group.map((asked) => ({
      ...asked,
      serviceId: asked.request.serviceId ?? serviceIdFor(hall, asked.key),
    }));
    const claims = new KeyClaims(trx);
    await claims.load(named.map(({ key }) => key));
    const { commandValidMs } = policy.terminal;
    const services = new RequestedServices(trx, { store, evaluators, rules: policy, commandValidMs }, nowMs);
    await services.load(named);
    const outcomes: Attempted<Requested>[] = [];
    for (const asked of named) outcomes.push(await this.#requestOne(claims, services, asked, nowMs));
    await services.write();
    await claims.write();
    return outcomes;
  }

  async #requestOne(
    claims: KeyClaims,
    services: RequestedServices,
    { key, requestHash, wording, ...asked }: KeyedRequest & AskedService,
    nowMs: number,
  ): Promise<Attempted<Requested>> {
    const { policy, admit } = this.#parts;
    try {
      const answer = claims.answerTo(key, requestHash, nowMs);
      if (answer !== null) return { ok: true, value: { kind: 'answered', answer, isReplayed: true } };
      admit?.();
    } catch (error) {
      return { ok: false, error: codedOnly(error) };
    }
    const claim = claims.take(key, requestHash, nowMs);
    try {
      if (stageRule(policy, asked.request.stage).opens === 'nothing') throw new PjqError('service-ungranted');
      return { ok: true, value: { kind: 'recorded', claim, row: await services.record(asked) } };
    } catch (error) {
      const answer = wording.refused(codedOnly(error));
      claims.settle(claim, answer);
      if (answer === null) return { ok: false, error };
      return { ok: true, value: { kind: 'answered', answer, isReplayed: false } };
    }
  }

  async #settle(trx: Trx, group: readonly Result[]): Promise<Attempted<Requested>[]> {
    const accepted = group.filter(({ outcome }) => outcome.kind === 'accepted');
    const ids = new Set(accepted.map(({ serviceId }) => serviceId));
    const keys = Array.from(ids, (serviceId): [string] => [serviceId]);
    const rows = new Map<string, ServiceRow>();
    for (const row of await selectMany(trx, 'service', SERVICE, ['serviceId'], keys)) {
      rows.set(row.serviceId, { ...row, state: row.state === 'requested' ? 'open' : row.state });
      if (row.state === 'requested') await noteOpen(trx, row.serviceId);
    }
    const outcomes: Attempted<Requested>[] = [];
    for (const { asked, claim, serviceId, outcome } of group) {
      const told =
        outcome.kind === 'accepted' ? this.#tellOf(asked, rows.get(serviceId)) : refusedBy(asked, outcome.error);
      if (outcome.kind === 'refused') {
        // A command that was refused is done with: its validity ends, so that the next try is a command of its own.
        await endValidity(trx, serviceId, outcome.validUntil, this.#parts.clock.wallMs());
      }
      await settleClaim(trx, claim, told.ok ? told.value : null);
      outcomes.push(told.ok ? { ok: true, value: { kind: 'answered', answer: told.value, isReplayed: false } } : told);
    }
    return outcomes;
  }

  #tellOf(asked: KeyedRequest, row: ServiceRow | undefined): Attempted<FirstAnswer> {
    const { clock, policy } = this.#parts;
    if (row === undefined) return refusedBy(asked, new PjqError('service-unknown'));
    if (visibleState(row, clock.wallMs(), policy.ratedDelayMs) === 'closed')
      return refusedBy(asked, new PjqError('service-over'));
    const { serviceId, caseNo, stage } = factsOf(row);
    const { terminal, window, validUntil } = row;
    const opened = { serviceId, terminal, window, caseNo, stage, state: 'open', validUntil } as const;
    return { ok: true, value: asked.wording.opened(opened) };
  }
}

function refusedBy({ wording }: KeyedRequest, error: unknown): Attempted<FirstAnswer> {
  const answer = wording.refused(error);
  return answer === null ? { ok: false, error } : { ok: true, value: answer };
}

/** What is no refusal of ours must undo the whole transaction. */
function codedOnly(error: unknown): PjqError {
  if (error instanceof PjqError) return error;
  throw error;
}
