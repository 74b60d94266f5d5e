/** The tables of the hall's database, as Kysely knows them. Times are ms since 1970, by the gateway's clock unless said. */
import type { Generated } from 'kysely';

/** Every entry of every log, terminals' and the gateway's own, verbatim, in the order of arrival. */
export interface EntryTable {
  id: Generated<number>;
  epochId: number;
  seq: number;
  kind: string;
  bytes: Uint8Array;
  /** Chain after this entry. */
  hash: Uint8Array;
  receivedAt: number;
}

/** One chain of one source. This row is the cursor: it is locked while a batch is linked to it. */
export interface EpochTable {
  id: Generated<number>;
  source: string;
  epoch: string;
  throughSeq: number;
  headHash: Uint8Array;
  /** Signed head last seen, and who signed it. */
  signedSeq: number | null;
  keyId: string | null;
  signature: Uint8Array | null;
  /** Code of the contradiction after which this epoch takes nothing more. */
  stopped: string | null;
  openedAt: number;
}

/** Batches that do not link yet, as they came. */
export interface PendingTable {
  id: Generated<number>;
  source: string;
  epoch: string;
  firstSeq: number;
  lastSeq: number;
  headHash: Uint8Array;
  payload: Uint8Array;
  receivedAt: number;
}

/** Entries whose meaning could not be projected. The entries themselves stand in `entry`. */
export interface QuarantineTable {
  id: Generated<number>;
  entryId: number;
  code: string;
  detail: string;
  at: number;
  resolvedAt: number | null;
}

/** What is told to the operator until somebody clears it. */
export interface AlarmTable {
  id: Generated<number>;
  code: string;
  subject: string;
  detail: string;
  at: number;
  clearedAt: number | null;
}

/** Entries that neither side has any more. */
export interface GapTable {
  id: Generated<number>;
  epochId: number;
  fromSeq: number;
  throughSeq: number;
  /** Chain at `throughSeq`, as the terminal proved it. */
  hash: Uint8Array;
  at: number;
}

/**
 * What was let go of a chain by the retention: entries 1 to `throughSeq`. The gateway's own `log.pruned` says the same;
 * a row that it does not tell of excuses nothing.
 */
export interface CheckpointTable {
  epochId: number;
  throughSeq: number;
  /** Chain at `throughSeq`, signed as a head of that chain by the gateway's log key. */
  hash: Uint8Array;
  keyId: string;
  signature: Uint8Array;
  at: number;
}

/** Offset of a boot's monotonic clock to the gateway's wall clock: an interval, tightest seen. */
export interface TimePairTable {
  source: string;
  bootId: string;
  /** Gateway time minus mono lies in [lowMs, highMs]. */
  lowMs: number;
  highMs: number;
  /** Mono at which the pair was taken; the interval widens away from it. */
  monoMs: number;
}

export interface TerminalTable {
  terminal: string;
  window: string;
  addedAt: number;
  /** connected | lost, from its `state`. */
  state: string;
  stateAt: number;
  session: string | null;
  duty: string | null;
  health: string | null;
}

export interface TerminalKeyTable {
  keyId: string;
  terminal: string;
  publicKey: string;
  addedAt: number;
  revokedAt: number | null;
}

/** A service and what stands of it. Projection; everything in it comes from the log. */
export interface ServiceTable {
  serviceId: string;
  terminal: string;
  caseNo: string;
  stage: string;
  matter: string | null;
  window: string | null;
  staffNo: string | null;
  /** requested: asked for, terminal has not said yes; open: invited; closed: the session ended. */
  state: string;
  origin: string;
  /** As said by the terminal. */
  openedAt: number | null;
  closedAt: number | null;
  /** Why the session ended. */
  endCause: string | null;
  /** When the closing reached the gateway: from here the counter PC's delay counts (I6). */
  closedSeenAt: number | null;
  ratingId: string | null;
  requestedAt: number;
  validUntil: number | null;
}

/** Every press that is in a log; the last of a service is its rating. */
export interface PressTable {
  pressId: string;
  serviceId: string;
  level: number;
  entryId: number;
  at: number;
  bootId: string;
  monoMs: number;
  receivedAt: number;
  /** Codes of the reasons that the citizen gave for it, JSON. */
  reasons: string | null;
}

/** Ratings that stand: one a service. */
export interface RatingTable {
  ratingId: string;
  serviceId: string;
  level: number;
  channel: string;
  cause: string;
  entryId: number;
  /** As the terminal's wall clock had it. */
  at: number;
  /** Corrected time as an interval; null where it is unknown. */
  correctedLowMs: number | null;
  correctedHighMs: number | null;
}

/** The queue for the centre. */
export interface ForwardTable {
  ratingId: string;
  /** waiting | delivered | conflict | refused */
  state: string;
  attempts: number;
  nextAt: number;
  claimedUntil: number;
  lastCode: string | null;
  deliveredAt: number | null;
}

/** The last known state of a terminal's part, and since when by the terminal's clock. Projection of `fault` entries. */
export interface PartTable {
  terminal: string;
  part: string;
  /** connected | degraded | lost */
  state: string;
  code: string | null;
  since: number;
}

/** The checks before duty. Times by the terminal's clock. Projection of `selfcheck` entries. */
export interface SelfCheckTable {
  checkId: string;
  terminal: string;
  staffNo: string | null;
  /** pass | limited | fail | skipped */
  result: string;
  reason: string | null;
  startedAt: number;
  endedAt: number;
  /** What was checked, JSON. */
  items: string;
}

/** First answers by Idempotency-Key. */
export interface IdempotencyTable {
  key: string;
  requestHash: string;
  /** Null while the first request is being worked on. */
  status: number | null;
  body: string | null;
  createdAt: number;
}

export interface MetaTable {
  key: string;
  value: string;
}

export interface HallDatabase {
  entry: EntryTable;
  epoch: EpochTable;
  pending: PendingTable;
  quarantine: QuarantineTable;
  alarm: AlarmTable;
  gap: GapTable;
  checkpoint: CheckpointTable;
  timePair: TimePairTable;
  terminal: TerminalTable;
  terminalKey: TerminalKeyTable;
  service: ServiceTable;
  press: PressTable;
  rating: RatingTable;
  forward: ForwardTable;
  part: PartTable;
  selfCheck: SelfCheckTable;
  idempotency: IdempotencyTable;
  meta: MetaTable;
}
