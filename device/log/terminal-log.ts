/**
 * The terminal's log: the only place where a press is kept, and the only queue for what is to be sent.
 * One append is one transaction is one fsync (commit A).
 */
import type { EntryBody } from '../../protocol/index.js';
import { project } from './counter-projection.js';
import { counterRow, READ_COUNTER_ROW, replay, rowIsDue, writeCounterRow, type CounterRow } from './counter-row.js';
import { EntryChain, type RowPlace } from './entry-chain.js';
import type { Purpose } from './ballast.js';
import { notWritten } from './disk-fault.js';
import { checkEpochRows } from './epoch-rows.js';
import { Epochs, type Checkpoint, type EpochPosition, type LogSlice, type Promised } from './epochs.js';
import { HeadNote, type NotedHead } from './head-note.js';
import { LogFile } from './log-file.js';
import { lostBetween, lostSince, nameLost, type LostRange } from './lost-entries.js';
import type { TerminalLogParts } from './log-parts.js';
import { Projections } from './projections.js';
import { deletePruned, prunable } from './pruning.js';
import { isDamage, keepAside, salvage } from './salvage.js';
import type { RecordedCheck } from './self-check-projection.js';
import type { KnownService, ReceiptJob, ServiceBook } from './service-book.js';
import type { CounterRecord, Draft, LoggedMoment, SessionLog } from './session-log.js';

export type { EpochPosition, LogSlice, Promised } from './epochs.js';
export type { TerminalLogParts } from './log-parts.js';

/**
 * So many entries are checked against the chain before the counter opens. Damage further back in
 * a long backlog is found when it is to be sent.
 */
const START_CHECK_ENTRIES = 20_000;

export class TerminalLog implements SessionLog, ServiceBook {
  readonly #parts: TerminalLogParts;
  readonly #file: LogFile;
  readonly #note: HeadNote;
  readonly #chain: EntryChain;
  readonly #epochs: Epochs;
  readonly #projections: Projections;
  readonly #listeners = new Set<() => void>();
  /** The counter's row as the file has it, and what stands at the counter now: the row and the presses since. */
  #row: CounterRow = counterRow(undefined);
  #record: CounterRecord = this.#row.record;
  /** What the gateway has of the live epoch. */
  #ackedSeq = 0;

  constructor(parts: TerminalLogParts) {
    this.#parts = parts;
    this.#file = new LogFile(parts, () => this.#lookAgain());
    this.#note = new HeadNote(parts.file, parts.suite);
    this.#chain = new EntryChain(this.#file, parts);
    this.#epochs = new Epochs(this.#file, parts.suite, parts.source);
    this.#projections = new Projections((text) => this.#file.sql(text));
  }

  /**
   * Opens the log and checks its end against the chain, and against the note of where it ended. Where they do not
   * hold, a new epoch is opened and what holds and was not acknowledged is appended again there; what is lost is
   * named (`log.gap`). A file that the database finds damaged is kept aside under another name, for inspection, and
   * the same is done in a new one.
   * @returns what was found, for the operator.
   * @throws PjqError `log-full`, `log-write-failed` where the disk lets nothing be opened.
   */
  open(): { damaged: string | null } {
    for (let gaveRoom = false; ; gaveRoom = true) {
      try {
        return { damaged: this.#takeUp() };
      } catch (error) {
        if (isDamage(error)) return { damaged: this.#beginAgain() };
        this.close();
        if (gaveRoom || !this.#file.makesRoom(error, 'letting-go')) throw notWritten(error);
      }
    }
  }

  close(): void {
    this.#file.close();
    this.#note.close();
  }

  /**
   * Takes up again a log whose file turned out to be damaged while it was read or written.
   * @returns whether `error` was of that kind.
   * @throws PjqError as `open`.
   */
  mend(error: unknown): boolean {
    if (!isDamage(error)) return false;
    try {
      this.#beginAgain();
    } catch (cause) {
      throw notWritten(cause);
    }
    for (const listener of this.#listeners) listener();
    return true;
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
      this.#commit(drafts, moment);
    } catch (cause) {
      if (!this.mend(cause)) throw notWritten(cause);
      this.#commit(drafts, moment);
    }
    this.#noteHead();
    for (const listener of this.#listeners) listener();
  }

  record(): CounterRecord {
    return this.#record;
  }

  serviceState(serviceId: string): 'unknown' | 'open' | 'ended' {
    return this.#projections.services.state(serviceId);
  }

  service(serviceId: string): KnownService | null {
    return this.#projections.services.service(serviceId);
  }

  recentServices(limit: number): readonly KnownService[] {
    return this.#projections.services.recentServices(limit);
  }

  nextReceipt(): ReceiptJob | null {
    return this.#projections.services.nextReceipt();
  }

  receiptCopies(serviceId: string): number {
    return this.#projections.services.receiptCopies(serviceId);
  }

  startReceipt(job: ReceiptJob): void {
    this.#file.write(() => this.#projections.services.startReceipt(job));
  }

  forgetStart(job: ReceiptJob): void {
    this.#file.write(() => this.#projections.services.forgetStart(job));
  }

  /** The self-check that was recorded last, of whatever day. */
  newestSelfCheck(): RecordedCheck | null {
    return this.#projections.checks.newest();
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

  /** The last entry as this program wrote it. */
  head(): RowPlace & { readonly epoch: string; readonly hash: Uint8Array } {
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
    if (!epoch.live) return;
    this.#ackedSeq = promised.throughSeq;
    this.#noteHead();
  }

  /** Another store took over: nothing counts as acknowledged until it has said so itself. */
  forgetAcknowledgements(): void {
    this.#epochs.forgetAcknowledgements();
    this.#ackedSeq = 0;
  }

  /**
   * Nothing of this epoch after what is acknowledged can be sent as it stands (the gateway has another chain, or
   * the chain is broken here): what was not acknowledged is appended again, with the same global ids, in a new
   * epoch that names this one. An entry that its own chain does not vouch for stays behind, and is named as lost: in
   * the new chain a changed one would look like any other. One transaction.
   * @param alsoLost what somebody else knows to be lost.
   */
  leave(epoch: EpochPosition, cause: EntryBody<'epoch'>['cause'], alsoLost: readonly LostRange[] = []): void {
    this.#row = this.#transaction(() => {
      const held: number[] = [];
      const from = Math.max(epoch.ackedSeq, epoch.prunedSeq) + 1;
      const head = this.hashAt(epoch, epoch.endSeq);
      this.#file.sql('UPDATE epoch SET end_seq = ? WHERE id = ?').run(epoch.ackedSeq, epoch.id);
      if (epoch.live) {
        const hash = head === null ? null : this.#parts.suite.base64urlEncode(head);
        this.#chain.openEpoch(cause, hash === null ? null : { epoch: epoch.epoch, seq: epoch.endSeq, hash });
      }
      // The projections have them already.
      for (const page of this.#epochs.vouchedPages(epoch, epoch.ackedSeq, epoch.endSeq)) {
        for (const row of page) this.#chain.appendAgain(row);
        held.push(...page.map(({ seq }) => seq));
      }
      nameLost(this.#chain, this.#parts, [...lostBetween(epoch.epoch, from, epoch.endSeq, held), ...alsoLost]);
      return this.#writeRow(this.#record);
    });
    if (epoch.live) this.#ackedSeq = 0;
    this.#noteHead();
    for (const listener of this.#listeners) listener();
  }

  /** Leaves the live epoch where its chain does not hold any more, as a start would. @returns whether it did. */
  leaveIfBroken(): boolean {
    const live = this.epochs().find((epoch) => epoch.live);
    if (live === undefined || this.#epochs.tailHolds(live)) return false;
    this.leave(live, 'damaged');
    return true;
  }

  /**
   * Prunes acknowledged entries written before `beforeMs`, oldest first, at most `limit` of them, and none where fewer
   * than `least` could go; the chain there stays as a signed checkpoint. Services that ended before the last of them
   * are forgotten.
   * @returns how many entries went.
   */
  prune(beforeMs: number, limit: number, least = 1): number {
    const found = prunable(this.#file, this.#epochs, this.#parts, beforeMs, limit, least);
    if (found === null) return 0;
    const { pruned, row } = this.#transaction(() => {
      this.#projections.services.prune(Math.min(beforeMs, found.throughMs + 1), Math.ceil(limit / 5));
      // The record must not rest on an entry that goes.
      return { pruned: deletePruned(this.#file, found), row: this.#writeRow(this.#record) };
    }, 'letting-go');
    this.#row = row;
    this.append([{ kind: 'checkpoint', body: found.checkpoint }]);
    return pruned;
  }

  /** Forgets services that ended before `beforeMs` and their slips, at most `limit`; their entries stay. @returns how many went. */
  forgetServices(beforeMs: number, limit: number): number {
    return this.#transaction(() => this.#projections.services.prune(beforeMs, limit));
  }

  /** How much is kept. `freeBytes` of the file are filled again before it grows. */
  extent(): { readonly entries: number; readonly usedBytes: number; readonly freeBytes: number } {
    const entries = this.epochs().reduce((sum, { endSeq, prunedSeq }) => sum + Math.max(0, endSeq - prunedSeq), 0);
    return { entries, usedBytes: this.#file.usedBytes(), freeBytes: this.#file.freeBytes() };
  }

  /** A value kept beside the log (the last configuration of the hall, say). */
  readMeta(key: string): string | null {
    const row = this.#file.sql('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined;
    return row?.value ?? null;
  }

  writeMeta(key: string, value: string): void {
    this.#file.write(() =>
      this.#file
        .sql('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
        .run(key, value),
    );
  }

  /** Opens the file, and the first epoch of a new one. @returns `chain` where the live chain was broken and left. */
  #takeUp(): string | null {
    this.#file.open();
    this.#projections.check();
    checkEpochRows(this.#file, this.#parts.suite);
    const noted = this.#note.read();
    const live = this.epochs().find((epoch) => epoch.live);
    if (live === undefined) this.#transaction(() => this.#openFirst(noted));
    const lost = live === undefined ? null : lostSince(this.#epochs, this.#parts.suite, noted);
    const holds = live === undefined || this.#epochs.tailHolds(live, START_CHECK_ENTRIES);
    this.#readAgain();
    if (live !== undefined && (!holds || lost !== null)) this.leave(live, 'damaged', lost ?? []);
    this.#file.write(() => this.#projections.services.takeUp());
    this.#ackedSeq = this.epochs().at(-1)?.ackedSeq ?? 0;
    this.#noteHead();
    return holds && lost === null ? null : 'chain';
  }

  /** The first epoch of a file. Where a note tells of another file that was here, it is the damage that is named. */
  #openFirst(noted: NotedHead | null): void {
    if (noted === null) return this.#chain.openEpoch('first', null);
    const { epoch, seq, hash, ackedSeq } = noted;
    this.#chain.openEpoch('damaged', { epoch, seq, hash });
    nameLost(this.#chain, this.#parts, lostBetween(epoch, ackedSeq + 1, seq, []));
  }

  #commit(drafts: readonly Draft[], moment: LoggedMoment): void {
    const { record, row } = this.#transaction(() => {
      let after = this.#record;
      for (const draft of drafts) {
        this.#chain.append(draft, moment);
        this.#projections.project(draft, moment.at);
        after = project(after, draft, moment);
      }
      const due = rowIsDue(drafts, after, this.#chain.place(), this.#row);
      return { record: after, row: due ? this.#writeRow(after) : this.#row };
    });
    [this.#record, this.#row] = [record, row];
  }

  #noteHead(): void {
    const { epoch, seq, hash } = this.#chain.head();
    this.#note.write({ epoch, seq, hash: this.#parts.suite.base64urlEncode(hash), ackedSeq: this.#ackedSeq });
  }

  /** Another connection reads the file after a fault: whether it has all that was told as taken. */
  #lookAgain(): void {
    const lost = lostSince(this.#epochs, this.#parts.suite, this.#note.read());
    const live = this.epochs().at(-1);
    if (lost !== null && live?.live === true) this.leave(live, 'damaged', lost);
  }

  /** Keeps the damaged file aside and begins a new one. @returns the name that the damaged one has now. */
  #beginAgain(): string {
    const { file, clock, ballast } = this.#parts;
    const aside = `${file}.damaged-${clock.wallMs()}`;
    this.close();
    this.#chain.forget();
    keepAside(file, aside);
    // Two files need more room than one.
    ballast?.give('letting-go');
    try {
      this.#begin(aside);
    } catch (error) {
      // What can be saved is saved at the next try, from the damaged file, and not forgotten for a new one.
      this.close();
      keepAside(aside, file);
      throw error;
    }
    this.#noteHead();
    return aside;
  }

  /** Begins a new file with what can be read of a damaged one. */
  #begin(damagedFile: string): void {
    const { suite, source } = this.#parts;
    const { rows, record, ancestor, lost } = salvage(damagedFile, suite, source, this.#note.read());
    this.#ackedSeq = 0;
    this.#file.open();
    this.#row = this.#transaction(() => {
      this.#chain.openEpoch('damaged', ancestor);
      for (const row of rows) {
        const entry = this.#chain.appendAgain(row);
        if (entry !== null) this.#projections.projectAgain(entry, row.at);
      }
      nameLost(this.#chain, this.#parts, lost);
      return this.#writeRow(record);
    });
    this.#record = record;
  }

  /** In one transaction. What is kept in memory gives way wherever the file may know better. */
  #transaction<T>(work: () => T, purpose: Purpose = 'rating'): T {
    let again = false;
    try {
      return this.#file.transaction(() => {
        if (again) this.#chain.forget();
        again = true;
        if (this.#file.changedElsewhere()) this.#readAgain();
        return work();
      }, purpose);
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
