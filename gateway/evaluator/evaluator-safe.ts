/** Where evaluators are kept: what the business system said of them, one row a service, sealed (R11, I7). */
import { isPjqError, type Clock } from '../../protocol/index.js';
import { canonicalEvaluator, refuseNaming, type Evaluator } from '../core/evaluator.js';
import { maskEvaluator } from '../core/evaluator-mask.js';
import type { Store, Trx } from '../store/store.js';
import type { KeyRing } from './key-ring.js';
import { openEvaluator, openEvaluatorBytes, sealEvaluator, type SealedRow } from './sealed-evaluator.js';
import { insertSealed, readSealed, replaceSealed } from './sealed-rows.js';

export interface EvaluatorSafeParts {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly clock: Clock;
}

export class EvaluatorSafe {
  readonly #parts: EvaluatorSafeParts;

  constructor(parts: EvaluatorSafeParts) {
    this.#parts = parts;
  }

  /** What stands for the evaluator in the hash of a request: it recognises the same one, and tells nothing. */
  requestDigest(evaluator: Evaluator): string {
    return this.#parts.ring.digest('request', canonicalEvaluator(evaluator));
  }

  /** By which a phone number is recognised that wants no messages. */
  phoneDigest(phone: string): string {
    return this.#parts.ring.phoneDigest(phone);
  }

  /**
   * Keeps an evaluator in the transaction of the service's record. The same one again changes nothing; another one
   * takes its place (the business system corrects a phone number), but for what was erased: that stays erased.
   */
  async record(trx: Trx, serviceId: string, evaluator: Evaluator): Promise<void> {
    const { ring, clock } = this.#parts;
    const known = await readSealed(trx, serviceId);
    if (known?.erasedAt != null) return;
    if (known !== undefined && this.#says(known, evaluator)) return;
    // Within the transaction: whoever takes a key out of the ring waits for it, and sees this row afterwards.
    const row = sealEvaluator(serviceId, evaluator, ring.active());
    const contactBasis = evaluator.contactBasis ?? null;
    if (known === undefined) await insertSealed(trx, row, { contactBasis, sealedAt: clock.wallMs() });
    else await replaceSealed(trx, row, { contactBasis });
  }

  /**
   * In full, for a program of the hall that needs it while it works (a number, while a message is sent). Nothing is
   * written down; it must not be kept, logged or shown.
   * @returns `null` where there is none, or no more.
   * @throws PjqError `evaluator-key-missing`, `evaluator-damaged`.
   */
  async evaluatorFor(serviceId: string): Promise<Evaluator | null> {
    return this.#open(await readSealed(this.#parts.store.db, serviceId));
  }

  /**
   * In full, as the bytes of a JSON object without the basis of the contact, for the forwarder while it sends: whoever
   * asks for them overwrites them when it has done.
   * @returns `null` where there is none, or no more.
   * @throws PjqError `evaluator-key-missing`, `evaluator-damaged`.
   */
  async bytesFor(serviceId: string): Promise<Uint8Array | null> {
    const row = await readSealed(this.#parts.store.db, serviceId);
    return row === undefined ? null : openEvaluatorBytes(row, this.#parts.ring);
  }

  /** As it may be shown: 张*, 138****0000. @returns `null` where there is none, or no more. */
  async masked(serviceId: string): Promise<Evaluator | null> {
    const evaluator = await this.evaluatorFor(serviceId);
    return evaluator === null ? null : maskEvaluator(evaluator);
  }

  /**
   * In full, for a person to look at. That it was seen is written before it is.
   * @param purpose why, in words that do not name the person. @param by who looks.
   * @returns `null` where there is none, or no more.
   * @throws PjqError `purpose-personal`, `evaluator-key-missing`, `evaluator-damaged`.
   */
  async seen(serviceId: string, purpose: string, by: string): Promise<Evaluator | null> {
    return this.#parts.store.db.transaction().execute((trx) => this.seenIn(trx, serviceId, purpose, by));
  }

  /** The same within a transaction; what it answers may be shown after the commit, not before. */
  async seenIn(trx: Trx, serviceId: string, purpose: string, by: string): Promise<Evaluator | null> {
    const evaluator = this.#open(await readSealed(trx, serviceId));
    if (evaluator === null) return null;
    for (const text of [purpose, by]) refuseNaming(text, evaluator);
    await this.#parts.store.own.append(trx, 'evaluator.seen', { serviceId, purpose, by });
    return evaluator;
  }

  /** Whether a row says the same. One that does not open says nothing, and is replaced by what was said anew. */
  #says(row: SealedRow, evaluator: Evaluator): boolean {
    try {
      const known = this.#open(row);
      return known !== null && canonicalEvaluator(known) === canonicalEvaluator(evaluator);
    } catch (error) {
      if (isPjqError(error, 'evaluator-damaged') || isPjqError(error, 'evaluator-key-missing')) return false;
      throw error;
    }
  }

  #open(row: SealedRow | undefined): Evaluator | null {
    return row === undefined ? null : openEvaluator(row, this.#parts.ring);
  }
}
