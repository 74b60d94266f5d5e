/**
 * The desk at which the business system opens, cancels and asks after services.
 * It learns whether a service was rated, never the level, and never before the policy's delay (I6).
 */
import {
  ERRORS,
  isErrorCode,
  isPjqError,
  MESSAGE_VERSION,
  PjqError,
  type Clock,
  type Command,
  type Policy,
  type Randomness,
  type Reply,
} from '../../protocol/index.js';
import type { TerminalCommands } from '../commands/terminal-commands.js';
import type { OpenRequest } from '../core/open-request.js';
import { serviceStatus, type ServiceStatus } from '../core/service-status.js';
import type { WindowStatus } from '../core/window-status.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import type { Store } from '../store/store.js';
import type { FirstAnswer } from './first-answers.js';
import { OpeningBook, type KeyedRequest, type Result } from './opening-book.js';
import { factsToldOf, openCommandId, type ServiceRow } from './service-request.js';
import { readWindows } from './window-board.js';

export interface ServiceDeskParts {
  readonly store: Store;
  readonly commands: TerminalCommands;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly hall: string;
  /** Without one no evaluator is taken. */
  readonly evaluators?: EvaluatorSafe | undefined;
  /** Throws, coded, while nothing may be written. */
  readonly admit?: () => void;
}

export interface ServiceDeskOptions {
  /** How long a terminal may take to answer; never longer than the policy's `commandValidMs`. Default 3000. */
  readonly replyTimeoutMs?: number;
}

const REPLY_TIMEOUT_MS = 3_000;

export class ServiceDesk {
  readonly #parts: ServiceDeskParts;
  readonly #replyTimeoutMs: number;
  readonly #book: OpeningBook;

  constructor(parts: ServiceDeskParts, options: ServiceDeskOptions = {}) {
    this.#parts = parts;
    this.#book = new OpeningBook(parts);
    this.#replyTimeoutMs = Math.min(parts.policy.terminal.commandValidMs, options.replyTimeoutMs ?? REPLY_TIMEOUT_MS);
  }

  get takesEvaluator(): boolean {
    return this.#parts.evaluators !== undefined;
  }

  /** What the evaluator adds to the hash of a request: nothing to be guessed at, and nothing at all where there is none. */
  evaluatorDigest({ evaluator }: OpenRequest): string {
    const { evaluators } = this.#parts;
    return evaluator === undefined || evaluators === undefined ? '' : `\n${evaluators.requestDigest(evaluator)}`;
  }

  /**
   * Opens a service and waits for the terminal's yes. Called again with the same facts and serviceId (or, where
   * the gateway makes it, the same key), it goes on where it was: the terminal invites once. Called again with a key
   * that was answered, it answers the same to the byte.
   * @throws PjqError `idempotency-key-reused`, `idempotency-in-progress`; and what `asked.wording` does not put in words
   *   of `service-ungranted`, `terminal-unknown`, `service-exists`, `service-over`, `unreachable`, those of a follow-up,
   *   and the code with which the terminal said no.
   */
  async open(asked: KeyedRequest): Promise<{ readonly answer: FirstAnswer; readonly isReplayed: boolean }> {
    const requested = await this.#book.request(asked);
    if (requested.kind === 'answered') return requested;
    const { claim, row } = requested;
    const outcome = row.state === 'requested' ? await this.#invite(row) : ({ kind: 'accepted' } as const);
    const answer = await this.#book.settle({ asked, claim, serviceId: row.serviceId, outcome });
    return { answer, isReplayed: false };
  }

  /**
   * Takes a service back: it ends the session, never a rating that stands. Cancelling again changes nothing.
   * @throws PjqError `service-unknown`; `unreachable` when the terminal shows the invitation and cannot be told.
   */
  async cancel(serviceId: string): Promise<ServiceStatus> {
    const row = await this.#find(serviceId);
    this.#parts.admit?.();
    if (row.state !== 'closed') await this.#takeBack(row);
    return this.get(serviceId);
  }

  /** @throws PjqError `service-unknown`. */
  async get(serviceId: string): Promise<ServiceStatus> {
    const { clock, policy } = this.#parts;
    return serviceStatus(await this.#find(serviceId), clock.wallMs(), policy.ratedDelayMs);
  }

  /** @throws PjqError `terminal-unknown` when no terminal stands at that window. */
  async window(window: string): Promise<WindowStatus> {
    const statuses = await this.#windows(window);
    const status = statuses.find(({ connection }) => connection === 'connected') ?? statuses[0];
    if (status === undefined) throw new PjqError('terminal-unknown', 'No terminal stands at this window.');
    return status;
  }

  /** Every terminal of the hall, by its name. */
  async windows(): Promise<WindowStatus[]> {
    return this.#windows(undefined);
  }

  #windows(window: string | undefined): Promise<WindowStatus[]> {
    const { store, clock, policy } = this.#parts;
    return readWindows(store.db, window, clock.wallMs(), policy.ratedDelayMs);
  }

  async #invite(row: ServiceRow): Promise<Result['outcome']> {
    const { commands, clock } = this.#parts;
    const { serviceId, terminal } = row;
    const validUntil = row.validUntil ?? clock.wallMs();
    const command: Command = {
      v: MESSAGE_VERSION,
      id: openCommandId(serviceId, validUntil),
      validUntil,
      type: 'service.open',
      service: factsToldOf(row),
    };
    try {
      const reply = await commands.send(terminal, command, this.#replyTimeoutMs);
      return reply.ok ? { kind: 'accepted' } : { kind: 'refused', validUntil, error: refusal(reply) };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  async #takeBack(row: ServiceRow): Promise<void> {
    const { commands, clock, randomness, policy } = this.#parts;
    const { serviceId, terminal } = row;
    const validUntil = clock.wallMs() + policy.terminal.commandValidMs;
    const command: Command = {
      v: MESSAGE_VERSION,
      id: randomness.newId(),
      validUntil,
      type: 'service.cancel',
      serviceId,
    };
    let reply: Reply;
    try {
      reply = await commands.send(terminal, command, this.#replyTimeoutMs);
    } catch (error) {
      // An invitation that nobody has seen may be taken back in the terminal's absence: its validity keeps it
      // from appearing later. One that is on a screen may not: the caller must know that it still stands there.
      if (isPjqError(error, 'unreachable') && (await this.#close(serviceId, ['requested']))) return;
      throw error;
    }
    // Over at the terminal: the end, and perhaps a rating, is in its log and on its way.
    if (reply.code === 'service-over') return;
    const gone = reply.ok || reply.code === 'service-unknown' || reply.code === 'session-absent';
    if (!gone) throw refusal(reply);
    await this.#close(serviceId, ['requested', 'open']);
  }

  /** Closes a record that is in one of these states, with the own log's word of it; answers whether it is closed now. */
  async #close(serviceId: string, from: readonly string[]): Promise<boolean> {
    const { store, clock } = this.#parts;
    return store.db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('service')
        .select(['state', 'endCause', 'ratingId', 'takenBackAt'])
        .where('serviceId', '=', serviceId)
        .executeTakeFirstOrThrow();
      const over = row.state === 'closed';
      // The terminal's own word of the cancelling may be here before us; by ours alone it was taken back.
      const told = row.endCause === 'cancelled' && row.ratingId === null && row.takenBackAt === null;
      if (over && !told) return true;
      if (!over && !from.includes(row.state)) return false;
      const { at } = await store.own.append(trx, 'service.closed', { serviceId, cause: 'cancelled' });
      const end = { state: 'closed', endCause: 'cancelled', closedAt: at, closedSeenAt: clock.wallMs() };
      await trx
        .updateTable('service')
        .set({ ...(over ? {} : end), takenBackAt: at })
        .where('serviceId', '=', serviceId)
        .execute();
      return true;
    });
  }

  async #find(serviceId: string): Promise<ServiceRow> {
    const row = await this.#parts.store.db
      .selectFrom('service')
      .selectAll()
      .where('serviceId', '=', serviceId)
      .executeTakeFirst();
    if (row === undefined) throw new PjqError('service-unknown');
    return row;
  }
}

/** The terminal's no as an error of ours. What is no refusal in our table would be answered as a success. */
function refusal(reply: Reply): PjqError {
  const code = reply.code ?? '';
  if (isErrorCode(code) && ERRORS[code].status >= 400) return new PjqError(code);
  return new PjqError('internal', 'The terminal refused with a code that this version does not know.');
}
