/**
 * A batch: entries on their way, verifiable alone. Layout (see docs/decisions/0003-batch-codec.md):
 *
 *     0  'p' 'j'          magic
 *     2  1                version
 *     3  1                codec: 1 = raw DEFLATE with the preset dictionary of this version
 *     4  u32 big-endian   length when inflated
 *     8  …                DEFLATE of lines: one header (JSON), then the entries' bytes verbatim
 *
 * The chain is recomputed by the reader, not sent: 32 random bytes an entry would be most of its size.
 */
import { z } from 'zod';
import { equalBytes, headMessage, nextHash, type Head } from './chain.js';
import { batchDictionary } from './batch-dictionary.js';
import { MAX_ENTRY_BYTES } from './entry.js';
import { PjqError } from './errors.js';
import {
  digestSchema,
  keyIdSchema,
  monoMsSchema,
  randomIdSchema,
  seqSchema,
  sourceSchema,
  wallMsSchema,
} from './identifiers.js';
import type { HeadSigner, Suite, VerifySignature, VerifySignatureLater } from './suite.js';

export const BATCH_VERSION = 1;
/** Most entries in a batch: more than 100 hold up a press on a terminal's one thread (measured). */
export const MAX_BATCH_ENTRIES = 100;
/** Most bytes of entries in a batch, inflated. */
export const MAX_BATCH_BYTES = 128 * 1024;
/** What a terminal packs: within the limits above with room to spare, and small enough not to hold up a press. */
export const batchDraftLimits = { entries: 100, bytes: 48 * 1024 } as const;
/** Most bytes of a batch on the wire. */
export const MAX_BATCH_WIRE_BYTES = 64 * 1024;

const signatureSchema = z.string().regex(/^[A-Za-z0-9_-]{86}$/, 'must be 86 base64url characters');

/** When the batch was packed, by the terminal's clocks; with an echo of the last gateway time it heard. */
export const timeClaimSchema = z.object({
  bootId: randomIdSchema,
  mono: monoMsSchema,
  at: wallMsSchema,
  echo: z.object({ gatewayTime: wallMsSchema, mono: monoMsSchema }).optional(),
});
export type TimeClaim = z.infer<typeof timeClaimSchema>;

export const batchHeaderSchema = z.object({
  v: z.literal(BATCH_VERSION),
  source: sourceSchema,
  epoch: randomIdSchema,
  firstSeq: seqSchema,
  count: z.int().min(1).max(MAX_BATCH_ENTRIES),
  /** Chain before the first entry. */
  prevHash: digestSchema,
  /** Chain after the last entry. */
  headHash: digestSchema,
  keyId: keyIdSchema,
  /** Signature of the head. */
  sig: signatureSchema,
  time: timeClaimSchema,
  /** Signature of the claim of time, bound to the head: corrected times decide which of two ratings came first. */
  timeSig: signatureSchema,
  /** Present when entries before `firstSeq` were pruned here: the signed head at `firstSeq - 1`. */
  checkpoint: z.object({ seq: seqSchema, hash: digestSchema, keyId: keyIdSchema, sig: signatureSchema }).optional(),
});
export type BatchHeader = z.infer<typeof batchHeaderSchema>;

export interface Batch {
  readonly header: BatchHeader;
  readonly entries: readonly Uint8Array[];
  /** Chain after each entry, recomputed. */
  readonly hashes: readonly Uint8Array[];
}

const LF = 0x0a;
const PREFIX_BYTES = 8;

export interface BatchParts {
  readonly source: string;
  readonly epoch: string;
  readonly firstSeq: number;
  readonly prevHash: Uint8Array;
  readonly entries: readonly Uint8Array[];
  readonly headHash: Uint8Array;
  readonly time: TimeClaim;
  readonly checkpoint?: BatchHeader['checkpoint'];
}

/** Packs and signs entries that the caller has read in order from its log. */
export function encodeBatch(suite: Suite, signer: HeadSigner, parts: BatchParts): Uint8Array {
  const { source, epoch, firstSeq, prevHash, entries, headHash, time, checkpoint } = parts;
  const head: Head = { source, epoch, seq: firstSeq + entries.length - 1, hash: headHash };
  const header: BatchHeader = {
    v: BATCH_VERSION,
    source,
    epoch,
    firstSeq,
    count: entries.length,
    prevHash: suite.base64urlEncode(prevHash),
    headHash: suite.base64urlEncode(headHash),
    keyId: signer.keyId,
    sig: suite.base64urlEncode(signer.sign(headMessage(suite, head))),
    time,
    timeSig: suite.base64urlEncode(signer.sign(timeMessage(suite, head, time))),
    ...(checkpoint ? { checkpoint } : {}),
  };
  return packLines(suite, [suite.utf8Encode(JSON.stringify(header)), ...entries]);
}

function packLines(suite: Suite, lines: readonly Uint8Array[]): Uint8Array {
  const length = lines.reduce((sum, line) => sum + line.length, lines.length - 1);
  const raw = new Uint8Array(length);
  let at = 0;
  lines.forEach((line, index) => {
    if (index > 0) raw[at++] = LF;
    raw.set(line, at);
    at += line.length;
  });
  const packed = suite.deflate(raw, batchDictionary(suite));
  const batch = new Uint8Array(PREFIX_BYTES + packed.length);
  batch.set([0x70, 0x6a, BATCH_VERSION, 1]);
  new DataView(batch.buffer).setUint32(4, length);
  batch.set(packed, PREFIX_BYTES);
  return batch;
}

/**
 * Unpacks a batch and recomputes its chain from `prevHash` to `headHash`.
 * @throws PjqError `batch-too-large`, `message-version`, `batch-malformed`, `batch-chain`.
 */
export function decodeBatch(suite: Suite, bytes: Uint8Array): Batch {
  const lines = splitLines(unpack(suite, bytes));
  const header = readHeader(suite, lines[0]);
  const entries = lines.slice(1);
  if (entries.length !== header.count) {
    throw new PjqError('batch-malformed', `header says ${header.count} entries, found ${entries.length}`);
  }
  const hashes: Uint8Array[] = [];
  let hash = suite.base64urlDecode(header.prevHash);
  for (const entry of entries) {
    if (entry.length === 0 || entry.length > MAX_ENTRY_BYTES) {
      throw new PjqError('batch-malformed', `entry of ${entry.length} bytes`);
    }
    hash = nextHash(suite, hash, entry);
    hashes.push(hash);
  }
  if (!equalBytes(hash, suite.base64urlDecode(header.headHash))) throw new PjqError('batch-chain');
  return { header, entries, hashes };
}

/** The bytes that the signature of a batch's claim of time covers. */
export function timeMessage(suite: Suite, head: Head, time: TimeClaim): Uint8Array {
  const { bootId, mono, at, echo } = time;
  const heard = echo === undefined ? '-' : `${echo.gatewayTime} ${echo.mono}`;
  return suite.utf8Encode(
    `pjq/time/v1\n${head.source}\n${head.epoch}\n${head.seq}\n${suite.base64urlEncode(head.hash)}\n${bootId}\n${mono}\n${at}\n${heard}`,
  );
}

/** The head that a batch leads to. */
export function batchHead(batch: Batch): Head {
  const { source, epoch, firstSeq, count } = batch.header;
  return { source, epoch, seq: firstSeq + count - 1, hash: batch.hashes[count - 1] as Uint8Array };
}

/**
 * Checks the signatures of a batch: its head, its claim of time, and its checkpoint when it carries one; all at once,
 * so that a check that is made elsewhere than on this thread holds nobody up.
 * `keyOf` answers the check for a key that is valid for this source now, or throws the reason why not.
 * @throws PjqError `batch-signature`, and whatever `keyOf` throws.
 */
export async function verifyBatch(
  suite: Suite,
  batch: Batch,
  keyOf: (keyId: string) => VerifySignature | VerifySignatureLater,
): Promise<void> {
  const { keyId, sig, time, timeSig, checkpoint, source, epoch, firstSeq, prevHash } = batch.header;
  const head = batchHead(batch);
  const check = keyOf(keyId);
  const later = async (holds: boolean | Promise<boolean>) => holds;
  const checks = [
    later(check(headMessage(suite, head), suite.base64urlDecode(sig))),
    later(check(timeMessage(suite, head, time), suite.base64urlDecode(timeSig))),
  ];
  if (checkpoint !== undefined) {
    const hash = suite.base64urlDecode(checkpoint.hash);
    const linked = checkpoint.seq === firstSeq - 1 && equalBytes(hash, suite.base64urlDecode(prevHash));
    if (!linked) throw new PjqError('batch-signature', 'of the checkpoint');
    const message = headMessage(suite, { source, epoch, seq: checkpoint.seq, hash });
    checks.push(later(keyOf(checkpoint.keyId)(message, suite.base64urlDecode(checkpoint.sig))));
  }
  const [ofHead, ofTime, ofCheckpoint = true] = await Promise.all(checks);
  if (ofHead !== true) throw new PjqError('batch-signature');
  if (ofTime !== true) throw new PjqError('batch-signature', 'of the time');
  if (!ofCheckpoint) throw new PjqError('batch-signature', 'of the checkpoint');
}

function unpack(suite: Suite, bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BATCH_WIRE_BYTES) throw new PjqError('batch-too-large', `${bytes.length} bytes`);
  if (bytes.length <= PREFIX_BYTES || bytes[0] !== 0x70 || bytes[1] !== 0x6a) {
    throw new PjqError('batch-malformed', 'no batch begins like this');
  }
  if (bytes[2] !== BATCH_VERSION || bytes[3] !== 1) {
    throw new PjqError('message-version', `batch version ${bytes[2]} codec ${bytes[3]}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  const limit = MAX_BATCH_BYTES + 2048;
  if (length > limit) throw new PjqError('batch-too-large', `${length} bytes inflated`);
  let raw: Uint8Array;
  try {
    raw = suite.inflate(bytes.subarray(PREFIX_BYTES), batchDictionary(suite), limit);
  } catch (cause) {
    throw new PjqError('batch-malformed', 'cannot be inflated', { cause });
  }
  if (raw.length !== length) throw new PjqError('batch-malformed', 'length does not match');
  return raw;
}

function splitLines(raw: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let from = 0;
  for (;;) {
    const end = raw.indexOf(LF, from);
    lines.push(raw.subarray(from, end < 0 ? raw.length : end));
    if (end < 0) return lines;
    from = end + 1;
  }
}

function readHeader(suite: Suite, line: Uint8Array | undefined): BatchHeader {
  let value: unknown;
  try {
    value = JSON.parse(suite.utf8Decode(line ?? new Uint8Array()));
  } catch (cause) {
    throw new PjqError('batch-malformed', 'header is not JSON', { cause });
  }
  const parsed = batchHeaderSchema.safeParse(value);
  if (!parsed.success) throw new PjqError('batch-malformed', z.prettifyError(parsed.error));
  return parsed.data;
}
