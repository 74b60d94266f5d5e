/**
 * Sends the log to the gateway: handshake, batches, acks. It decides nothing about truth (that is
 * `judge-ack.ts`) and keeps no queue (that is the log). One epoch is sent at a time, the oldest first.
 */
import {
  batchDraftLimits,
  decodeMessage,
  encodeBatch,
  encodeMessage,
  isErrorCode,
  PjqError,
  RETAINED,
  retryDelayMs,
  type AckMessage,
  type Channel,
  type Clock,
  type Command,
  type ConfigMessage,
  type HeadSigner,
  type HealthMessage,
  type InfoMessage,
  type Randomness,
  type Reply,
  type RetryPolicy,
  type Suite,
  type TimeClaim,
} from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { EpochPosition, TerminalLog } from '../log/terminal-log.js';
import type { GatewayTime } from './gateway-time.js';
import { InFlight, type WindowLimits } from './in-flight.js';
import { judgeAck, promisedBy, type AckVerdict } from './judge-ack.js';
import type { Link, LinkConnection } from './link.js';

export interface SyncParts {
  readonly log: TerminalLog;
  readonly link: Link;
  readonly suite: Suite;
  readonly signer: HeadSigner;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly bootId: string;
  readonly source: string;
  readonly gatewayTime: GatewayTime;
  readonly retry: RetryPolicy;
  readonly window: WindowLimits;
  readonly logger: Logger;
  readonly info: () => InfoMessage;
  readonly health: () => HealthMessage;
  readonly onCommand: (command: Command) => Reply;
  readonly onConfig: (config: ConfigMessage) => void;
  readonly onLink: (state: 'connected' | 'degraded' | 'lost') => void;
}

type Phase = 'down' | 'handshake' | 'sending' | 'waiting';

export class Sync {
  readonly #parts: SyncParts;
  readonly #inFlight: InFlight;
  readonly #fault: RepeatedFault;
  #phase: Phase = 'down';
  #connection: LinkConnection | undefined;
  #session = '';
  #sessionMonoMs = 0;
  #epoch: EpochPosition | undefined;
  #nextSeq = 1;
  #connectTries = 0;
  #handshakeTries = 0;
  /** Refusals since the last progress. */
  #refusals = 0;
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #running = false;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    this.#inFlight = new InFlight(parts.window);
    this.#fault = new RepeatedFault(parts.logger, 'sync');
  }

  start(): void {
    this.#running = true;
    this.#parts.log.onAppend(() => this.#pumpSoon());
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    const connection = this.#connection;
    connection?.publish('state', this.#lastWill(), { retain: RETAINED.state });
    await connection?.close();
  }

  get connected(): boolean {
    return this.#phase === 'handshake' || this.#phase === 'sending';
  }

  /** Says anew how the terminal is; call it when that changed. */
  publishHealth(): void {
    if (this.#phase === 'down') return;
    try {
      this.#publish('health', encodeMessage(this.#parts.suite, 'health', this.#parts.health()));
    } catch (error) {
      this.#fault.report(error);
    }
  }

  #connect(): void {
    if (!this.#running) return;
    this.#connectTries += 1;
    this.#connection = this.#parts.link.connect(
      {
        up: () => {
          this.#parts.logger.info({}, 'hall connected');
          this.#connectTries = 0;
          this.#handshakeTries = 0;
          this.#publish('info', encodeMessage(this.#parts.suite, 'info', this.#parts.info()));
          this.#parts.onLink('connected');
          this.#handshake();
          this.publishHealth();
        },
        message: (channel, payload) => this.#receive(channel, payload),
        down: (reason) => this.#lost(reason),
      },
      this.#lastWill(),
    );
  }

  #lost(reason: string): void {
    const was = this.#phase;
    this.#phase = 'down';
    this.#inFlight.clear();
    clearTimeout(this.#timer);
    if (!this.#running) return;
    if (was !== 'down') this.#parts.logger.info({ reason }, 'hall lost');
    this.#parts.onLink('lost');
    this.#after(this.#connectTries + 1, () => this.#connect());
  }

  #lastWill(): Uint8Array {
    return encodeMessage(this.#parts.suite, 'state', { v: 1, state: 'lost' });
  }

  #after(attempt: number, work: () => void): void {
    const { retry, randomness } = this.#parts;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      work,
      retryDelayMs(retry, attempt, () => randomness.uniform()),
    );
  }

  /** Says where the log stands and waits for the gateway to say where its own does. */
  #handshake(): void {
    this.#guarded(() => this.#ask());
  }

  #ask(): void {
    const { log, suite, clock, bootId, randomness } = this.#parts;
    const epochs = log.epochs();
    const epoch = epochs.find((one) => one.ackedSeq < one.endSeq && one.prunedSeq < one.endSeq) ?? epochs.at(-1);
    if (epoch === undefined) return;
    this.#phase = 'handshake';
    this.#handshakeTries += 1;
    this.#epoch = epoch;
    this.#inFlight.clear();
    this.#session = randomness.newId();
    this.#sessionMonoMs = clock.monoMs();
    this.#publish(
      'state',
      encodeMessage(suite, 'state', {
        v: 1,
        state: 'connected',
        session: this.#session,
        epoch: epoch.epoch,
        headSeq: epoch.endSeq,
        bootId,
        mono: clock.monoMs(),
        at: clock.wallMs(),
        ...(epoch.promise ? { promise: epoch.promise } : {}),
      }),
    );
    this.#after(this.#handshakeTries + 1, () => this.#handshake());
  }

  #receive(channel: Channel, payload: Uint8Array): void {
    const { suite } = this.#parts;
    try {
      if (channel === 'ack') this.#acked(decodeMessage(suite, 'ack', payload));
      else if (channel === 'cmd') this.#command(decodeMessage(suite, 'cmd', payload));
      else if (channel === 'config') this.#parts.onConfig(decodeMessage(suite, 'config', payload));
    } catch (error) {
      this.#fault.report(error);
    }
  }

  #command(command: Command): void {
    const expired = this.#parts.gatewayTime.nowMs() > command.validUntil;
    const reply: Reply = expired
      ? { v: 1, id: command.id, ok: false, code: 'message-expired' }
      : this.#parts.onCommand(command);
    this.#publish('reply', encodeMessage(this.#parts.suite, 'reply', reply));
    // Perhaps it is the gateway's clock that went back: asked anew, it says so.
    if (expired && this.#phase === 'sending') this.#handshake();
  }

  #acked(ack: AckMessage): void {
    const epoch = this.#epoch;
    if (epoch === undefined || this.#phase === 'down') return;
    this.#parts.gatewayTime.hear(ack.gatewayTime, ack.session === this.#session ? this.#sessionMonoMs : null);
    if (ack.session !== undefined && ack.session !== this.#session) return;
    if (this.#phase === 'handshake' && ack.session === undefined) return;
    const { log, suite } = this.#parts;
    const present = log.epochs().find((one) => one.id === epoch.id) ?? epoch;
    this.#epoch = present;
    const verdict = judgeAck(
      {
        epoch: present.epoch,
        endSeq: present.endSeq,
        ackedSeq: present.ackedSeq,
        prunedSeq: present.prunedSeq,
        promise: present.promise,
        hashAt: (seq) => {
          const hash = log.hashAt(present, seq);
          return hash === null ? null : suite.base64urlEncode(hash);
        },
      },
      ack,
    );
    this.#obey(verdict, present, ack);
    if (ack.refused !== undefined && verdict.kind !== 'fork') this.#refused(ack.refused.code);
  }

  #obey(verdict: AckVerdict, epoch: EpochPosition, ack: AckMessage): void {
    const { log } = this.#parts;
    switch (verdict.kind) {
      case 'ignore':
        return;
      case 'contradiction':
        // A second copy of an answer says what was true then: only a fresh answer is held against the gateway.
        if (this.#phase === 'sending') return this.#handshake();
        this.#fault.report(new PjqError('store-restored', verdict.detail));
        this.#wait();
        return;
      case 'fork':
        this.#parts.logger.warn({ code: 'log-fork', cause: verdict.cause, epoch: epoch.epoch }, 'epoch left');
        if (verdict.newStore) log.forgetAcknowledgements();
        log.leave({ ...epoch, ackedSeq: verdict.newStore ? 0 : epoch.ackedSeq }, verdict.cause);
        if (this.#handshakeTries > 3) this.#wait();
        else this.#handshake();
        return;
      case 'new-store':
        this.#parts.logger.warn(
          { code: 'store-restored', storeId: ack.storeId, generation: ack.generation },
          'new store',
        );
        log.forgetAcknowledgements();
        log.acknowledge(epoch, promisedBy(ack));
        this.#handshake();
        return;
      case 'advance':
        this.#advance(verdict.throughSeq, epoch, ack);
    }
  }

  #advance(throughSeq: number, epoch: EpochPosition, ack: AckMessage): void {
    const { log, clock } = this.#parts;
    if (throughSeq > epoch.ackedSeq) {
      this.#refusals = 0;
      this.#fault.clear();
    }
    if (throughSeq > epoch.ackedSeq || epoch.promise === null) {
      log.acknowledge(epoch, promisedBy(ack));
      this.#epoch = { ...epoch, ackedSeq: throughSeq, promise: promisedBy(ack) };
    }
    this.#inFlight.settle(throughSeq, clock.monoMs());
    if (this.#phase === 'handshake') {
      this.#phase = 'sending';
      this.#nextSeq = throughSeq + 1;
      this.#parts.onLink('connected');
    }
    this.#nextSeq = Math.max(this.#nextSeq, throughSeq + 1);
    this.#handshakeTries = 0;
    if (!epoch.live && throughSeq >= epoch.endSeq) this.#handshake();
    // Whoever was away asks the broker for our `state` when it comes back, and answers that once more.
    else if (ack.session !== undefined && this.#inFlight.inVain) this.#sendAgain();
    else this.#pumpSoon();
  }

  /** Something was not taken. What contradicts a chain comes with `stopped` and is judged there. */
  #refused(code: string): void {
    if (code === 'batch-pending') return;
    if (code === 'batch-chain' && this.#parts.log.leaveIfBroken()) return this.#handshake();
    this.#fault.report(new PjqError(isErrorCode(code) ? code : 'internal', 'the gateway refused it'));
    this.#refusals += 1;
    this.#wait();
  }

  /** Not now: a new handshake by the schedule. */
  #wait(): void {
    this.#phase = 'waiting';
    this.#inFlight.clear();
    this.#parts.onLink('degraded');
    this.#after(Math.max(this.#handshakeTries, this.#refusals, 1), () => this.#handshake());
  }

  #pumpSoon(): void {
    if (this.#phase !== 'sending' || this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      if (this.#phase === 'sending') this.#guarded(() => this.#pump());
    });
  }

  /** Sends one batch, then lets presses through before the next. */
  #pump(): void {
    const { log, clock } = this.#parts;
    const current = this.#epoch;
    if (current === undefined) return;
    const epoch = log.epochs().find((one) => one.id === current.id) ?? current;
    this.#epoch = epoch;
    // It was left, or the file was damaged and another has taken its place.
    if ((!epoch.live && current.live) || epoch.epoch !== current.epoch) {
      this.#handshake();
      return;
    }
    if (!this.#inFlight.full && this.#nextSeq <= epoch.endSeq) {
      if (this.#sendBatch(epoch)) this.#pumpSoon();
      // What is to be sent does not stand there in order: damage that no start has come upon yet.
      else if (log.leaveIfBroken()) {
        this.#handshake();
        return;
      }
    }
    this.#armResend(clock.monoMs());
  }

  #sendBatch(epoch: EpochPosition): boolean {
    const { log, suite, signer, source, clock } = this.#parts;
    let checkpoint;
    if (this.#nextSeq <= epoch.prunedSeq) {
      this.#nextSeq = epoch.prunedSeq + 1;
      checkpoint = log.checkpoint(epoch) ?? undefined;
    }
    const slice = log.slice(epoch, this.#nextSeq, batchDraftLimits.entries, batchDraftLimits.bytes);
    if (slice === null) return false;
    const batch = encodeBatch(suite, signer, {
      source,
      epoch: epoch.epoch,
      ...slice,
      time: this.#timeClaim(),
      ...(checkpoint ? { checkpoint } : {}),
    });
    this.#publish('log', batch);
    const lastSeq = slice.firstSeq + slice.entries.length - 1;
    this.#inFlight.add(lastSeq, clock.monoMs());
    this.#nextSeq = lastSeq + 1;
    return true;
  }

  #timeClaim(): TimeClaim {
    const { clock, bootId, gatewayTime } = this.#parts;
    const { echo } = gatewayTime;
    return { bootId, mono: clock.monoMs(), at: clock.wallMs(), ...(echo ? { echo } : {}) };
  }

  #armResend(nowMs: number): void {
    const at = this.#inFlight.resendAtMs();
    clearTimeout(this.#timer);
    if (at === null) return;
    this.#timer = setTimeout(
      () => {
        if (this.#phase === 'sending') this.#guarded(() => this.#sendAgain());
      },
      Math.max(0, at - nowMs),
    );
  }

  #sendAgain(): void {
    this.#inFlight.resend();
    this.#nextSeq = (this.#epoch?.ackedSeq ?? 0) + 1;
    this.#pump();
  }

  /** The log is read or written here: a disk that fails is no reason to end, and is asked again by the schedule. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fault.report(error);
      if (!this.#running || this.#phase === 'down') return;
      this.#wait();
      // A file that turned out to be damaged is taken up again at once, as at a start.
      if (this.#parts.log.mend(error)) this.#handshake();
    }
  }

  #publish(channel: Channel, payload: Uint8Array): void {
    this.#connection?.publish(channel, payload, { retain: RETAINED[channel] });
  }
}
