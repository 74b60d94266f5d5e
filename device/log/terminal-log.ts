/**
 * The terminal's log: the only place where a press is kept, and the only queue for what is to be sent.
 * One append is one transaction is one fsync (commit A).
 */
import Database from 'better-sqlite3';
import {
  encodeEntry,
  encodeEntryAgain,
  genesisHash,
  headMessage,
  nextHash,
  parseEntry,
  PjqError,
  type AckMessage,
  type BatchHeader,
  type Clock,
  type ClockState,
  type EntryBody,
  type HeadSigner,
  type Randomness,
  type Suite,
} from '../../protocol/index.js';
import { EMPTY_RECORD, project } from './counter-projection.js';
import { configure, migrateLog } from './log-schema.js';
import { isDamage, keepAside, salvage } from './salvage.js';
import type { CounterRecord, Draft, SessionLog } from './session-log.js';
import { vouchedEntries, type EntryRow } from './vouched-entries.js';

export interface TerminalLogParts {
  readonly file: string;
  readonly source: string;
  readonly bootId: string;
  readonly suite: Suite;
  readonly signer: HeadSigner;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Whether the wall clock is known to be right at this moment. */
  readonly clockState: () => ClockState;
}

/** What the gateway promised for an epoch, as the terminal shows it again. */
export type Promised = Pick<AckMessage, 'storeId' | 'generation' | 'throughSeq' | 'headHash' | 'sig'>;

/** Where an epoch stands. `endSeq` is the last entry that is to be sent. */
export interface EpochPosition {
  readonly id: number;
  readonly epoch: string;
  readonly endSeq: number;
  readonly ackedSeq: number;
  readonly prunedSeq: number;
  readonly promise: Promised | null;
  /** Whether entries are still appended to it. */
  readonly live: boolean;
}

/** Entries of one epoch in order, as a batch wants them. */
export interface LogSlice {
  readonly firstSeq: number;
  readonly prevHash: Uint8Array;
  readonly entries: readonly Uint8Array[];
  readonly headHash: Uint8Array;
}

interface EpochRow {
  id: number;
  epoch: string;
  acked_seq: number;
  end_seq: number | null;
  pruned_seq: number;
  checkpoint: string | null;
  promise: string | null;
}
type Checkpoint = NonNullable<BatchHeader['checkpoint']>;

/** How many entries at the log's end are checked against the chain at start-up; all that is not acknowledged, and these. */
const TAIL_CHECK_ENTRIES = 500;

export class TerminalLog implements SessionLog {
  readonly #parts: TerminalLogParts;
  readonly #listeners = new Set<() => void>();
  readonly #statements = new Map<string, Database.Statement>();
  #db: Database.Database | undefined;
  #record: CounterRecord = EMPTY_RECORD;

  constructor(parts: TerminalLogParts) {
    this.#parts = parts;
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
    this.#db?.close();
    this.#db = undefined;
  }

  /** Hears of every append, after its commit. */
  onAppend(listener: () => void): void {
    this.#listeners.add(listener);
  }

  append(drafts: readonly Draft[]): void {
    if (drafts.length === 0) return;
    const { clock, bootId, clockState } = this.#parts;
    const moment = { at: clock.wallMs(), mono: clock.monoMs(), bootId };
    try {
      this.#record = this.#transaction(() => {
        let record = this.#record;
        for (const draft of drafts) {
          this.#appendBytes(moment.at, (place) =>
            encodeEntry(this.#parts.suite, {
              ...place,
              source: this.#parts.source,
              ...moment,
              clock: clockState(),
              kind: draft.kind,
              body: draft.body,
            }),
          );
          if ('serviceId' in draft.body) this.#projectService(draft.kind, draft.body.serviceId, moment.at);
          record = project(record, draft, moment);
        }
        if (record !== this.#record) {
          this.#sql(
            'INSERT INTO counter (id, record) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
          ).run(JSON.stringify(record));
        }
        return record;
      });
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
    const row = this.#sql('SELECT state FROM service WHERE service_id = ?').get(serviceId) as
      { state: 'open' | 'ended' } | undefined;
    return row?.state ?? 'unknown';
  }

  /** Epochs from the oldest to the live one. */
  epochs(): EpochPosition[] {
    const rows = this.#sql('SELECT * FROM epoch ORDER BY id').all() as EpochRow[];
    return rows.map((row) => ({
      id: row.id,
      epoch: row.epoch,
      endSeq: row.end_seq ?? this.#headOf(row).seq,
      ackedSeq: row.acked_seq,
      prunedSeq: row.pruned_seq,
      promise: row.promise === null ? null : (JSON.parse(row.promise) as Promised),
      live: row.end_seq === null,
    }));
  }

  /** Entries that the gateway does not have yet. */
  backlog(): number {
    return this.epochs().reduce((sum, epoch) => sum + Math.max(0, epoch.endSeq - epoch.ackedSeq), 0);
  }

  /** Chain of an epoch at `seq`; `null` where it was pruned away or never was. */
  hashAt(epoch: EpochPosition, seq: number): Uint8Array | null {
    if (seq === 0) return genesisHash(this.#parts.suite, this.#parts.source, epoch.epoch);
    const row = this.#sql('SELECT hash FROM entry WHERE epoch_id = ? AND seq = ?').get(epoch.id, seq) as
      { hash: Buffer } | undefined;
    if (row !== undefined) return row.hash;
    const checkpoint = this.checkpoint(epoch);
    return checkpoint?.seq === seq ? this.#parts.suite.base64urlDecode(checkpoint.hash) : null;
  }

  /** The signed head at the place up to which an epoch was pruned. */
  checkpoint(epoch: EpochPosition): Checkpoint | null {
    const row = this.#sql('SELECT checkpoint FROM epoch WHERE id = ?').get(epoch.id) as
      { checkpoint: string | null } | undefined;
    return row?.checkpoint == null ? null : (JSON.parse(row.checkpoint) as Checkpoint);
  }

  /** Entries from `fromSeq` on, at most so many and so long; `null` when there are none or the first was pruned. */
  slice(epoch: EpochPosition, fromSeq: number, maxEntries: number, maxBytes: number): LogSlice | null {
    const prevHash = this.hashAt(epoch, fromSeq - 1);
    if (prevHash === null) return null;
    const rows = this.#sql(
      'SELECT seq, bytes, hash FROM entry WHERE epoch_id = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?',
    ).all(epoch.id, fromSeq, epoch.endSeq, maxEntries) as EntryRow[];
    const taken: EntryRow[] = [];
    let size = 0;
    for (const row of rows) {
      size += row.bytes.length + 1;
      if (taken.length > 0 && size > maxBytes) break;
      if (row.seq !== fromSeq + taken.length) break;
      taken.push(row);
    }
    const last = taken.at(-1);
    if (last === undefined) return null;
    return { firstSeq: fromSeq, prevHash, entries: taken.map((row) => row.bytes), headHash: last.hash };
  }

  /**
   * The gateway's disk has the epoch through `promised.throughSeq`. Losing this mark in a crash costs nothing
   * (the next handshake says it again), so it is not worth an fsync of its own: the next append carries it.
   */
  acknowledge(epoch: EpochPosition, promised: Promised): void {
    this.#open.pragma('synchronous = NORMAL');
    try {
      this.#sql('UPDATE epoch SET acked_seq = ?, promise = ? WHERE id = ?').run(
        promised.throughSeq,
        JSON.stringify(promised),
        epoch.id,
      );
    } finally {
      this.#open.pragma('synchronous = FULL');
    }
  }

  /** Another store took over: nothing counts as acknowledged until it has said so itself. */
  forgetAcknowledgements(): void {
    this.#sql('UPDATE epoch SET acked_seq = 0, promise = NULL').run();
  }

  /**
   * Nothing of this epoch after what is acknowledged can be sent as it stands (the gateway has another chain, or
   * the chain is broken here): what was not acknowledged is appended again, with the same global ids, in a new
   * epoch that names this one. An entry that its own chain does not vouch for stays behind: in the new chain a
   * changed one would look like any other. One transaction.
   */
  leave(epoch: EpochPosition, cause: EntryBody<'epoch'>['cause']): void {
    this.#transaction(() => {
      const rows = this.#sql(
        'SELECT seq, at, bytes, hash FROM entry WHERE epoch_id = ? AND seq > ? AND seq <= ? ORDER BY seq',
      ).all(epoch.id, epoch.ackedSeq, epoch.endSeq) as EntryRow[];
      const head = this.hashAt(epoch, epoch.endSeq);
      this.#sql('UPDATE epoch SET end_seq = acked_seq WHERE id = ?').run(epoch.id);
      if (epoch.live) {
        this.#openEpoch(
          cause,
          head === null
            ? null
            : { epoch: epoch.epoch, seq: epoch.endSeq, hash: this.#parts.suite.base64urlEncode(head) },
        );
      }
      const before = this.hashAt(epoch, (rows[0]?.seq ?? 1) - 1);
      for (const row of vouchedEntries(this.#parts.suite, before, rows)) this.#appendAgain(row);
    });
    for (const listener of this.#listeners) listener();
  }

  /**
   * Prunes acknowledged entries written before `beforeMs`, oldest first, at most `limit` of them; the chain
   * there stays as a signed checkpoint.
   * @returns how many entries went.
   */
  prune(beforeMs: number, limit: number): number {
    const epoch = this.epochs().find((one) => one.ackedSeq > one.prunedSeq);
    if (epoch === undefined) return 0;
    const rows = this.#sql('SELECT seq, at, hash FROM entry WHERE epoch_id = ? AND seq <= ? ORDER BY seq LIMIT ?').all(
      epoch.id,
      epoch.ackedSeq,
      limit,
    ) as EntryRow[];
    const firstKept = rows.findIndex((row) => row.at >= beforeMs);
    const last = rows[(firstKept < 0 ? rows.length : firstKept) - 1];
    if (last === undefined) return 0;
    const { suite, signer, source } = this.#parts;
    const checkpoint: Checkpoint = {
      seq: last.seq,
      hash: suite.base64urlEncode(last.hash),
      keyId: signer.keyId,
      sig: suite.base64urlEncode(
        signer.sign(headMessage(suite, { source, epoch: epoch.epoch, seq: last.seq, hash: last.hash })),
      ),
    };
    const pruned = this.#transaction(() => {
      this.#sql('UPDATE epoch SET pruned_seq = ?, checkpoint = ? WHERE id = ?').run(
        last.seq,
        JSON.stringify(checkpoint),
        epoch.id,
      );
      this.#sql("DELETE FROM service WHERE state = 'ended' AND at < ?").run(beforeMs);
      return this.#sql('DELETE FROM entry WHERE epoch_id = ? AND seq <= ?').run(epoch.id, last.seq).changes;
    });
    this.append([{ kind: 'checkpoint', body: checkpoint }]);
    return pruned;
  }

  /** A value kept beside the log (the last configuration of the hall, say). */
  readMeta(key: string): string | null {
    const row = this.#sql('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined;
    return row?.value ?? null;
  }

  writeMeta(key: string, value: string): void {
    this.#sql('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(
      key,
      value,
    );
  }

  get #open(): Database.Database {
    if (this.#db === undefined) throw new Error('the log is not open');
    return this.#db;
  }

  #sql(text: string): Database.Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#open.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Opens the file, and the first epoch of a new one. @returns `chain` where the live chain was broken and left. */
  #takeUp(): string | null {
    this.#openFile();
    let damaged: string | null = null;
    const live = this.epochs().find((epoch) => epoch.live);
    if (live === undefined) this.#transaction(() => this.#openEpoch('first', null));
    else if (!this.#tailHolds(live)) {
      damaged = 'chain';
      this.leave(live, 'damaged');
    }
    // A damaged page of these would be found by the first press only.
    for (const table of ['service', 'meta']) this.#sql(`SELECT count(*) FROM ${table}`).get();
    this.#readRecord();
    return damaged;
  }

  /** Begins a new file with what can be read of a damaged one. */
  #begin(damagedFile: string): void {
    const { rows, record } = salvage(damagedFile, this.#parts.suite, this.#parts.source);
    this.#openFile();
    this.#transaction(() => {
      this.#openEpoch('damaged', null);
      for (const row of rows) this.#appendAgain(row);
      if (record !== null) this.#sql('INSERT INTO counter (id, record) VALUES (1, ?)').run(record);
    });
    this.#readRecord();
  }

  #readRecord(): void {
    const row = this.#sql('SELECT record FROM counter WHERE id = 1').get() as { record: string } | undefined;
    this.#record = row === undefined ? EMPTY_RECORD : (JSON.parse(row.record) as CounterRecord);
  }

  #openFile(): void {
    this.#statements.clear();
    const db = new Database(this.#parts.file, { timeout: 2_000 });
    this.#db = db;
    configure(db);
    migrateLog(db);
  }

  #transaction<T>(work: () => T): T {
    return this.#open.transaction(work).immediate();
  }

  #live(): EpochRow | undefined {
    return this.#sql('SELECT * FROM epoch WHERE end_seq IS NULL ORDER BY id DESC LIMIT 1').get() as
      EpochRow | undefined;
  }

  #headOf(row: EpochRow): { seq: number; hash: Uint8Array } {
    const last = this.#sql('SELECT seq, hash FROM entry WHERE epoch_id = ? ORDER BY seq DESC LIMIT 1').get(row.id) as
      EntryRow | undefined;
    if (last !== undefined) return last;
    const { suite, source } = this.#parts;
    if (row.checkpoint !== null) {
      const checkpoint = JSON.parse(row.checkpoint) as Checkpoint;
      return { seq: checkpoint.seq, hash: suite.base64urlDecode(checkpoint.hash) };
    }
    return { seq: 0, hash: genesisHash(suite, source, row.epoch) };
  }

  #appendBytes(at: number, encode: (place: { epoch: string; seq: number }) => Uint8Array): void {
    const live = this.#live();
    if (live === undefined) throw new PjqError('log-damaged', 'no live epoch');
    const head = this.#headOf(live);
    const seq = head.seq + 1;
    const bytes = encode({ epoch: live.epoch, seq });
    this.#sql('INSERT INTO entry (epoch_id, seq, at, bytes, hash) VALUES (?, ?, ?, ?, ?)').run(
      live.id,
      seq,
      at,
      bytes,
      nextHash(this.#parts.suite, head.hash, bytes),
    );
  }

  #appendAgain(row: EntryRow): void {
    const { suite } = this.#parts;
    let entry;
    try {
      entry = parseEntry(suite, row.bytes);
    } catch {
      return; // Unreadable bytes cannot be carried over; the epoch that names its ancestor tells that it ended there.
    }
    if (entry.kind === 'epoch' || entry.kind === 'checkpoint') return;
    const again = entry;
    this.#appendBytes(row.at, (place) => encodeEntryAgain(suite, again, place));
    const { serviceId } = again.body;
    if (typeof serviceId === 'string') this.#projectService(again.kind, serviceId, row.at);
  }

  #openEpoch(cause: EntryBody<'epoch'>['cause'], ancestor: EntryBody<'epoch'>['ancestor']): void {
    const { suite, source, clock, bootId, randomness, signer, clockState } = this.#parts;
    this.#sql('INSERT INTO epoch (epoch, acked_seq, pruned_seq) VALUES (?, 0, 0)').run(randomness.newId());
    const at = clock.wallMs();
    this.#appendBytes(at, (place) =>
      encodeEntry(suite, {
        ...place,
        source,
        at,
        bootId,
        mono: clock.monoMs(),
        clock: clockState(),
        kind: 'epoch',
        body: { cause, ancestor, keyId: signer.keyId },
      }),
    );
  }

  #projectService(kind: string, serviceId: string, at: number): void {
    const state = kind === 'service.opened' ? 'open' : kind === 'rating' || kind === 'unrated' ? 'ended' : null;
    if (state === null) return;
    this.#sql(
      'INSERT INTO service (service_id, state, at) VALUES (?, ?, ?) ON CONFLICT (service_id) DO UPDATE SET state = excluded.state, at = excluded.at',
    ).run(serviceId, state, at);
  }

  /** Recomputes the end of the live chain: what is not acknowledged, and some more. */
  #tailHolds(live: EpochPosition): boolean {
    const from = Math.max(live.prunedSeq + 1, Math.min(live.ackedSeq + 1, live.endSeq - TAIL_CHECK_ENTRIES));
    let hash = this.hashAt(live, from - 1);
    let seq = from;
    const rows = this.#sql('SELECT seq, bytes, hash FROM entry WHERE epoch_id = ? AND seq >= ? ORDER BY seq');
    for (const row of rows.iterate(live.id, from) as IterableIterator<EntryRow>) {
      if (hash === null || row.seq !== seq) return false;
      hash = nextHash(this.#parts.suite, hash, row.bytes);
      if (!row.hash.equals(hash)) return false;
      seq += 1;
    }
    return true;
  }
}
