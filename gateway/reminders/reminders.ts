/**
 * Messages to those who have not rated, carried out: it looks every minute, sends a few a second in the hours of the
 * day that the policy names, and never two of one kind about one service. It knows a number only while it sends.
 */
import { createHash } from 'node:crypto';
import { retryDelayMs, type Clock, type Policy, type RetryPolicy } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { nextSendingMs, REMINDER_PURPOSES, serviceDate, type ReminderPurpose } from '../core/reminder-plan.js';
import { seeClock } from '../days/days-clock.js';
import { RepeatedLook } from '../retention/repeated-look.js';
import type { Store } from '../store/store.js';
import { dueServices, isDue, isUnrated, knownFrom, type DuePlace, type DueService } from './due-services.js';
import type { OptOuts } from './opt-out.js';
import { mayGoAgain, record } from './reminder-book.js';
import type { SmsOutcome, SmsSender } from './sms-port.js';

export interface RemindersParts {
  readonly hall: string;
  /** Source of the gateway's own log. */
  readonly ownSource: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly sender: SmsSender;
  readonly optOuts: OptOuts;
  /** The carrier's name of each text. */
  readonly templates: Readonly<Record<ReminderPurpose, string>>;
  /** The number of the one who was served; `null` when there is none to write to. */
  readonly phoneOf: (serviceId: string) => Promise<string | null>;
  /** Where the service can be rated by phone. */
  readonly linkFor?: (serviceId: string) => Promise<string | null>;
  readonly retry: RetryPolicy;
  /** Random number in [0, 1). */
  readonly uniform: () => number;
  readonly logger: Logger;
}

export interface RemindersOptions {
  /** From one look to the next, ms. Default a minute. */
  readonly everyMs?: number;
  /** Rest after each message, ms. Default a third of a second. */
  readonly restMs?: number;
}

export class Reminders {
  readonly #parts: RemindersParts;
  readonly #restMs: number;
  readonly #looks: RepeatedLook;
  /** Tries of the carrier that came to nothing, one after another; until when it is left alone, by the steady clock. */
  #failures = 0;
  /** The first number of a look that could not be read. */
  #unread: Error | undefined;
  #awayUntilMs = -Infinity;

  constructor(parts: RemindersParts, { everyMs = 60_000, restMs = 334 }: RemindersOptions = {}) {
    this.#parts = parts;
    this.#restMs = restMs;
    this.#looks = new RepeatedLook(() => this.#lookOnce(), {
      what: 'messages to those who have not rated',
      logger: parts.logger,
      everyMs,
    });
  }

  /** Looks for the first time after a while: terminals are to say first whether this is an older copy of the store. */
  start(): void {
    this.#looks.start({ atOnce: false });
  }

  /** Ends when the message that is under way has had its answer. */
  async stop(): Promise<void> {
    await this.#looks.stop();
    await this.#parts.sender.close();
  }

  /** Looks now; it never rejects. */
  look(): Promise<void> {
    return this.#looks.look();
  }

  async #lookOnce(): Promise<void> {
    const { policy, clock, store } = this.#parts;
    const { steady } = await seeClock(store, clock, 'remindersClock');
    if (!policy.reminders.enabled || !steady || clock.monoMs() < this.#awayUntilMs) return;
    let sent = 0;
    this.#unread = undefined;
    for (const purpose of REMINDER_PURPOSES) sent += await this.#sendAll(purpose);
    if (sent > 0) this.#parts.logger.info({ sent }, 'messages to those who have not rated');
    this.#tellUnread();
  }

  #tellUnread(): void {
    if (this.#unread !== undefined) throw this.#unread;
  }

  /** @returns how many left. */
  async #sendAll(purpose: ReminderPurpose): Promise<number> {
    const { store, policy, clock, ownSource } = this.#parts;
    const knownFromMs = await knownFrom(store.db, ownSource, clock.wallMs());
    let sent = 0;
    let after: DuePlace | null = null;
    do {
      // At night nothing is even looked for.
      if (!isHourOf(policy, clock.wallMs())) return sent;
      const stride = await dueServices(store.db, purpose, policy, { nowMs: clock.wallMs(), knownFromMs }, after);
      for (const service of stride.due) {
        if (this.#looks.stopped || clock.monoMs() < this.#awayUntilMs) return sent;
        if (await this.#remind(purpose, service)) sent += 1;
      }
      after = stride.next;
    } while (after !== null);
    return sent;
  }

  /** @returns whether a message left. */
  async #remind(purpose: ReminderPurpose, service: DueService): Promise<boolean> {
    const { hall, sender, templates, policy, phoneOf, linkFor } = this.#parts;
    const { serviceId, daysFrom, window } = service;
    let phone: string | null;
    try {
      phone = await phoneOf(serviceId);
    } catch (error) {
      // One that cannot be read keeps nobody else from their message.
      this.#unread ??= error as Error;
      return false;
    }
    const url = await linkFor?.(serviceId);
    if (!(await this.#reserve(purpose, service, phone)) || phone === null) return false;
    const outcome = await sender.send({
      messageId: messageId(hall, serviceId, purpose),
      purpose,
      phone,
      template: templates[purpose],
      parameters: {
        hall,
        window: window ?? '',
        date: serviceDate(daysFrom, policy.timeZone),
        ...(url === null || url === undefined ? {} : { url }),
      },
    });
    await this.#settle(purpose, serviceId, outcome);
    await rest(this.#restMs);
    return outcome.kind === 'sent';
  }

  /** Takes the message for sent, before it is; whether it is to be. */
  #reserve(purpose: ReminderPurpose, { serviceId, daysFrom }: DueService, phone: string | null): Promise<boolean> {
    const { store, clock, policy, optOuts } = this.#parts;
    return store.db.transaction().execute(async (trx) => {
      if (!isDue(purpose, daysFrom, policy, clock.wallMs()) || !(await isUnrated(trx, serviceId))) return false;
      const row = await trx
        .selectFrom('reminder')
        .select(['outcome', 'code'])
        .where('serviceId', '=', serviceId)
        .where('purpose', '=', purpose)
        .executeTakeFirst();
      if (row !== undefined && !mayGoAgain(row)) return false;
      const wanted = phone !== null && !(await optOuts.has(trx, phone));
      // Whether there is no number or no wish is the person's affair, and no entry's.
      const said = wanted ? { outcome: 'sent' as const } : { outcome: 'skipped' as const, code: 'no-contact' };
      await record(store, trx, { serviceId, purpose, ...said });
      return wanted;
    });
  }

  async #settle(purpose: ReminderPurpose, serviceId: string, outcome: SmsOutcome): Promise<void> {
    const { store, logger } = this.#parts;
    if (outcome.kind === 'retry' || outcome.kind === 'unsure') this.#leaveAlone(outcome);
    else this.#failures = 0;
    if (outcome.kind === 'sent') return;
    const { code, detail } = outcome;
    logger.warn({ code, detail, serviceId }, 'message not sent');
    const said = {
      serviceId,
      purpose,
      outcome: outcome.kind === 'unsure' ? ('sent' as const) : ('failed' as const),
      code,
    };
    await store.db.transaction().execute((trx) => record(store, trx, said));
  }

  /** A carrier that is down is asked ever more seldom. */
  #leaveAlone(outcome: SmsOutcome): void {
    const { retry, uniform, clock } = this.#parts;
    this.#failures += 1;
    const asked = outcome.kind === 'retry' ? (outcome.retryAfterMs ?? 0) : 0;
    this.#awayUntilMs = clock.monoMs() + Math.max(asked, retryDelayMs(retry, this.#failures, uniform));
  }
}

function isHourOf(policy: Policy, nowMs: number): boolean {
  return nextSendingMs({ fromMs: nowMs, untilMs: Infinity }, nowMs, policy) === nowMs;
}

function messageId(hall: string, serviceId: string, purpose: ReminderPurpose): string {
  return createHash('sha256').update(`pjq/sms/v1\n${hall}\n${serviceId}\n${purpose}`).digest('base64url').slice(0, 22);
}

function rest(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
