/**
 * From the terminals' batches to the hall's log: check, link, project, commit (B), then answer. As many messages as
 * have arrived go into one transaction, up to what an online terminal's answer may wait for.
 */
import {
  decodeBatch,
  decodeMessage,
  isPjqError,
  PjqError,
  terminalSource,
  verifyBatch,
  type Batch,
  type ErrorCode,
  type StateMessage,
  type VerifySignature,
} from '../../protocol/index.js';
import { RepeatedFault } from '../../protocol/runtime/logging.js';
import type { Registry } from '../registry/registry.js';
import { storeFault, type StoreFault } from '../store/store-fault.js';
import { ackOf, UNKNOWN_EPOCH, type Answer, type AnswerParts } from './answer.js';
import { commitGroup, type CheckedMessage, type CommitParts } from './commit-group.js';
import { WaitingMessages } from './waiting-messages.js';

export interface IngestParts extends CommitParts, AnswerParts {
  readonly registry: Registry;
  readonly publishAck: (terminal: string, payload: Uint8Array) => void;
  /** After commit B: entries stand, the centre's queue may have grown. */
  readonly onCommit: (linked: number) => void;
  readonly onQuarantine: (code: string) => void;
  /** The store took a group not; nothing of it was acknowledged. `null`: it takes again. */
  readonly onStoreFault?: (fault: StoreFault | null) => void;
}

type Message =
  | { readonly kind: 'batch'; readonly terminal: string; readonly payload: Uint8Array; readonly receivedMs: number }
  | { readonly kind: 'state'; readonly terminal: string; readonly state: StateMessage };

/**
 * One transaction takes so much, at most 2,400 entries: what an online terminal's answer may have to wait for, twice
 * (the group that is being committed, then its own). A backlog's batch is about 3 KB, so 16 of them make a group.
 */
const GROUP = { messages: 24, bytes: 48 * 1024 };
/** What waits beyond that is not taken, and the terminal sends it again. */
const WAITING = { totalBytes: 24 * 1024 * 1024, terminalBytes: 384 * 1024 };

export class Ingest {
  readonly #parts: IngestParts;
  readonly #fault: RepeatedFault;
  readonly #overload: RepeatedFault;
  readonly #waiting = new WaitingMessages<Message>(WAITING);
  #working: Promise<void> | undefined;
  #stopped = false;
  #storeFault: StoreFault | null = null;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#fault = new RepeatedFault(parts.logger, 'ingest');
    this.#overload = new RepeatedFault(parts.logger, 'ingest overloaded');
  }

  batch(terminal: string, payload: Uint8Array): void {
    const receivedMs = this.#parts.clock.wallMs();
    this.#enqueue({ kind: 'batch', terminal, payload, receivedMs }, payload.length);
  }

  state(terminal: string, payload: Uint8Array): void {
    const state = decodeMessage(this.#parts.suite, 'state', payload);
    this.#enqueue({ kind: 'state', terminal, state }, payload.length);
  }

  /** Answers what was refused before it reached a chain. */
  refuse(terminal: string, code: ErrorCode, detail: string): void {
    this.#parts.logger.warn({ terminal, code, detail }, 'refused');
    const answer = this.#refusal(terminal, code);
    this.#answerRefusals([answer]).catch((error: unknown) => this.#fault.report(error));
  }

  /** Resolves when everything that has arrived is committed and answered. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await this.idle();
  }

  #enqueue(message: Message, bytes: number): void {
    if (this.#stopped || this.#storeFault === 'damaged') return;
    if (this.#waiting.push(message.terminal, message, bytes)) return this.#begin();
    this.#overload.report(new Error('more arrives than is committed: what has no room is sent again'));
  }

  #begin(): void {
    this.#working ??= aTurnOfOthers()
      .then(() => this.#work())
      .finally(() => {
        this.#working = undefined;
        if (this.#waiting.total > 0 && !this.#stopped) this.#begin();
      });
  }

  async #work(): Promise<void> {
    while (this.#waiting.total > 0 && !this.#stopped) {
      await this.#take(this.#waiting.take(GROUP));
      await aTurnOfOthers();
    }
    this.#overload.clear();
  }

  async #take(group: readonly Message[]): Promise<void> {
    try {
      await this.#commit(group);
      this.#fault.clear();
      if (this.#storeFault !== null) this.#tellFault(null);
    } catch (error) {
      const fault = storeFault(error);
      if (fault === 'other') return this.#takeAlone(group, error);
      this.#tellFault(fault);
      await this.#storeFailed(fault, group, error);
    }
  }

  /** One message may be what fails: the others must not suffer from it. */
  async #takeAlone(group: readonly Message[], error: unknown): Promise<void> {
    this.#fault.report(error);
    if (group.length === 1) return;
    for (const message of group) await this.#commit([message]).catch((alone: unknown) => this.#fault.report(alone));
  }

  /** Nothing is acknowledged. A full disk is told, and the terminals wait; a damaged store takes nothing more. */
  async #storeFailed(fault: StoreFault, group: readonly Message[], cause: unknown): Promise<void> {
    const code = fault === 'full' ? 'store-full' : 'store-damaged';
    this.#fault.report(new PjqError(code, cause instanceof Error ? cause.message : undefined, { cause }));
    if (fault === 'damaged') return this.#waiting.clear();
    const terminals = new Set(group.map(({ terminal }) => terminal));
    const refusals = Array.from(terminals, (terminal) => this.#refusal(terminal, code));
    await this.#answerRefusals(refusals).catch((error: unknown) => this.#fault.report(error));
  }

  #tellFault(fault: StoreFault | null): void {
    this.#storeFault = fault;
    this.#parts.onStoreFault?.(fault);
  }

  async #commit(group: readonly Message[]): Promise<void> {
    const { checked, refusals } = await this.#check(group);
    const { answers, identity, linked, quarantined } = await commitGroup(this.#parts, checked);
    // Commit B is done: only now is anything acknowledged.
    for (const answer of [...refusals, ...answers])
      this.#parts.publishAck(answer.terminal, ackOf(this.#parts, identity, answer));
    for (const code of quarantined) this.#parts.onQuarantine(code);
    this.#parts.onCommit(linked);
  }

  /** Form, name and signature of each; what fails is refused and goes no further. */
  async #check(group: readonly Message[]): Promise<{ checked: CheckedMessage[]; refusals: Answer[] }> {
    const keys = new Map<string, (keyId: string) => VerifySignature>();
    const checked: CheckedMessage[] = [];
    const refusals: Answer[] = [];
    for (const message of group) {
      const { terminal } = message;
      if (message.kind === 'state') {
        checked.push(message);
        continue;
      }
      if (!keys.has(terminal)) keys.set(terminal, await this.#parts.registry.keysOf(terminal));
      try {
        const batch = this.#checkBatch(message, keys.get(terminal) as (keyId: string) => VerifySignature);
        checked.push({ ...message, batch });
      } catch (error) {
        if (!isPjqError(error)) throw error;
        refusals.push(this.#refusal(terminal, error.code));
        this.#parts.logger.warn({ terminal, error }, 'batch refused');
      }
    }
    return { checked, refusals };
  }

  #checkBatch(
    { terminal, payload }: Extract<Message, { kind: 'batch' }>,
    keyOf: (keyId: string) => VerifySignature,
  ): Batch {
    const { suite, hall } = this.#parts;
    const batch = decodeBatch(suite, payload);
    if (batch.header.source !== terminalSource(hall, terminal)) {
      throw new PjqError('wrong-terminal', `batch of ${batch.header.source} under the name ${terminal}`);
    }
    verifyBatch(suite, batch, keyOf);
    return batch;
  }

  #refusal(terminal: string, code: ErrorCode): Answer {
    return { terminal, epoch: UNKNOWN_EPOCH, refused: { code } };
  }

  async #answerRefusals(refusals: readonly Answer[]): Promise<void> {
    const identity = await this.#parts.store.identity();
    for (const refusal of refusals) this.#parts.publishAck(refusal.terminal, ackOf(this.#parts, identity, refusal));
  }
}

/** Lets the sockets be read, and whatever else is due, before the next group. */
function aTurnOfOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
