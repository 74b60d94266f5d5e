/**
 * An entry of a log. Its bytes are made once, by its writer, and from then on hashed, carried and kept
 * verbatim; nobody re-encodes them. They are one line of JSON: JSON escapes every line break, so a batch
 * can join entries with one.
 */
import { z } from 'zod';
import { ratingChannelSchema } from './rating-channels.js';
import { PjqError } from './errors.js';
import {
  caseNoSchema,
  digestSchema,
  keyIdSchema,
  monoMsSchema,
  randomIdSchema,
  seqSchema,
  serviceIdSchema,
  sourceSchema,
  wallMsSchema,
} from './identifiers.js';
import { MAX_MATTERS, markCodeSchema, themeMatterSchema } from './indicators.js';
import { levelSchema } from './levels.js';
import { attributionSchema } from './policy.js';
import { reasonListIdSchema, reasonsSchema } from './reason-list.js';
import { MAX_REASONS } from './reasons.js';
import type { Suite } from './suite.js';

/** Stage of a case at which a rating is opened (S §18): 受理 or 办结. */
export const stageSchema = z.enum(['intake', 'completion']);
export type Stage = z.infer<typeof stageSchema>;

/** 事项. `label` is shown instead of the name where the name would embarrass (divorce, disability). */
export const matterSchema = z.object({
  code: z.string().min(1).max(64).optional(),
  name: z.string().min(1).max(120).optional(),
  label: z.string().min(1).max(60).optional(),
});
export type Matter = z.infer<typeof matterSchema>;

export const staffNoSchema = z.string().regex(/^[A-Za-z0-9-]{1,32}$/, 'must be 1-32 letters, digits or hyphens');

/** What a terminal needs to know of a service: never anything of the evaluator (I7). */
export const serviceFactsSchema = z.object({
  serviceId: serviceIdSchema,
  caseNo: caseNoSchema,
  stage: stageSchema,
  matter: matterSchema.optional(),
  /** Of a theme, what may be rated one by one (S §20). */
  matters: z.array(themeMatterSchema).min(2).max(MAX_MATTERS).optional(),
});
export type ServiceFacts = z.infer<typeof serviceFactsSchema>;

/** `batch`: two or more cases of one matter; `theme`: of several matters (S §20). Either is one service with one rating. */
export const serviceFormSchema = z.enum(['single', 'batch', 'theme']);
export type ServiceForm = z.infer<typeof serviceFormSchema>;

/** How many cases one service may stand for; an entry has to hold them. */
export const MAX_CASES = 40;

/** One of the cases that a batch or a theme stands for. */
export const serviceCaseSchema = z.object({
  caseNo: caseNoSchema,
  matter: z
    .object({ code: z.string().min(1).max(64).optional(), label: z.string().min(1).max(60).optional() })
    .optional(),
});
export type ServiceCase = z.infer<typeof serviceCaseSchema>;

/** What the gateway knows of a service beyond what its terminal is told. Absent: a single first service by the policy's stage. */
export const serviceMoreSchema = z.object({
  form: serviceFormSchema.optional(),
  /** All cases of a batch or a theme, the one of `caseNo` first. */
  cases: z.array(serviceCaseSchema).min(2).max(MAX_CASES).optional(),
  /** 2: a follow-up rating (追评), of the service that it names. */
  assessNumber: z.union([z.literal(1), z.literal(2)]).optional(),
  followsUp: serviceIdSchema.optional(),
  /** Whom the rating belongs to where it is not the policy's: after hand-over the department (D §9). */
  attributedTo: attributionSchema.optional(),
  /** 18-character unified social credit code, or the hall's own. */
  department: z.string().min(1).max(32).optional(),
});
export type ServiceMore = z.infer<typeof serviceMoreSchema>;

/** A salted commitment to a free text that is kept beside the log, so that the text can go and the chain stay. */
export const textCommitmentSchema = digestSchema;

/** A place in some log. */
export const entryPlaceSchema = z.object({ epoch: randomIdSchema, seq: seqSchema });

/** Whether the wall clock that wrote the entry was set by somebody who knows the time. */
export const clockStateSchema = z.enum(['synced', 'free']);
export type ClockState = z.infer<typeof clockStateSchema>;

/** Why a session ended. */
export const sessionEndSchema = z.enum([
  'time-over',
  'next-service',
  'cancelled',
  'later',
  'restart',
  'off-duty',
  'grace',
]);
export type SessionEnd = z.infer<typeof sessionEndSchema>;

const pauseReasonSchema = z.string().min(1).max(120);

/** Codes of reasons (标签). Which list they are of is the list's version; retired codes stay readable. */
export const reasonCodesSchema = z.array(z.string().regex(/^[0-9A-Za-z-]{1,12}$/)).max(MAX_REASONS);

/** A level given to one thing beside the whole: an indicator of the policy (G 四), or one matter of a theme (S §20). */
export const markSchema = z.object({
  of: z.enum(['indicator', 'matter']),
  code: markCodeSchema,
  level: levelSchema,
});
export type Mark = z.infer<typeof markSchema>;
/** Each thing once. */
export const marksSchema = z
  .array(markSchema)
  .min(1)
  .max(24)
  .refine((marks) => new Set(marks.map(({ of, code }) => `${of} ${code}`)).size === marks.length, 'each thing once');

/** Why a receipt is printed: the policy has it so at the opening or the end, the citizen or the staff asked. */
export const receiptOccasionSchema = z.enum(['opened', 'later', 'unrated', 'again']);
export type ReceiptOccasion = z.infer<typeof receiptOccasionSchema>;

/** How a self-check, or one thing of it, came out. `limited`: the terminal serves, but not with all that it has. */
export const selfCheckResultSchema = z.enum(['pass', 'limited', 'fail', 'skipped']);
export type SelfCheckResult = z.infer<typeof selfCheckResultSchema>;

/** One thing that was checked. `code` names the fault (`docs/errors.md` where it is an error code). */
export const selfCheckItemSchema = z.object({
  item: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  result: selfCheckResultSchema,
  code: z.string().max(60).optional(),
});
export type SelfCheckItem = z.infer<typeof selfCheckItemSchema>;

/** The body of each kind of entry. A kind that is missing here enters the log all the same (`meaning-unknown`). */
export const entryBodies = {
  /** Entry 1 of every epoch: why it was opened, and which chain it goes on from. */
  epoch: z.object({
    cause: z.enum(['first', 'fork', 'damaged', 'stopped', 'restored']),
    ancestor: z.object({ epoch: randomIdSchema, seq: z.int().min(0), hash: digestSchema }).nullable(),
    keyId: keyIdSchema,
  }),
  boot: z.object({ version: z.string().max(40) }),
  'service.opened': serviceFactsSchema.extend({
    origin: z.enum(['command', 'local']),
    window: z.string().max(20).optional(),
    staffNo: staffNoSchema.optional(),
    policy: z.string().max(80),
  }),
  press: z.object({
    id: randomIdSchema,
    serviceId: serviceIdSchema,
    level: levelSchema,
    via: z.enum(['key', 'touch']),
  }),
  /** What the citizen gave as reasons for a press; the last entry of a press counts. */
  reasons: z.object({
    pressId: randomIdSchema,
    serviceId: serviceIdSchema,
    codes: reasonCodesSchema,
    list: z.string().max(40),
    marks: marksSchema.optional(),
  }),
  /** The session ended with a rating; `id` is the press that is the rating. */
  rating: z.object({
    id: randomIdSchema,
    serviceId: serviceIdSchema,
    level: levelSchema,
    cause: sessionEndSchema,
    reasons: reasonCodesSchema.optional(),
    marks: marksSchema.optional(),
    /** Where the press stands, when somebody else than its terminal closes (gateway, after the grace time). */
    provenance: z.object({ source: sourceSchema, epoch: randomIdSchema, seq: seqSchema }).optional(),
  }),
  unrated: z.object({ serviceId: serviceIdSchema, cause: sessionEndSchema }),
  /** The business system took the service back. It ends the session, never a rating that stands. */
  'service.closed': z.object({ serviceId: serviceIdSchema, cause: z.enum(['cancelled', 'grace']) }),
  'duty.on': z.object({ staffNo: staffNoSchema }),
  'duty.off': z.object({ staffNo: staffNoSchema }),
  pause: z.object({ reason: pauseReasonSchema }),
  resume: z.object({}),
  fault: z.object({
    part: z.enum(['board', 'keys', 'lamps', 'network', 'log', 'clock', 'printer', 'screen', 'keypad', 'sound']),
    state: z.enum(['connected', 'degraded', 'lost']),
    code: z.string().max(60).optional(),
  }),
  /** The check before duty (X 五(一)1). `reason`: why it was skipped, or broken off (`unfinished`). */
  selfcheck: z.object({
    id: randomIdSchema,
    staffNo: staffNoSchema.optional(),
    result: selfCheckResultSchema,
    reason: z.string().min(1).max(120).optional(),
    startedAt: wallMsSchema,
    items: z.array(selfCheckItemSchema).max(60),
  }),
  /**
   * A slip of a service: `queued` before it prints; then what became of it. `in-doubt`: bytes left and nobody can
   * tell whether they are on paper, so the next try is marked 补打. `copy` numbers the slips of a service from 1.
   */
  receipt: z.object({
    serviceId: serviceIdSchema,
    copy: z.int().min(1).max(99),
    occasion: receiptOccasionSchema,
    state: z.enum(['queued', 'printed', 'in-doubt', 'dropped']),
    code: z.string().max(60).optional(),
  }),
  'clock.step': z.object({ fromMs: wallMsSchema, toMs: wallMsSchema }),
  /** Entries through `seq` were pruned after they were acknowledged; `hash` is the chain there, signed. */
  checkpoint: z.object({ seq: seqSchema, hash: digestSchema, keyId: keyIdSchema, sig: z.string().max(128) }),
  policy: z.object({ policy: z.string().max(80) }),

  // the gateway's own
  'store.opened': z.object({ storeId: randomIdSchema, generation: z.int().min(1), version: z.string().max(40) }),
  'store.restored': z.object({ storeId: randomIdSchema, generation: z.int().min(1), evidence: z.string().max(300) }),
  'terminal.added': z.object({ terminal: z.string().max(32), window: z.string().max(20) }),
  'key.added': z.object({ terminal: z.string().max(32), keyId: keyIdSchema }),
  'key.revoked': z.object({ terminal: z.string().max(32), keyId: keyIdSchema }),
  'service.requested': serviceFactsSchema.extend({
    terminal: z.string().max(32),
    validUntil: wallMsSchema,
    more: serviceMoreSchema.optional(),
  }),
  /** An act of rating that came to the gateway itself, by a channel other than the terminal's keys and touch. */
  'rating.made': z.object({
    id: randomIdSchema,
    serviceId: serviceIdSchema,
    channel: ratingChannelSchema.exclude(['window']),
    level: levelSchema,
    /** Whether it is known that the act is that of the one who was served (token, second factor, signed-in). */
    verified: z.boolean(),
    reasons: reasonCodesSchema.optional(),
    text: textCommitmentSchema.optional(),
    marks: marksSchema.optional(),
    /** The same person's act that this one takes the place of, within the policy's seconds: it keeps that act's time. */
    replaces: randomIdSchema.optional(),
    policy: z.string().max(80),
  }),
  /**
   * A rating came by a code whose service no log has told of yet. It stands under `serviceId` until one does; of the
   * service only what the code says is known.
   */
  'service.provisional': z.object({
    serviceId: serviceIdSchema,
    terminal: z.string().max(32),
    /** 64 bits of the digest of the real serviceId (`protocol/receipt-token.ts`). */
    reference: randomIdSchema,
    day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  }),
  /** Codes that were refused since the last such entry, by terminal where it is certain: floods are counted, not listed. */
  'code.refused': z.object({
    code: z.string().max(60),
    by: z.enum(['receipt', 'window']),
    terminal: z.string().max(32).optional(),
    count: z.int().min(1),
    fromMs: wallMsSchema,
  }),
  'receipt-key.added': z.object({
    terminal: z.string().max(32),
    terminalNumber: z.int().min(1).max(0xffff_ffff),
    keyNumber: z.int().min(0).max(255),
    /** Digest of the key: which key it was can be proved, and nothing made with it. */
    digest: digestSchema,
  }),
  'receipt-key.revoked': z.object({
    terminal: z.string().max(32),
    terminalNumber: z.int().min(1).max(0xffff_ffff),
    keyNumber: z.int().min(0).max(255),
  }),
  /** Something about ratings that somebody should look at. It changes no figure. */
  'flag.raised': z.object({
    flag: z.string().regex(/^[a-z][a-z-]{0,39}$/),
    subject: z.string().max(80),
    evidence: z.string().max(600),
  }),
  /** Somebody has looked at it. What it is about stays as it is. */
  'flag.cleared': z.object({
    flag: z.string().regex(/^[a-z][a-z-]{0,39}$/),
    subject: z.string().max(80),
    by: z.string().min(1).max(60),
  }),
  /** What became of a free text: looked at and released, or erased. */
  'text.settled': z.object({
    commitment: textCommitmentSchema,
    outcome: z.enum(['reviewed', 'erased']),
    by: z.string().min(1).max(60).optional(),
  }),
  /** From here on the hall shows this list of reasons; every list that a press can name stands in the log. */
  'reason-list.adopted': z.object({ list: reasonListIdSchema, reasons: reasonsSchema }),
  /** A reason for a negative rating that came without one: by a callback, or the profile's neutral words (`system`). */
  'reason.supplied': z.object({
    ratingId: randomIdSchema,
    by: z.enum(['callback', 'system']),
    codes: reasonCodesSchema.optional(),
    text: textCommitmentSchema.optional(),
  }),
  /** The days of a service are over and nobody rated it (S §17); `level` is what it counts as, marked `default`, or nothing. */
  'service.expired': z.object({
    serviceId: serviceIdSchema,
    level: levelSchema.nullable(),
    policy: z.string().max(80),
  }),
  /** Somebody looked at an evaluator's data in full. */
  'evaluator.seen': z.object({
    serviceId: serviceIdSchema,
    purpose: z.string().min(1).max(120),
    by: z.string().min(1).max(60),
  }),
  /** An evaluator's sealed data is gone: by the rule, or because the person asked. */
  'evaluator.erased': z.object({ serviceId: serviceIdSchema, cause: z.enum(['settled', 'asked']) }),
  /** A message to somebody who has not rated: `sent` is written before it leaves, so that none goes twice. */
  'reminder.sent': z.object({
    serviceId: serviceIdSchema,
    purpose: z.enum(['invitation', 'reminder']),
    outcome: z.enum(['sent', 'failed', 'skipped']),
    code: z.string().max(60).optional(),
  }),
  'log.fork': z.object({ source: sourceSchema, epoch: randomIdSchema, seq: seqSchema, code: z.string().max(60) }),
  'log.gap': z.object({ source: sourceSchema, epoch: randomIdSchema, fromSeq: seqSchema, throughSeq: seqSchema }),
  /** The gateway let go of entries through `throughSeq` that were older than its retention; `headHash` is the chain there. */
  'log.pruned': z.object({
    source: sourceSchema,
    epoch: randomIdSchema,
    throughSeq: seqSchema,
    headHash: digestSchema,
  }),
  'centre.answered': z.object({
    ratingId: randomIdSchema,
    outcome: z.enum(['accepted', 'already', 'conflict', 'refused']),
    /** The rating that this one took the place of at the centre. */
    corrects: randomIdSchema.optional(),
    code: z.string().max(60).optional(),
  }),
} as const;

export type EntryKind = keyof typeof entryBodies;
export type EntryBody<K extends EntryKind> = z.infer<(typeof entryBodies)[K]>;

export const entrySchema = z.object({
  source: sourceSchema,
  epoch: randomIdSchema,
  seq: seqSchema,
  kind: z.string().regex(/^[a-z][a-z0-9.-]{0,39}$/),
  at: wallMsSchema,
  bootId: randomIdSchema,
  mono: monoMsSchema,
  clock: clockStateSchema,
  /** First place of an entry that was appended again after a fork. */
  re: entryPlaceSchema.optional(),
  body: z.record(z.string(), z.unknown()),
});
/** The envelope; `body` is typed by `readBody`. */
export type Entry = z.infer<typeof entrySchema>;

/** An entry's stored bytes are at most this long. */
export const MAX_ENTRY_BYTES = 8 * 1024;

export function isKnownKind(kind: string): kind is EntryKind {
  return Object.hasOwn(entryBodies, kind);
}

/**
 * The bytes of a new entry, made once.
 * @throws PjqError `meaning-malformed` when the body is not of its kind, `message-too-large` past 8 KiB.
 */
export function encodeEntry<K extends EntryKind>(
  suite: Suite,
  entry: Omit<Entry, 'kind' | 'body'> & { kind: K; body: EntryBody<K> },
): Uint8Array {
  const body = entryBodies[entry.kind].safeParse(entry.body);
  if (!body.success) throw new PjqError('meaning-malformed', `${entry.kind}: ${body.error.message}`);
  const { source, epoch, seq, kind, at, bootId, mono, clock, re } = entry;
  const bytes = suite.utf8Encode(
    JSON.stringify({ source, epoch, seq, kind, at, bootId, mono, clock, ...(re ? { re } : {}), body: body.data }),
  );
  if (bytes.length > MAX_ENTRY_BYTES) throw new PjqError('message-too-large', `entry of ${bytes.length} bytes`);
  return bytes;
}

/**
 * The envelope of stored bytes.
 * @throws PjqError `meaning-malformed` when the bytes are not an entry.
 */
export function parseEntry(suite: Suite, bytes: Uint8Array): Entry {
  let value: unknown;
  try {
    value = JSON.parse(suite.utf8Decode(bytes));
  } catch (cause) {
    throw new PjqError('meaning-malformed', 'not JSON', { cause });
  }
  return readEntry(value);
}

/**
 * The envelope of stored bytes that were parsed as JSON before.
 * @throws PjqError `meaning-malformed` when they are not an entry.
 */
export function readEntry(value: unknown): Entry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw new PjqError('meaning-malformed', z.prettifyError(parsed.error));
  return parsed.data;
}

/**
 * The body of an entry, checked against its kind.
 * @throws PjqError `meaning-malformed`.
 */
export function readBody<K extends EntryKind>(entry: Entry, kind: K): EntryBody<K> {
  const parsed = entryBodies[kind].safeParse(entry.body);
  if (!parsed.success) throw new PjqError('meaning-malformed', z.prettifyError(parsed.error));
  return parsed.data as EntryBody<K>;
}

/**
 * An entry appended again in another epoch: what it says is carried over whole (its kind may be one that this
 * version does not know), and `re` names its first place.
 */
export function encodeEntryAgain(suite: Suite, entry: Entry, place: { epoch: string; seq: number }): Uint8Array {
  const { source, kind, at, bootId, mono, clock, body } = entry;
  const re = entry.re ?? { epoch: entry.epoch, seq: entry.seq };
  return suite.utf8Encode(
    JSON.stringify({ source, epoch: place.epoch, seq: place.seq, kind, at, bootId, mono, clock, re, body }),
  );
}
