/**
 * The counter: carries out what the session table decides. Keys, screen, staff and gateway come in here;
 * every input is one `transition`, whose entries are committed (A) before anything of it is shown (I4).
 */
import type { CounterBoard, LinkState } from '../../hw/ports/counter-board.js';
import {
  isPjqError,
  NATIONAL_LIST,
  retryDelayMs,
  type Clock,
  type ErrorCode,
  type Level,
  type Randomness,
  type RetryPolicy,
  type ServiceFacts,
  type TerminalPolicy,
} from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import { askedOf, type Wishes } from '../core/asked.js';
import { resumeFrom } from '../core/session-resume.js';
import { notTaken, transition, type Step } from '../core/session.js';
import type { Answer, Effect, Notice } from '../core/session-effect.js';
import type { SessionInput } from '../core/session-input.js';
import {
  choiceOf,
  questionsOf,
  signalOf,
  snapshotOf,
  type Choice,
  type Now,
  type Questions,
  type SessionState,
  type Snapshot,
} from '../core/session-state.js';
import { PartFaults } from '../log/part-faults.js';
import type { SessionLog } from '../log/session-log.js';
import { BoardFaults } from './board-faults.js';
import { CounterLamps } from './counter-lamps.js';
import { Loans, type Borrower, type Loan } from './loans.js';
import { systemTimers, type Timers } from '../timers.js';

/** How a closing (or the finishing of a session at start-up) that could not be written is tried again. */
const LOG_RETRY: RetryPolicy = { initialMs: 250, factor: 2, capMs: 10_000, jitter: 0 };

const PLAIN_WISHES: Wishes = { list: NATIONAL_LIST, indicators: [] };

const NO_LAMPS = { setLamps: () => undefined };

/** What screens follow. `accepted` and `changed` come after their commit. */
export type CounterEvent =
  | { readonly type: 'changed'; readonly snapshot: Snapshot }
  | { readonly type: 'accepted' }
  | { readonly type: 'notice'; readonly notice: Notice };

export interface CounterParts {
  /** `null`: there is none; presses come by the screen. */
  readonly board: CounterBoard | null;
  readonly log: SessionLog;
  readonly clock: Clock;
  readonly bootId: string;
  readonly randomness: Randomness;
  /** The policy in force, asked anew at every input. */
  readonly policy: () => { readonly policy: TerminalPolicy; readonly policyId: string };
  /** What the hall asks besides the level, from the next service on; the national reasons where nothing is said. */
  readonly wishes?: () => Wishes;
  /** The window that this terminal stands at, once the hall has said it. */
  readonly window: () => string | undefined;
  readonly logger: Logger;
  readonly timers?: Timers;
  /** Where parts that fail are told, shared with whoever watches other parts. */
  readonly faults?: PartFaults;
}

export class Counter {
  readonly #parts: CounterParts;
  readonly #timers: Timers;
  readonly #lamps: CounterLamps;
  readonly #faults: PartFaults;
  readonly #boardFaults: BoardFaults;
  readonly #loans: Loans;
  readonly #unwritten: RepeatedFault;
  readonly #listeners = new Set<(event: CounterEvent) => void>();
  #state: SessionState = { name: 'offDuty' };
  /** Whether what stood open when the program last ended has been dealt with. */
  #takenUp = false;
  #logLink: LinkState = 'connected';
  #failures = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(parts: CounterParts) {
    this.#parts = parts;
    this.#timers = parts.timers ?? systemTimers;
    this.#lamps = new CounterLamps(parts.board ?? NO_LAMPS, this.#timers);
    const { log, logger, clock } = parts;
    this.#faults = parts.faults ?? new PartFaults({ log, logger, clock, timers: this.#timers });
    this.#boardFaults = new BoardFaults(this.#faults, logger);
    this.#loans = new Loans({ logger, lamps: (signal) => this.#lamps.show(signal ?? signalOf(this.#state)) });
    this.#unwritten = new RepeatedFault(parts.logger, 'the log could not be written');
  }

  /** Takes up what the log says stood open, then listens to the board. Out of service until that is written. */
  start(): void {
    this.#takeUp();
    const { board, clock } = this.#parts;
    board?.start({
      press: (level, atMonoMs) => {
        this.#press(level, 'key', Math.min(atMonoMs, clock.monoMs()));
      },
      chord: () => {
        this.chord();
      },
      stuck: (level) => this.#boardFaults.stuck(level),
      freed: (level) => this.#boardFaults.freed(level),
      link: (state, reason) => this.#boardFaults.link(state, reason),
    });
  }

  /** The session stays open in the log; the next start takes it up. */
  async stop(): Promise<void> {
    this.#cancelTimer();
    this.#faults.stop();
    this.#loans.end();
    this.#lamps.show('off');
    await this.#parts.board?.stop();
  }

  /**
   * Opens a service; the one before, if any, is closed in the same commit. Again with the open serviceId: `ok`.
   * Codes: `terminal-off-duty`, `terminal-paused`, `terminal-out-of-service`, `service-over`, `service-exists`, `log-write-failed`.
   */
  open(service: ServiceFacts, origin: 'command' | 'local'): Answer {
    const { log, window, policy } = this.#parts;
    return this.#take({
      type: 'open',
      now: this.#now(),
      service,
      standing: log.serviceState(service.serviceId),
      origin,
      window: window(),
      policyId: policy().policyId,
      asked: askedOf(this.#wishes(), service),
    });
  }

  /** Ends the session of a service. A press stands. Codes: `session-absent`, `service-over`, `terminal-out-of-service`, `log-write-failed`. */
  cancel(serviceId: string): Answer {
    const standing = this.#parts.log.serviceState(serviceId);
    return this.#take({ type: 'cancel', now: this.#now(), serviceId, standing });
  }

  /** Staff invite once more: the invitation begins anew. Codes as of `cancel`. */
  invite(serviceId: string): Answer {
    const standing = this.#parts.log.serviceState(serviceId);
    return this.#take({ type: 'invite', now: this.#now(), serviceId, standing });
  }

  /** 稍后用手机评. Codes: `session-absent`, `rating-stands`, `terminal-…`, `log-write-failed`. */
  later(): Answer {
    return this.#take({ type: 'later', now: this.#now() });
  }

  /** The citizen wants to see the reasons. Codes: `session-absent`. */
  openReasons(): Answer {
    return this.#take({ type: 'reasonsOpen', now: this.#now() });
  }

  /** All the reasons chosen so far. Codes: `session-absent`, `reason-unknown`, `log-write-failed`. */
  chooseReasons(codes: readonly string[]): Answer {
    return this.#take({ type: 'reasons', now: this.#now(), codes });
  }

  /** The citizen wants to give a level to a single thing: the next press is its mark. Codes: `session-absent`, `thing-unknown`. */
  openThing(index: number): Answer {
    return this.#take({ type: 'thing', now: this.#now(), index });
  }

  /** The citizen has finished with reasons and single things. Codes: `session-absent`, `log-write-failed`. */
  done(): Answer {
    return this.#take({ type: 'done', now: this.#now() });
  }

  dutyOn(staffNo: string): Answer {
    return this.#take({ type: 'dutyOn', now: this.#now(), staffNo });
  }

  dutyOff(): Answer {
    return this.#take({ type: 'dutyOff', now: this.#now() });
  }

  /** Recorded at once; during a session it begins when that closes. Codes: `terminal-off-duty`, … */
  pause(reason: string): Answer {
    return this.#take({ type: 'pause', now: this.#now(), reason });
  }

  resume(): Answer {
    return this.#take({ type: 'resume', now: this.#now() });
  }

  /** A finger on the screen: extends an invitation. */
  touch(): Answer {
    return this.#take({ type: 'touch', now: this.#now() });
  }

  /** Two targets of the screen at once: none of them. */
  chord(): Answer {
    if (this.#loans.chord()) return { ok: true };
    return this.#take({ type: 'chord', now: this.#now() });
  }

  /** A press on the screen, or of a keypad that types into it; the board's keys come by themselves. Codes: `session-absent`, `terminal-…`, `log-write-failed`. */
  press(level: Level, via: 'key' | 'touch'): Answer {
    return this.#press(level, via, this.#parts.clock.monoMs());
  }

  /**
   * Lends keys and lamps to a self-check until it gives them back or a service opens, whichever is first.
   * @returns `null` while a service is open: they are the citizen's.
   */
  lend(borrower: Borrower): Loan | null {
    return isOpen(this.#state) ? null : this.#loans.lend(borrower);
  }

  /** The terminal cannot work; an open session waits until it recovers. */
  fault(): void {
    this.#take({ type: 'fault', now: this.#now() });
  }

  recover(): void {
    if (this.#takenUp) this.#take({ type: 'recover', now: this.#now() });
  }

  snapshot(): Snapshot {
    return snapshotOf(this.#state, this.#now(), this.#parts.policy().policy);
  }

  /** The citizen's own choice, for their own screen (I6). */
  choice(): Choice | null {
    return choiceOf(this.#state);
  }

  /** What is asked besides the level, once there is a press; for the citizen's own screen. */
  questions(): Questions | null {
    return questionsOf(this.#state);
  }

  /** How the parts of the counter are. */
  health(): { readonly board: LinkState | 'absent'; readonly keys: LinkState | 'absent'; readonly log: LinkState } {
    const { board } = this.#parts;
    const log = this.#logLink;
    return board === null
      ? { board: 'absent', keys: 'absent', log }
      : { board: board.link, keys: this.#boardFaults.keys, log };
  }

  /** @returns the function that ends it. */
  subscribe(listener: (event: CounterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #now(): Now {
    const { clock, bootId } = this.#parts;
    return { wallMs: clock.wallMs(), monoMs: clock.monoMs(), bootId };
  }

  #wishes(): Wishes {
    return this.#parts.wishes?.() ?? PLAIN_WISHES;
  }

  #press(level: Level, via: 'key' | 'touch', monoMs: number): Answer {
    if (this.#loans.key(level, via)) return { ok: true };
    const id = this.#parts.randomness.newId();
    return this.#take({ type: 'press', now: { ...this.#now(), monoMs }, id, level, via });
  }

  #takeUp(): void {
    const { log, policy } = this.#parts;
    const failure = this.#carryOut(resumeFrom(log.record(), this.#now(), policy().policy, this.#wishes()));
    this.#takenUp = failure === undefined;
    if (this.#takenUp) return;
    this.fault();
    this.#tryAgain(() => this.#takeUp());
  }

  #take(input: SessionInput): Answer {
    const { policy } = this.#parts.policy();
    const step = transition(this.#state, input, policy);
    const failure = this.#carryOut(step);
    if (failure === undefined) return answerOf(step);
    const standing = notTaken(this.#state, input, policy, failure);
    this.#carryOut(standing);
    if (input.type === 'time') this.#tryAgain(() => this.#timeCame());
    return answerOf(standing);
  }

  /** Commits, then adopts and shows. @returns why nothing was taken, if it was not. */
  #carryOut(step: Step): ErrorCode | undefined {
    for (const effect of step.effects) {
      if (effect.type !== 'append') continue;
      try {
        this.#parts.log.append(effect.drafts);
      } catch (error) {
        this.#logLink = 'degraded';
        this.#unwritten.report(error);
        return isPjqError(error) ? error.code : 'internal';
      }
      this.#logLink = 'connected';
      this.#failures = 0;
      this.#unwritten.clear();
    }
    const changed = step.state !== this.#state;
    this.#state = step.state;
    // Before anything of it is shown: from here on keys and lamps are the citizen's.
    if (isOpen(step.state)) this.#loans.end();
    for (const effect of step.effects) this.#show(effect);
    if (changed) this.#tell({ type: 'changed', snapshot: this.snapshot() });
    return undefined;
  }

  #show(effect: Effect): void {
    switch (effect.type) {
      case 'append':
      case 'answer':
        return;
      case 'lamps':
        return this.#loans.holdLamps ? undefined : this.#lamps.show(effect.signal);
      case 'accepted':
        this.#lamps.accepted();
        return this.#tell(effect);
      case 'notice':
        return this.#tell(effect);
      case 'deadline':
        return this.#wake(effect.atMonoMs);
    }
  }

  #wake(atMonoMs: number | null): void {
    this.#cancelTimer();
    if (atMonoMs === null) return;
    const delayMs = Math.max(0, atMonoMs - this.#parts.clock.monoMs());
    this.#cancelTimer = this.#timers.after(delayMs, () => this.#timeCame());
  }

  #timeCame(): void {
    this.#take({ type: 'time', now: this.#now() });
  }

  #tryAgain(run: () => void): void {
    this.#failures += 1;
    this.#cancelTimer();
    this.#cancelTimer = this.#timers.after(
      retryDelayMs(LOG_RETRY, this.#failures, () => 0),
      run,
    );
  }

  /** A screen that fails does not stop a rating (I5). */
  #tell(event: CounterEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#parts.logger.error({ error }, 'a follower of the counter failed');
      }
    }
  }
}

function isOpen(state: SessionState): boolean {
  return state.name === 'invited' || state.name === 'pressed';
}

function answerOf(step: Step): Answer {
  for (const effect of step.effects) {
    if (effect.type !== 'answer') continue;
    return effect.ok ? { ok: true } : { ok: false, code: effect.code };
  }
  return { ok: true };
}
