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
  /** single | batch | theme; null: single. */
  form: string | null;
  /** Of a batch or a theme: all its cases, JSON. */
  cases: string | null;
  /** 1 first, 2 follow-up; null: 1. */
  assessNumber: number | null;
  followsUp: string | null;
  /** window | department, where it is not the policy's for the stage. */
  attributedTo: string | null;
  department: string | null;
  /** Who was signed on at the terminal when its log told the session's end; `staffNo` is who opened it. */
  dutyStaffNo: string | null;
  /** When the terminal's own log told the session's end, by the gateway's clock: from here no earlier press can come. */
  coveredAt: number | null;
  /** From when the days count: the request, or the opening by corrected time, ms. */
  daysFrom: number | null;
  /** When its days were over unrated, by the gateway's clock, and what it then counts as (marked `default`, for ever). */
  expiredAt: number | null;
  defaultLevel: number | null;
  /** When the business system took it back, by the gateway's clock: then nobody was served. */
  takenBackAt: number | null;
  /** The press that came last. It finds the presses of a service that is still open; an index would cost each rating. */
  lastPressId: string | null;
  /** What a receipt's code calls it: 64 bits of the digest of the serviceId, base64url. */
  reference: string | null;
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
  /** Levels of single things, JSON (`marksSchema`). */
  marks: string | null;
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
  /** Latest moment at which it can have been made, by the gateway's clock: what acts are ordered by. */
  latestMs: number | null;
  /** 1, or 0 where nobody knows whether it was the one who was served; null: 1. */
  verified: number | null;
  /** Codes of reasons of a rating that is no press, JSON. */
  reasons: string | null;
  /** Commitment to its free text, which is in `freeText`. */
  text: string | null;
  /** Levels of single things, JSON (`marksSchema`). */
  marks: string | null;
  /** The act that it says it changes. */
  replaces: string | null;
  /** The act whose place in the order it has; null: its own. */
  orderedAs: string | null;
}

/** Acts of rating that do not count, each with the reason. Nothing of them goes to a centre. */
export interface AsideTable {
  ratingId: string;
  serviceId: string;
  level: number;
  channel: string;
  cause: string;
  entryId: number;
  at: number;
  correctedLowMs: number | null;
  correctedHighMs: number | null;
  latestMs: number | null;
  verified: number | null;
  reasons: string | null;
  text: string | null;
  marks: string | null;
  replaces: string | null;
  orderedAs: string | null;
  /** service-already-rated | rating-replaced | rating-displaced | rating-window-over | service-ungranted */
  code: string;
}

/** Services of which only a receipt's code is known so far. */
export interface ProvisionalTable {
  /** Under which its acts stand meanwhile. */
  serviceId: string;
  terminal: string;
  reference: string;
  /** Day of the code, yyyy-mm-dd. */
  day: string;
  at: number;
  /** The service, once a log has told of it. */
  resolvedTo: string | null;
}

/** Lists of reasons that the hall has had; the last is the one in force. Written with its entry in the own log. */
export interface ReasonListTable {
  id: Generated<number>;
  /** As entries name it. */
  list: string;
  /** Its reasons, JSON (`reasonsSchema`). */
  reasons: string;
  at: number;
}

/** Failed tries at something that has a few only. */
export interface AttemptTable {
  /** What is tried, as a digest where it is personal. */
  subject: string;
  failures: number;
  lockedUntil: number;
  at: number;
}

/** What somebody should look at; it changes no figure. */
export interface FlagTable {
  id: Generated<number>;
  flag: string;
  subject: string;
  evidence: string;
  at: number;
  clearedAt: number | null;
}

/** Who sent an act by phone, as keyed digests, for some days: whether many acts are one hand's. In no figure, no entry. */
export interface SightingTable {
  ratingId: string;
  /** Digest of what a browser says of itself with its address; and of the block of addresses. */
  device: string;
  block: string;
  /** 1: from a network of the hall itself. */
  inHall: number;
  at: number;
}

/** What an evaluator wrote, or a callback brought, beside the entry that commits to it. */
export interface FreeTextTable {
  /** The commitment, as the entry has it. */
  commitment: string;
  ratingId: string;
  /** Null once erased. */
  salt: Uint8Array | null;
  text: string | null;
  /** `appStatus` of the national list: 2 reviewed, 3 not yet. */
  appStatus: number;
  at: number;
}

/** Who was served: sealed, one data key a service, wrapped by a key that is kept elsewhere (I7). */
export interface EvaluatorTable {
  serviceId: string;
  suite: string;
  /** Which wrapping key. */
  wrapKeyId: string;
  /** Of the row in `dataKey`; null once erased, as what it sealed. */
  dataKeyId: number | null;
  sealed: Uint8Array | null;
  /** On what basis the person may be written to; null: not at all. */
  contactBasis: string | null;
  sealedAt: number;
  erasedAt: number | null;
}

/** Wrapped data keys, all of one size, overwritten in place when they go (gateway/evaluator/sealed-rows.ts). */
export interface DataKeyTable {
  id: Generated<number>;
  wrapped: Uint8Array;
}

/** Messages to those who have not rated. The row is there before the message leaves. */
export interface ReminderTable {
  serviceId: string;
  /** invitation | reminder */
  purpose: string;
  /** sent | failed | skipped */
  outcome: string;
  code: string | null;
  at: number;
}

/** Who wants no messages: a keyed digest of the phone number. */
export interface OptOutTable {
  phoneDigest: string;
  at: number;
}

/** The queue for the centre. */
export interface ForwardTable {
  ratingId: string;
  /** waiting | held | awaiting-reason | withdrawn | delivered | conflict | refused */
  state: string;
  attempts: number;
  nextAt: number;
  claimedUntil: number;
  lastCode: string | null;
  deliveredAt: number | null;
  /** The rating that the centre may have in this one's place. */
  corrects: string | null;
  /** What goes as the why besides the press's reasons, JSON: `{ by, codes?, text? }` (gateway/core/supplied.ts). */
  supplied: string | null;
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
  aside: AsideTable;
  provisional: ProvisionalTable;
  reasonList: ReasonListTable;
  attempt: AttemptTable;
  flag: FlagTable;
  sighting: SightingTable;
  freeText: FreeTextTable;
  evaluator: EvaluatorTable;
  dataKey: DataKeyTable;
  reminder: ReminderTable;
  optOut: OptOutTable;
  forward: ForwardTable;
  part: PartTable;
  selfCheck: SelfCheckTable;
  idempotency: IdempotencyTable;
  meta: MetaTable;
}
