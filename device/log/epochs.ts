/** Epochs of the log as sync reads them: where each stands, its entries, and what the gateway has of it. */
import { genesisHash, type AckMessage, type BatchHeader, type Suite } from '../../protocol/index.js';
import { chainHolds } from './chain-holds.js';
import { readHead, type EpochRow, type RowPlace } from './entry-chain.js';
import { acknowledged } from './epoch-rows.js';
import type { LogFile } from './log-file.js';
import { MAX_SEQ, PLACE, PLACED_SEQ } from './entry-place.js';
import { vouchedEntries, type EntryRow } from './vouched-entries.js';

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

export type Checkpoint = NonNullable<BatchHeader['checkpoint']>;

/** So many entries at the log's end are checked against the chain though they are acknowledged. */
const TAIL_CHECK_ENTRIES = 500;
/** What is looked at of a backlog at a time, 0.2 MB. */
const PAGE_ENTRIES = 500;
const LF = 0x0a;

export class Epochs {
  readonly #file: LogFile;
  readonly #suite: Suite;
  readonly #source: string;

  constructor(file: LogFile, suite: Suite, source: string) {
    this.#file = file;
    this.#suite = suite;
    this.#source = source;
  }

  /** From the oldest to the live one. */
  all(): EpochPosition[] {
    const rows = this.#file.sql('SELECT * FROM epoch ORDER BY id').all() as EpochRow[];
    return rows.map((row) => {
      const { seq, promise } = acknowledged(row);
      return {
        id: row.id,
        epoch: row.epoch,
        endSeq: row.end_seq ?? readHead(this.#file, this.#suite, this.#source, row).seq,
        ackedSeq: seq,
        prunedSeq: row.pruned_seq,
        promise,
        live: row.end_seq === null,
      };
    });
  }

  /** Chain of an epoch at `seq`; `null` where it was pruned away or never was. */
  hashAt(epoch: EpochPosition, seq: number): Uint8Array | null {
    if (seq === 0) return genesisHash(this.#suite, this.#source, epoch.epoch);
    const row = this.#file.sql(`SELECT hash FROM entry WHERE place = ${PLACE}`).get(epoch.id, seq) as
      { hash: Buffer } | undefined;
    if (row !== undefined) return Buffer.isBuffer(row.hash) ? row.hash : null;
    const checkpoint = this.checkpoint(epoch);
    return checkpoint?.seq === seq ? this.#suite.base64urlDecode(checkpoint.hash) : null;
  }

  checkpoint(epoch: EpochPosition): Checkpoint | null {
    const row = this.#file.sql('SELECT checkpoint FROM epoch WHERE id = ?').get(epoch.id) as
      { checkpoint: string | null } | undefined;
    return row?.checkpoint == null ? null : (JSON.parse(row.checkpoint) as Checkpoint);
  }

  /** When the oldest entry was written that the gateway does not have; `null` when it has all. */
  oldestWaitingAtMs(): number | null {
    const waiting = this.all().find(({ ackedSeq, endSeq }) => ackedSeq < endSeq);
    if (waiting === undefined) return null;
    const row = this.#file.sql(`SELECT at FROM entry WHERE place = ${PLACE}`).get(waiting.id, waiting.ackedSeq + 1) as
      { at: number } | undefined;
    return row?.at ?? null;
  }

  slice(epoch: EpochPosition, fromSeq: number, maxEntries: number, maxBytes: number): LogSlice | null {
    const prevHash = this.hashAt(epoch, fromSeq - 1);
    if (prevHash === null) return null;
    // As texts, joined and encoded at once: a hundred blobs, each a buffer of its own, take three times as long.
    const rows = this.#file
      .sql(
        `SELECT seq, CAST(bytes AS TEXT) FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place LIMIT ?`,
      )
      .raw()
      .all(epoch.id, fromSeq, epoch.id, epoch.endSeq, maxEntries) as [number, string][];
    const gap = rows.findIndex(([seq], index) => seq !== fromSeq + index);
    const texts = (gap < 0 ? rows : rows.slice(0, gap)).map(([, text]) => text);
    const entries = withinBytes(lines(this.#suite.utf8Encode(texts.join('\n')), texts.length), maxBytes);
    const headHash = entries.length === 0 ? null : this.hashAt(epoch, fromSeq + entries.length - 1);
    return headHash === null ? null : { firstSeq: fromSeq, prevHash, entries, headHash };
  }

  acknowledge(epoch: EpochPosition, promised: Promised): void {
    this.#file.withoutSync(
      () =>
        this.#file
          .sql('UPDATE epoch SET acked_seq = ?, promise = ? WHERE id = ?')
          .run(promised.throughSeq, JSON.stringify(promised), epoch.id),
      // Only what is marked may be let go.
      'letting-go',
    );
  }

  forgetAcknowledgements(): void {
    this.#file.write(() => this.#file.sql('UPDATE epoch SET acked_seq = 0, promise = NULL').run());
  }

  /** Entries of an epoch after `afterSeq` (and through `throughSeq`) that its chain vouches for. */
  vouched(epoch: EpochPosition, afterSeq: number, throughSeq = MAX_SEQ): EntryRow[] {
    return [...this.vouchedPages(epoch, afterSeq, throughSeq)].flat();
  }

  /** The same in pages, so that a backlog of any length has room in memory. */
  *vouchedPages(epoch: EpochPosition, afterSeq: number, throughSeq: number): Generator<EntryRow[], void> {
    const page = this.#file.sql(
      `SELECT place & ${MAX_SEQ} AS placed, seq, at, bytes, hash FROM entry
       WHERE place >= ${PLACE} AND place <= ${PLACE} ORDER BY place LIMIT ${PAGE_ENTRIES + 1}`,
    );
    for (let from = afterSeq + 1; ;) {
      const rows = page.all(epoch.id, from, epoch.id, throughSeq) as (EntryRow & { placed: number })[];
      const [first] = rows;
      if (first === undefined) return;
      const vouched = vouchedEntries(this.#suite, this.hashAt(epoch, first.placed - 1), rows);
      // A page begins with the last row of the one before, and ends with one that is only looked at: whether a row
      // holds may be told by its neighbours.
      const [begin, end] = [from === afterSeq + 1 ? from : from + 1, rows[PAGE_ENTRIES]?.placed ?? Infinity];
      yield vouched.filter(({ seq }) => seq >= begin && seq < end);
      const last = rows[PAGE_ENTRIES - 1];
      // Pages of a damaged file that point at each other wrongly could lead round for ever.
      if (end === Infinity || last === undefined || !(last.placed > from)) return;
      from = last.placed;
    }
  }

  /** Everything that was appended after a place, in the order of appending. */
  vouchedAfter(place: RowPlace): EntryRow[] {
    return this.all()
      .filter(({ id }) => id >= place.epochId)
      .flatMap((epoch) => this.vouched(epoch, epoch.id === place.epochId ? place.seq : 0));
  }

  /**
   * Whether the end of the chain holds: what is not acknowledged, and some more.
   * @param atMost entries, counted from the end.
   */
  tailHolds(epoch: EpochPosition, atMost = MAX_SEQ): boolean {
    const tail = Math.min(epoch.ackedSeq + 1, epoch.endSeq - TAIL_CHECK_ENTRIES);
    const from = Math.max(epoch.prunedSeq + 1, tail, epoch.endSeq - atMost + 1);
    const rows = this.#file.sql(
      `SELECT ${PLACED_SEQ}, bytes, hash FROM entry WHERE place BETWEEN ${PLACE} AND ${PLACE} ORDER BY place`,
    );
    const before = this.hashAt(epoch, from - 1);
    return chainHolds(
      this.#suite,
      before,
      from,
      epoch.endSeq,
      rows.iterate(epoch.id, from, epoch.id, MAX_SEQ) as IterableIterator<EntryRow>,
    );
  }
}

/** An entry is a line. A damaged row that is none, or several, makes a batch that does not lead to its head. */
function lines(text: Uint8Array, total: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let from = 0; found.length < total;) {
    const end = text.indexOf(LF, from);
    found.push(text.subarray(from, end < 0 ? text.length : end));
    if (end < 0) break;
    from = end + 1;
  }
  return found;
}

/** As many from the beginning as fit, and at least one. */
function withinBytes(entries: readonly Uint8Array[], maxBytes: number): readonly Uint8Array[] {
  let size = 0;
  const over = entries.findIndex((entry, index) => (size += entry.length + 1) > maxBytes && index > 0);
  return over < 0 ? entries : entries.slice(0, over);
}
