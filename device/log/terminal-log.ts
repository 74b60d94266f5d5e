/**
 * The terminal's log: the only place where a press is kept, and the only queue for what is to be sent.
 * One append is one transaction is one fsync (commit A).
 */
import { entryBodies, isKnownKind, PjqError, type Entry, type EntryBody } from '../../protocol/index.js';
import { systemTimers } from '../timers.js';
import { project } from './counter-projection.js';
import { counterRow, READ_COUNTER_ROW, replay, rowIsDue, writeCounterRow, type CounterRow } from './counter-row.js';
import { EntryChain, type RowPlace } from './entry-chain.js';
import { Epochs, type Checkpoint, type EpochPosition, type LogSlice, type Promised } from './epochs.js';
import { LogFile } from './log-file.js';
import type { TerminalLogParts } from './log-parts.js';
import { deletePruned, prunable } from './pruning.js';
import { isDamage, keepAside, salvage } from './salvage.js';
import { SelfCheckProjection, type RecordedCheck } from './self-check-projection.js';
import type { KnownService, ReceiptJob, ServiceBook } from './service-book.js';
import { ServiceProjection } from './service-projection.js';
import type { CounterRecord, Draft, SessionLog } from './session-log.js';

export type { EpochPosition, LogSlice, Promised } from './epochs.js';
export type { TerminalLogParts } from './log-parts.js';

/** A damaged page of these tables and indexes would be found by the first press only. */
const READ_AT_START = [
  'service',
  "service INDEXED BY service_ended WHERE state = 'ended'",
  'receipt',
  "receipt INDEXED BY receipt_waiting WHERE state IN ('queued', 'in-doubt')",
  'meta',
];

export class TerminalLog implements SessionLog, ServiceBook {
  readonly #parts: TerminalLogParts;
  readonly #file: LogFile;
  readonly #chain: EntryChain;
  readonly #epochs: Epochs;
  readonly #services: ServiceProjection;
  readonly #checks: SelfCheckProjection;
  readonly #listeners = new Set<() => void>();
  /** The counter's row as the file has it, and what stands at the counter now: the row and the presses since. */
  #row: CounterRow = counterRow(undefined);
  #record: CounterRecord = this.#row.record;

  constructor(parts: TerminalLogParts) {
    this.#parts = parts;
    this.#file = new LogFile(parts.file, parts.timers ?? systemTimers);
    this.#chain = new EntryChain(this.#file, parts);
    this.#epochs = new Epochs(this.#file, parts.suite, parts.source);
    this.#services = new ServiceProjection((text) => this.#file.sql(text));
    this.#checks = new SelfCheckProjection((text) => this.#file.sql(text));
  }

  /**
   * Opens the log and checks its end against the chain. Where the chain is broken, a new epoch is opened and what
   * holds and was not acknowledged is appended again there. A file that the database finds damaged is kept aside
   * under another name, for inspection, and the same is done in a new one.
   * @returns what was found, for the operator.
   */
  open(): { damaged: string | null } {
    try {
      return { damaged: this.#takeUp() };
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
    const aside = `${this.#parts.file}.damaged-${this.#parts.clock.wallMs()}`;
    this.close();
    keepAside(this.#parts.file, aside);
    this.#begin(aside);
    return { damaged: aside };
  }

  close(): void {
    this.#file.close();
  }

  /** Hears of every append, after its commit. */
  onAppend(listener: () => void): void {
    this.#listeners.add(listener);
  }

  append(drafts: readonly Draft[]): void {
    if (drafts.length === 0) return;
    const { clock, bootId } = this.#parts;
    const moment = { at: clock.wallMs(), mono: clock.monoMs(), bootId };
    try {
      const { record, row } = this.#transaction(() => {
        let after = this.#record;
        for (const draft of drafts) {
          this.#chain.append(draft, moment);
          this.#services.project(draft.kind, draft.body, moment.at);
          this.#checks.project(draft.kind, draft.body, moment.at);
          after = project(after, draft, moment);
        }
        const due = rowIsDue(drafts, after, this.#chain.place(), this.#row);
        return { record: after, row: due ? this.#writeRow(after) : this.#row };
      });
      this.#record = record;
      this.#row = row;
    } catch (cause) {
      if (cause instanceof PjqError) throw cause;
      throw new PjqError('log-write-failed', cause instanceof Error ? cause.message : undefined, { cause });
    }
    for (const listener of this.#listeners) listener();
  }

  record(): CounterRecord {
    return this.#record;
  }

  serviceState(serviceId: string): 'unknown' | 'open' | 'ended' {
    return this.#services.state(serviceId);
  }

  service(serviceId: string): KnownService | null {
    return this.#services.service(serviceId);
  }

  recentServices(limit: number): readonly KnownService[] {
    return this.#services.recentServices(limit);
  }

  nextReceipt(): ReceiptJob | null {
    return this.#services.nextReceipt();
  }

  receiptCopies(serviceId: string): number {
    return this.#services.receiptCopies(serviceId);
  }

  startReceipt(job: ReceiptJob): void {
    this.#services.startReceipt(job);
  }

  forgetStart(job: ReceiptJob): void {
    this.#services.forgetStart(job);
  }

  /** The self-check that was recorded last, of whatever day. */
  newestSelfCheck(): RecordedCheck | null {
    return this.#checks.newest();
  }

  /** Epochs from the oldest to the live one. */
  epochs(): EpochPosition[] {
    return this.#epochs.all();
  }

  /** Entries that the gateway does not have yet. */
  backlog(): number {
    return this.epochs().reduce((sum, epoch) => sum + Math.max(0, epoch.endSeq - epoch.ackedSeq), 0);
  }

  /** When the oldest of them was written, ms since 1970; `null` when there is none. */
  oldestWaitingAtMs(): number | null {
    return this.#epochs.oldestWaitingAtMs();
  }

  /** The last entry as this program wrote it, to be compared with what the file says. */
  head(): RowPlace & { readonly hash: Uint8Array } {
    return this.#chain.head();
  }

  /** Chain of an epoch at `seq`; `null` where it was pruned away or never was. */
  hashAt(epoch: EpochPosition, seq: number): Uint8Array | null {
    return this.#epochs.hashAt(epoch, seq);
  }

  /** The signed head at the place up to which an epoch was pruned. */
  checkpoint(epoch: EpochPosition): Checkpoint | null {
    return this.#epochs.checkpoint(epoch);
  }

  /** Entries from `fromSeq` on, at most so many and so long; `null` when there are none or the first was pruned. */
  slice(epoch: EpochPosition, fromSeq: number, maxEntries: number, maxBytes: number): LogSlice | null {
    return this.#epochs.slice(epoch, fromSeq, maxEntries, maxBytes);
  }

  /**
   * The gateway's disk has the epoch through `promised.throughSeq`. Losing this mark in a crash costs nothing
   * (the next handshake says it again), so it is not worth an fsync of its own: the next append carries it.
   */
  acknowledge(epoch: EpochPosition, promised: Promised): void {
    this.#epochs.acknowledge(epoch, promised);
  }

  /** Another store took over: nothing counts as acknowledged until it has said so itself. */
  forgetAcknowledgements(): void {
    this.#epochs.forgetAcknowledgements();
  }

  /**
   * Nothing of this epoch after what is acknowledged can be sent as it stands (the gateway has another chain, or
   * the chain is broken here): what was not acknowledged is appended again, with the same global ids, in a new
   * epoch that names this one. An entry that its own chain does not vouch for stays behind: in the new chain a
   * changed one would look like any other. One transaction.
   */
  leave(epoch: EpochPosition, cause: EntryBody<'epoch'>['cause']): void {
    this.#row = this.#transaction(() => {
      const rows = this.#epochs.vouched(epoch, epoch.ackedSeq, epoch.endSeq);
      const head = this.hashAt(epoch, epoch.endSeq);
      this.#file.sql('UPDATE epoch SET end_seq = acked_seq WHERE id = ?').run(epoch.id);
      if (epoch.live) {
        const hash = head === null ? null : this.#parts.suite.base64urlEncode(head);
        this.#chain.openEpoch(cause, hash === null ? null : { epoch: epoch.epoch, seq: epoch.endSeq, hash });
      }
      // The projections have them already.
      for (const row of rows) this.#chain.appendAgain(row);
      return this.#writeRow(this.#record);
    });
    for (const listener of this.#listeners) listener();
  }

  /**
   * Prunes acknowledged entries written before `beforeMs`, oldest first, at most `limit` of them; the chain
   * there stays as a signed checkpoint.
   * @returns how many entries went.
   */
  prune(beforeMs: number, limit: number): number {
    const found = prunable(this.#file, this.#epochs, this.#parts, beforeMs, limit);
    if (found === null) return 0;
    const { pruned, row } = this.#transaction(() => {
      this.#services.prune(beforeMs);
      // The record must not rest on an entry that goes.
      return { pruned: deletePruned(this.#file, found), row: this.#writeRow(this.#record) };
    });
    this.#row = row;
    this.append([{ kind: 'checkpoint', body: found.checkpoint }]);
    return pruned;
  }

  /** A value kept beside the log (the last configuration of the hall, say). */
  readMeta(key: string): string | null {
    const row = this.#file.sql('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined;
    return row?.value ?? null;
  }

  writeMeta(key: string, value: string): void {
    this.#file
      .sql('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
      .run(key, value);
  }

  /** Opens the file, and the first epoch of a new one. @returns `chain` where the live chain was broken and left. */
  #takeUp(): string | null {
    this.#file.open();
    const live = this.epochs().find((epoch) => epoch.live);
    if (live === undefined) this.#transaction(() => this.#chain.openEpoch('first', null));
    const holds = live === undefined || this.#epochs.tailHolds(live);
    this.#readAgain();
    if (live !== undefined && !holds) this.leave(live, 'damaged');
    for (const rows of READ_AT_START) this.#file.sql(`SELECT count(*) FROM ${rows}`).get();
    this.#services.takeUp();
    return holds ? null : 'chain';
  }

  /** Begins a new file with what can be read of a damaged one. */
  #begin(damagedFile: string): void {
    const { rows, record } = salvage(damagedFile, this.#parts.suite, this.#parts.source);
    this.#file.open();
    this.#row = this.#transaction(() => {
      this.#chain.openEpoch('damaged', null);
      for (const row of rows) {
        const entry = this.#chain.appendAgain(row);
        if (entry !== null) this.#projectAgain(entry, row.at);
      }
      return this.#writeRow(record);
    });
    this.#record = record;
  }

  #projectAgain({ kind, body }: Entry, atMs: number): void {
    const known = isKnownKind(kind) ? entryBodies[kind].safeParse(body) : undefined;
    if (!known?.success) return;
    this.#services.project(kind, known.data, atMs);
    this.#checks.project(kind, known.data, atMs);
  }

  /** In one transaction. What is kept in memory gives way wherever the file may know better. */
  #transaction<T>(work: () => T): T {
    try {
      return this.#file.transaction(() => {
        if (this.#file.changedElsewhere()) this.#readAgain();
        return work();
      });
    } catch (error) {
      this.#chain.forget();
      throw error;
    }
  }

  #readAgain(): void {
    this.#chain.forget();
    this.#row = counterRow(this.#file.sql(READ_COUNTER_ROW).get());
    const { record, place } = this.#row;
    this.#record = place === null ? record : replay(this.#parts.suite, record, this.#epochs.vouchedAfter(place));
  }

  #writeRow(record: CounterRecord): CounterRow {
    const place = this.#chain.place();
    writeCounterRow(this.#file, record, place);
    return { record, place };
  }
}
