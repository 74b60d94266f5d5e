/**
 * From the terminals' batches to the hall's log: check, link, project, commit (B), then answer. As many
 * messages as have arrived go into one transaction.
 */
import {
  decodeBatch,
  decodeMessage,
  encodeMessage,
  ackMessage,
  genesisHash,
  isPjqError,
  PjqError,
  terminalSource,
  verifyBatch,
  ERRORS,
  type AckMessage,
  type Batch,
  type Clock,
  type ErrorCode,
  type HeadSigner,
  type StateMessage,
  type Suite,
} from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Registry } from '../registry/registry.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Store, Trx } from '../store/store.js';
import { learnTime } from './corrected-time.js';
import { linkBatch, type LinkedEntry } from './link-batch.js';
import { projectEntry } from './project-entry.js';
import { provesOlderStore } from './store-evidence.js';

export interface IngestParts {
  readonly hall: string;
  readonly store: Store;
  readonly registry: Registry;
  readonly suite: Suite;
  readonly signer: HeadSigner;
  readonly verifyOwn: (message: Uint8Array, signature: Uint8Array) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publishAck: (terminal: string, payload: Uint8Array) => void;
  /** After commit B: entries stand, the centre's queue may have grown. */
  readonly onCommit: (linked: number) => void;
  readonly onQuarantine: (code: string) => void;
}

type Item =
  | { readonly kind: 'batch'; readonly terminal: string; readonly payload: Uint8Array; readonly receivedMs: number }
  | { readonly kind: 'state'; readonly terminal: string; readonly state: StateMessage };

/** What a group leaves to be told after its commit. */
interface Answer {
  readonly terminal: string;
  readonly epoch: string;
  readonly session?: string | undefined;
  readonly refused?: { readonly code: ErrorCode } | undefined;
}

/** Messages in one transaction. */
const GROUP = 64;
/** Messages that wait; past that they are dropped and the terminal sends them again. */
const MAX_WAITING = 4_000;

export class Ingest {
  readonly #parts: IngestParts;
  readonly #fault: RepeatedFault;
  #queue: Item[] = [];
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#fault = new RepeatedFault(parts.logger, 'ingest');
  }

  batch(terminal: string, payload: Uint8Array): void {
    this.#enqueue({ kind: 'batch', terminal, payload, receivedMs: this.#parts.clock.wallMs() });
  }

  state(terminal: string, payload: Uint8Array): void {
    const state = decodeMessage(this.#parts.suite, 'state', payload);
    this.#enqueue({ kind: 'state', terminal, state });
  }

  /** Answers what was refused before it reached a chain. */
  refuse(terminal: string, code: ErrorCode, detail: string): void {
    this.#parts.logger.warn({ terminal, code, detail }, 'refused');
    const item = { terminal, epoch: UNKNOWN_EPOCH, refused: { code } };
    this.#answer([item]).catch((error: unknown) => this.#fault.report(error));
  }

  /** Resolves when everything that has arrived is committed and answered. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#queue = [];
    await this.idle();
  }

  #enqueue(item: Item): void {
    if (this.#stopped || this.#queue.length >= MAX_WAITING) return;
    this.#queue.push(item);
    this.#working ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#work())
      .finally(() => {
        this.#working = undefined;
        if (this.#queue.length > 0 && !this.#stopped) this.#enqueue(this.#queue.shift() as Item);
      });
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stopped) {
      const group = this.#queue.splice(0, GROUP);
      try {
        await this.#commit(group);
        this.#fault.clear();
      } catch (error) {
        this.#fault.report(error);
        if (group.length > 1)
          for (const item of group) await this.#commit([item]).catch((alone: unknown) => this.#fault.report(alone));
      }
    }
  }

  async #commit(group: readonly Item[]): Promise<void> {
    const { store, clock } = this.#parts;
    const refusals: Answer[] = [];
    const checked: { item: Item; batch?: Batch }[] = [];
    for (const item of group) {
      if (item.kind === 'state') checked.push({ item });
      else {
        try {
          checked.push({ item, batch: await this.#check(item.terminal, item.payload) });
        } catch (error) {
          if (!isPjqError(error)) throw error;
          refusals.push({ terminal: item.terminal, epoch: UNKNOWN_EPOCH, refused: { code: error.code } });
          this.#parts.logger.warn({ terminal: item.terminal, error }, 'batch refused');
        }
      }
    }
    const quarantined: string[] = [];
    let linkedTotal = 0;
    const answers =
      checked.length === 0
        ? []
        : await store.db.transaction().execute(async (trx) => {
            const nowMs = clock.wallMs();
            const collected: Answer[] = [];
            for (const { item, batch } of checked) {
              if (item.kind === 'state')
                collected.push(...(await this.#applyState(trx, item.terminal, item.state, nowMs)));
              else if (batch !== undefined) {
                const { linked, refused } = await linkBatch(
                  trx,
                  { suite: this.#parts.suite, own: store.own, nowMs },
                  batch,
                  item.payload,
                );
                if (linked.length > 0) await learnTime(trx, batch.header.source, batch.header.time, item.receivedMs);
                quarantined.push(...(await this.#project(trx, linked, nowMs)));
                linkedTotal += linked.length;
                collected.push({
                  terminal: item.terminal,
                  epoch: batch.header.epoch,
                  refused: refused && { code: refused },
                });
              }
            }
            return collected;
          });
    // Commit B is done: only now is anything acknowledged.
    await this.#answer([...refusals, ...merged(answers)]);
    for (const code of quarantined) this.#parts.onQuarantine(code);
    this.#parts.onCommit(linkedTotal);
  }

  async #check(terminal: string, payload: Uint8Array): Promise<Batch> {
    const { suite, hall, registry } = this.#parts;
    const batch = decodeBatch(suite, payload);
    if (batch.header.source !== terminalSource(hall, terminal)) {
      throw new PjqError('wrong-terminal', `batch of ${batch.header.source} under the name ${terminal}`);
    }
    verifyBatch(suite, batch, await registry.keysOf(terminal));
    return batch;
  }

  async #project(trx: Trx, linked: readonly LinkedEntry[], nowMs: number): Promise<string[]> {
    const codes: string[] = [];
    for (const entry of linked) {
      const code = await projectEntry(trx, { suite: this.#parts.suite, nowMs }, entry);
      if (code !== null) codes.push(code);
    }
    return codes;
  }

  async #applyState(trx: Trx, terminal: string, state: StateMessage, nowMs: number): Promise<Answer[]> {
    const { hall, store, suite, verifyOwn, logger } = this.#parts;
    const row = await trx
      .updateTable('terminal')
      .set({ state: state.state, stateAt: nowMs, session: state.state === 'connected' ? state.session : null })
      .where('terminal', '=', terminal)
      .returning('terminal')
      .executeTakeFirst();
    if (row === undefined || state.state === 'lost') return [];
    const evidence = await provesOlderStore(
      trx,
      { suite, source: terminalSource(hall, terminal), store, nowMs, verifyOwn },
      state,
    );
    if (evidence !== null) {
      const identity = await store.own.restored(trx, `${terminal}: ${evidence.detail}`, evidence.generation);
      await raiseAlarm(trx, { code: 'store-restored', subject: hall, detail: evidence.detail, at: nowMs });
      logger.warn({ code: 'store-restored', ...identity, detail: evidence.detail }, 'store restored');
    }
    return [{ terminal, epoch: state.epoch, session: state.session }];
  }

  async #answer(answers: readonly Answer[]): Promise<void> {
    if (answers.length === 0) return;
    const { store, hall, suite, signer, clock } = this.#parts;
    const identity = await store.identity();
    for (const { terminal, epoch, session, refused } of answers) {
      const source = terminalSource(hall, terminal);
      const row = await store.db
        .selectFrom('epoch')
        .select(['throughSeq', 'headHash', 'stopped'])
        .where('source', '=', source)
        .where('epoch', '=', epoch)
        .executeTakeFirst();
      const place = {
        epoch,
        throughSeq: row?.throughSeq ?? 0,
        headHash: suite.base64urlEncode(row?.headHash ?? genesisHash(suite, source, epoch)),
        ...identity,
      };
      const ack: AckMessage = {
        v: 1,
        ...place,
        gatewayTime: clock.wallMs(),
        sig: suite.base64urlEncode(signer.sign(ackMessage(suite, source, place))),
        ...(session === undefined ? {} : { session }),
        ...(row?.stopped == null ? {} : { stopped: row.stopped }),
        ...(refused === undefined ? {} : { refused: { code: refused.code, hint: ERRORS[refused.code].hint } }),
      };
      this.#parts.publishAck(terminal, encodeMessage(suite, 'ack', ack));
    }
  }
}

/** Stands for the epoch in an answer to something whose epoch could not be read; no epoch is named so. */
const UNKNOWN_EPOCH = 'AAAAAAAAAAA';

/** One answer for each epoch, unless it is a refusal or repeats a session. */
function merged(answers: readonly Answer[]): Answer[] {
  const last = new Map<string, Answer>();
  const others: Answer[] = [];
  for (const answer of answers) {
    if (answer.refused !== undefined || answer.session !== undefined) others.push(answer);
    else last.set(`${answer.terminal} ${answer.epoch}`, answer);
  }
  return [...last.values(), ...others];
}
