/**
 * The daily self-check at work: probes, keys and lamps on loan, the player, the printer; and its record in the log.
 * It is never in the way: it has keys and lamps only while no service is open, and is broken off when one opens.
 */
import { PjqError, type Clock, type EntryBody, type ErrorCode, type Randomness } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { HealthMessage } from '../../protocol/index.js';
import { RESTING, skippedCheck, transitionCheck } from '../core/self-check.js';
import type { CheckStepName } from '../core/self-check-items.js';
import type { CheckEffect, CheckInput, CheckState, Equipment } from '../core/self-check-state.js';
import type { Now } from '../core/session-state.js';
import type { Counter } from '../counter/counter.js';
import type { Loan } from '../counter/loans.js';
import type { SessionLog } from '../log/session-log.js';
import type { RecordedCheck } from '../log/self-check-projection.js';
import type { Timers } from '../timers.js';
import type { Probe } from './probe.js';
import {
  healthCheck,
  kioskCheck,
  lastCheck,
  runningCheck,
  type KioskSelfCheck,
  type SelfCheckView,
} from './self-check-view.js';

/** A record that the log did not take is tried again: by then somebody may have made room. */
const RECORD_AGAIN_MS = 10_000;

export interface SelfCheckParts {
  readonly counter: Pick<Counter, 'lend' | 'snapshot'>;
  readonly log: Pick<SessionLog, 'append'> & { newestSelfCheck(): RecordedCheck | null };
  readonly clock: Clock;
  readonly bootId: string;
  readonly randomness: Pick<Randomness, 'newId'>;
  readonly timers: Timers;
  readonly logger: Logger;
  /** IANA name: the day that a check counts for is the hall's. */
  readonly timeZone: string;
  readonly probes: readonly Probe[];
  /** What there is to be checked. */
  readonly equipment: () => Equipment;
  /** Plays one sound at the volume of the policy. */
  readonly play: () => Promise<'played' | 'failed'>;
  /** Prints the check's slip with this code. */
  readonly printSlip: (code: string) => Promise<'printed' | 'not-printed' | 'unknown'>;
}

export class SelfCheck {
  readonly #parts: SelfCheckParts;
  readonly #unwritten: RepeatedFault;
  readonly #listeners = new Set<() => void>();
  readonly #recordListeners = new Set<() => void>();
  #state: CheckState = RESTING;
  #loan: Loan | null = null;
  /** A record that the log does not have yet. */
  #pending: RecordedCheck | null = null;
  /** The newest that the log has; read once, since pages look at it all the time. */
  #newest: RecordedCheck | null | undefined;
  #cancelTimer: () => void = () => undefined;
  #cancelRecord: () => void = () => undefined;

  constructor(parts: SelfCheckParts) {
    this.#parts = parts;
    this.#unwritten = new RepeatedFault(parts.logger, 'a self-check could not be recorded');
  }

  /** What goes on is broken off, and recorded so. */
  stop(): void {
    if (this.#state.name === 'checking') this.#take({ type: 'breakOff', now: this.#now(), reason: 'terminal-stopped' });
    if (this.#pending !== null) this.#write();
    this.#cancelRecord();
  }

  /**
   * Begins a check. @param staffNo who checks; who is on duty, if nobody is named.
   * @throws PjqError `selfcheck-running`, `selfcheck-busy` while a service is open.
   */
  begin(staffNo: string | null): { readonly id: string } {
    if (this.#state.name === 'checking') throw new PjqError('selfcheck-running');
    const { counter, randomness, equipment } = this.#parts;
    const loan = counter.lend({
      key: (level, via) => this.#take({ type: 'key', now: this.#now(), level, via }),
      chord: () => this.#take({ type: 'chord', now: this.#now() }),
      ended: () => this.#serviceOpened(),
    });
    if (loan === null) throw new PjqError('selfcheck-busy');
    this.#loan = loan;
    const id = randomness.newId();
    const who = staffNo ?? counter.snapshot().staffNo ?? null;
    this.#take({ type: 'start', now: this.#now(), id, staffNo: who, equipment: equipment() });
    return { id };
  }

  /** The clerk's answer. @throws PjqError `selfcheck-absent`, `selfcheck-step`. */
  answer(said: { step: string; target: string; ok: boolean; scanned?: string }): void {
    this.#ask({ type: 'answer', now: this.#now(), ...said });
  }

  /** A point on the citizen's screen was touched. @throws PjqError `selfcheck-absent`, `selfcheck-step`. */
  touch(target: string): void {
    this.#ask({ type: 'touch', now: this.#now(), target });
  }

  /** This step once more, or an earlier one. @throws PjqError `selfcheck-absent`, `selfcheck-step`. */
  again(step?: CheckStepName): void {
    this.#ask({ type: 'again', now: this.#now(), ...(step === undefined ? {} : { step }) });
  }

  /** Recorded as skipped, with the reason. @throws PjqError `selfcheck-absent`. */
  breakOff(reason: string): void {
    this.#ask({ type: 'breakOff', now: this.#now(), reason });
  }

  /** No check today. @throws PjqError `selfcheck-running`. */
  skip(reason: string, staffNo: string | null): void {
    if (this.#state.name === 'checking') throw new PjqError('selfcheck-running');
    const { counter, randomness, clock } = this.#parts;
    const who = staffNo ?? counter.snapshot().staffNo ?? null;
    this.#record(skippedCheck(randomness.newId(), who, clock.wallMs(), reason));
    this.#tell();
  }

  view(): SelfCheckView {
    return { last: this.#last(), running: runningCheck(this.#state, this.#parts.clock.monoMs()) };
  }

  kioskView(): KioskSelfCheck | null {
    return kioskCheck(this.#state);
  }

  health(): NonNullable<HealthMessage['selfCheck']> {
    return healthCheck(this.#last());
  }

  /** Hears when something of it changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Hears when a check stands in the log. */
  onRecord(listener: () => void): void {
    this.#recordListeners.add(listener);
  }

  #last(): SelfCheckView['last'] {
    const { log, clock, timeZone } = this.#parts;
    if (this.#newest === undefined) this.#newest = log.newestSelfCheck();
    return lastCheck(this.#pending ?? this.#newest, clock.wallMs(), timeZone);
  }

  #now(): Now {
    const { clock, bootId } = this.#parts;
    return { wallMs: clock.wallMs(), monoMs: clock.monoMs(), bootId };
  }

  #ask(input: CheckInput): void {
    const code = this.#take(input);
    if (code !== null) throw new PjqError(code);
  }

  /** In the moment in which a service opens: the check is over, and its record waits until the citizen is invited. */
  #serviceOpened(): void {
    this.#loan = null;
    const step = transitionCheck(this.#state, { type: 'breakOff', now: this.#now(), reason: 'service-opened' });
    this.#state = step.state;
    this.#cancelTimer();
    for (const effect of step.effects) {
      if (effect.type !== 'record') continue;
      this.#pending = { body: effect.body, atMs: this.#parts.clock.wallMs() };
      this.#writeLater(0);
    }
  }

  /** @returns why not, if what was asked for cannot be. */
  #take(input: CheckInput): ErrorCode | null {
    const before = this.#state;
    const step = transitionCheck(before, input);
    this.#state = step.state;
    let code: ErrorCode | null = null;
    for (const effect of step.effects) {
      if (effect.type === 'answer') code = effect.code;
      else this.#carryOut(effect);
    }
    if (step.state.name === 'resting') {
      this.#loan?.end();
      this.#loan = null;
    }
    if (step.state !== before) this.#tell();
    return code;
  }

  #carryOut(effect: Exclude<CheckEffect, { type: 'answer' }>): void {
    switch (effect.type) {
      case 'probe':
        return this.#probe(effect.turn);
      case 'lamps':
        return this.#loan?.lamps(effect.signal);
      case 'play':
        return this.#await(this.#parts.play(), (outcome) =>
          this.#take({ type: 'played', now: this.#now(), turn: effect.turn, ok: outcome === 'played' }),
        );
      case 'print':
        // Where nobody can tell whether it printed, the clerk can.
        return this.#await(this.#parts.printSlip(effect.code), (outcome) =>
          this.#take({ type: 'printed', now: this.#now(), turn: effect.turn, ok: outcome !== 'not-printed' }),
        );
      case 'deadline':
        return this.#wake(effect.atMonoMs);
      case 'record':
        return this.#record(effect.body);
    }
  }

  #probe(turn: number): void {
    const staffNo = this.#state.name === 'checking' ? this.#state.staffNo : null;
    for (const probe of this.#parts.probes) {
      this.#await(probe.run(staffNo), (findings) => this.#take({ type: 'found', now: this.#now(), turn, findings }));
    }
  }

  /** What rejects gives no answer, and its item is found unanswered. */
  #await<T>(promise: Promise<T>, then: (value: T) => void): void {
    promise.then(then).catch((error: unknown) => {
      this.#parts.logger.error({ error }, 'a part of the self-check failed');
    });
  }

  #wake(atMonoMs: number | null): void {
    this.#cancelTimer();
    if (atMonoMs === null) return;
    const delayMs = Math.max(0, atMonoMs - this.#parts.clock.monoMs());
    this.#cancelTimer = this.#parts.timers.after(delayMs, () => this.#take({ type: 'time', now: this.#now() }));
  }

  #record(body: EntryBody<'selfcheck'>): void {
    this.#pending = { body, atMs: this.#parts.clock.wallMs() };
    this.#write();
  }

  #writeLater(delayMs: number): void {
    this.#cancelRecord();
    this.#cancelRecord = this.#parts.timers.after(delayMs, () => this.#write());
  }

  #write(): void {
    this.#cancelRecord();
    if (this.#pending === null) return;
    try {
      this.#parts.log.append([{ kind: 'selfcheck', body: this.#pending.body }]);
    } catch (error) {
      this.#unwritten.report(error);
      this.#writeLater(RECORD_AGAIN_MS);
      return;
    }
    this.#pending = null;
    this.#newest = undefined;
    this.#unwritten.clear();
    for (const listener of this.#recordListeners) listener();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
