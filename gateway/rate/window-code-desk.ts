/**
 * The window's fixed code (D §13): it hangs on the wall for everybody to see, so it opens nothing by itself. Case number
 * and second factor do, a few tries long; whether there is such a case is told by neither word nor time.
 */
import { PjqError, serviceReferenceOf, type Clock, type Policy, type Suite } from '../../protocol/index.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import type { Store } from '../store/store.js';
import { addressBlock } from './address-block.js';
import type { KeyedDigest } from './page-key.js';
import type { Caller } from './rate-door.js';
import { factorCheck, phoneOf, smsCode, type FactorCheck } from './second-factor.js';
import { Attempts, type AttemptRule } from './window-code-attempts.js';
import { WindowCodeLocked } from './window-code-locked.js';
import { makeWindowPass, PASS_MS } from './window-code-pass.js';
import { plainCaseNo, windowServices } from './window-code-services.js';
import type { SecondFactor, WindowDoor, WindowEntry, WindowPass } from './window-door.js';

export interface WindowCodeParts {
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly digest: KeyedDigest;
  readonly evaluators: EvaluatorSafe;
  /** Carries a code to a phone; where nobody does, none can be asked for. It answers before it is carried. */
  readonly carryCode?: (message: { readonly phone: string; readonly window: string; readonly code: string }) => void;
  /** A refusal, to be counted. */
  readonly onRefused?: (code: 'window-code-refused' | 'window-code-locked') => void;
}

export interface WindowCodeOptions {
  /** Every answer comes after this, or after a multiple of it, ms. */
  readonly answerMs?: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/**
 * Whoever tries a few times at each of many cases is stopped by the block of addresses, and many of those by the
 * window. A hall behind one address mistypes less often than that.
 */
const [TIMES_OF_A_BLOCK, TIMES_OF_A_WINDOW] = [10, 40];
const CODES_A_DAY = 3;
const MOST_TYPED = 64;

export class WindowCodeDesk implements WindowDoor {
  readonly asks: SecondFactor;
  readonly #parts: WindowCodeParts;
  readonly #answerMs: number;
  readonly #attempts: Attempts;
  readonly #isRight: FactorCheck;

  constructor(parts: WindowCodeParts, { answerMs = 400 }: WindowCodeOptions = {}) {
    this.#parts = parts;
    this.#answerMs = answerMs;
    this.asks = parts.policy.later.secondFactor;
    this.#attempts = new Attempts(parts.store.db, parts.clock);
    this.#isRight = factorCheck(this.asks, parts);
  }

  enter(window: string, { caseNo, factor }: WindowEntry, caller: Caller): Promise<WindowPass> {
    return this.#afterTheSameTime(async () => {
      const typed = plainCaseNo(caseNo).slice(0, MOST_TYPED);
      const rules = this.#rulesOf(window, typed, caller);
      await this.#try(rules);
      const serviceId = await this.#serviceOf(window, typed, factor.normalize('NFKC').replaceAll(/\s+/gu, ''));
      if (serviceId === null) {
        this.#parts.onRefused?.('window-code-refused');
        throw new PjqError('window-code-refused');
      }
      await this.#attempts.giveBack(rules, this.#caseSubject(window, typed));
      const { suite, clock, digest } = this.#parts;
      const untilMs = clock.wallMs() + PASS_MS;
      return { pass: makeWindowPass(digest, serviceReferenceOf(suite, serviceId), untilMs), untilMs };
    });
  }

  sendCode(window: string, caseNo: string, caller: Caller): Promise<void> {
    const { carryCode, store, evaluators, digest, clock } = this.#parts;
    if (this.asks !== 'sms-code' || carryCode === undefined)
      throw new PjqError('request-malformed', 'No codes are sent here.');
    return this.#afterTheSameTime(async () => {
      const typed = plainCaseNo(caseNo).slice(0, MOST_TYPED);
      await this.#try(this.#codeRulesOf(window, typed, caller));
      const [service] = await windowServices(store.db, { window, caseNo: typed }, this.#parts);
      const phone = service === undefined ? null : await phoneOf(evaluators, service.serviceId);
      if (service !== undefined && phone !== null)
        carryCode({ phone, window, code: smsCode(digest, service.serviceId, clock.wallMs()) });
    });
  }

  /** The first service of that case whose second factor this is. All are looked at. */
  async #serviceOf(window: string, caseNo: string, factor: string): Promise<string | null> {
    let found: string | null = null;
    for (const { serviceId } of await windowServices(this.#parts.store.db, { window, caseNo }, this.#parts))
      if (await this.#isRight(serviceId, factor)) found ??= serviceId;
    return found;
  }

  #rulesOf(window: string, caseNo: string, { address }: Caller): AttemptRule[] {
    const { attempts, lockMinutes } = this.#parts.policy.later;
    const lockMs = lockMinutes * MINUTE_MS;
    return [
      { subject: this.#caseSubject(window, caseNo), tries: attempts, lockMs },
      { subject: this.#subject('block', addressBlock(address)), tries: attempts * TIMES_OF_A_BLOCK, lockMs },
      { subject: this.#subject('window', window), tries: attempts * TIMES_OF_A_WINDOW, lockMs },
    ];
  }

  #codeRulesOf(window: string, caseNo: string, { address }: Caller): AttemptRule[] {
    const { attempts, lockMinutes } = this.#parts.policy.later;
    return [
      { subject: this.#subject('code', window, caseNo.toUpperCase()), tries: CODES_A_DAY, lockMs: DAY_MS },
      {
        subject: this.#subject('code-block', addressBlock(address)),
        tries: attempts * TIMES_OF_A_WINDOW,
        lockMs: lockMinutes * MINUTE_MS,
      },
    ];
  }

  #caseSubject(window: string, caseNo: string): string {
    return this.#subject('case', window, caseNo.toUpperCase());
  }

  #subject(kind: string, ...of: string[]): string {
    return `window-code ${kind} ${this.#parts.digest(`window-code-${kind}`, of.join('\n')).toString('base64url')}`;
  }

  /** @throws WindowCodeLocked. */
  async #try(rules: readonly AttemptRule[]): Promise<void> {
    try {
      await this.#attempts.take(rules);
    } catch (error) {
      if (error instanceof WindowCodeLocked) this.#parts.onRefused?.('window-code-locked');
      throw error;
    }
  }

  async #afterTheSameTime<T>(work: () => Promise<T>): Promise<T> {
    const fromMs = performance.now();
    try {
      return await work();
    } finally {
      const tookMs = performance.now() - fromMs;
      const untilMs = Math.ceil((tookMs + 1) / this.#answerMs) * this.#answerMs;
      // A timer counts from when its turn of the event loop began, so it may ring early by as much as that took.
      for (let leftMs = untilMs - tookMs; leftMs > 0; leftMs = untilMs - (performance.now() - fromMs)) {
        await new Promise((resolve) => setTimeout(resolve, leftMs));
      }
    }
  }
}
