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

interface BatchMessage {
  readonly kind: 'batch';
  readonly terminal: string;
  readonly payload: Uint8Array;
  readonly receivedMs: number;
  /** Begun while it waits. */
  check: Promise<Batch | PjqError> | undefined;
}

type Message = BatchMessage | { readonly kind: 'state'; readonly terminal: string; readonly state: StateMessage };

/**
 * One transaction takes so much, at most 2,400 entries: what an online terminal's answer may have to wait for, twice
 * (the group that is being committed, then its own). A backlog's batch is about 3 KB, so 16 of them make a group.
 */
const GROUP = { messages: 24, bytes: 48 * 1024 };
/**
 * So many that wait are checked meanwhile, on other threads: the next group. What waits beyond that stays packed: read,
 * it is ten times as large, and the gateway is to do with 250 MB.
 */
const CHECKED_AHEAD = GROUP.messages;
/** What waits beyond that is not taken, and the terminal sends it again. */
const WAITING = { totalBytes: 24 * 1024 * 1024, terminalBytes: 384 * 1024 };

export class Ingest {
  readonly #parts: IngestParts;
  readonly #fault: RepeatedFault;
  readonly #overload: RepeatedFault;
  readonly #waiting = new WaitingMessages<Message>(WAITING);
  #working: Promise<void> | undefined;
  #checkedAhead = 0;
  #stopped = false;
  #storeFault: StoreFault | null = null;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#fault = new RepeatedFault(parts.logger, 'ingest');
    this.#overload = new RepeatedFault(parts.logger, 'ingest overloaded');
  }

  batch(terminal: string, payload: Uint8Array): void {
    const receivedMs = this.#parts.clock.wallMs();
    const message: BatchMessage = { kind: 'batch', terminal, payload, receivedMs, check: undefined };
    if (this.#enqueue(message, payload.length) && this.#checkedAhead < CHECKED_AHEAD) this.#checkAhead(message);
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
    this.#letGo();
    await this.idle();
  }

  /** @returns whether it waits now. */
  #enqueue(message: Message, bytes: number): boolean {
    if (this.#stopped || this.#storeFault === 'damaged') return false;
    if (this.#waiting.push(message.terminal, message, bytes)) {
      this.#begin();
      return true;
    }
    this.#overload.report(new Error('more arrives than is committed: what has no room is sent again'));
    return false;
  }

  #letGo(): void {
    this.#waiting.clear();
    this.#checkedAhead = 0;
  }

  #checkAhead(message: BatchMessage): void {
    this.#checkedAhead += 1;
    message.check = this.#checkBatch(message);
    // Whoever takes the message is told.
    message.check.catch(() => undefined);
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
      const group = this.#waiting.take(GROUP);
      for (const message of group) if (message.kind === 'batch' && message.check !== undefined) this.#checkedAhead -= 1;
      await this.#take(group);
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
    for (const message of group) {
      if (message.kind === 'batch') message.check = undefined;
      await this.#commit([message]).catch((alone: unknown) => this.#fault.report(alone));
    }
  }

  /** Nothing is acknowledged. A full disk is told, and the terminals wait; a damaged store takes nothing more. */
  async #storeFailed(fault: StoreFault, group: readonly Message[], cause: unknown): Promise<void> {
    const code = fault === 'full' ? 'store-full' : 'store-damaged';
    this.#fault.report(new PjqError(code, cause instanceof Error ? cause.message : undefined, { cause }));
    if (fault === 'damaged') return this.#letGo();
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
    const checked: CheckedMessage[] = [];
    const refusals: Answer[] = [];
    const batches = await Promise.all(
      group.map(async (message) => (message.kind === 'batch' ? (message.check ?? this.#checkBatch(message)) : null)),
    );
    group.forEach((message, index) => {
      const batch = batches[index];
      if (message.kind === 'state') checked.push(message);
      else if (batch instanceof PjqError) {
        const { terminal } = message;
        refusals.push(this.#refusal(terminal, batch.code));
        this.#parts.logger.warn({ terminal, error: batch }, 'batch refused');
      } else checked.push({ ...message, batch: batch as Batch });
    });
    return { checked, refusals };
  }

  /** @returns the batch, or why it is refused. */
  async #checkBatch({ terminal, payload }: BatchMessage): Promise<Batch | PjqError> {
    const { suite, hall, registry } = this.#parts;
    try {
      const keyOf = await registry.keysOf(terminal);
      const batch = decodeBatch(suite, payload);
      if (batch.header.source !== terminalSource(hall, terminal))
        throw new PjqError('wrong-terminal', `batch of ${batch.header.source} under the name ${terminal}`);
      await verifyBatch(suite, batch, keyOf);
      return batch;
    } catch (error) {
      if (!isPjqError(error)) throw error;
      return error;
    }
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
