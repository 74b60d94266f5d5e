/** Every JSON message on the wire; batches are in `batch.ts`. Readers take unknown fields, writers add none. */
import { z } from 'zod';
import { serviceFactsSchema } from './entry.js';
import { PjqError } from './errors.js';
import { indicatorsSchema } from './indicators.js';
import { digestSchema, keyIdSchema, monoMsSchema, randomIdSchema, seqSchema, wallMsSchema } from './identifiers.js';
import { terminalPolicySchema } from './policy.js';
import { reasonListSchema } from './reason-list.js';
import type { Suite } from './suite.js';

export const MESSAGE_VERSION = 1;
/** Largest JSON message, bytes. */
export const MAX_MESSAGE_BYTES = 16 * 1024;

const version = z.literal(MESSAGE_VERSION);

/** What a terminal was last promised, and by which store. */
export const promiseSchema = z.object({
  storeId: randomIdSchema,
  generation: z.int().min(1),
  throughSeq: z.int().min(0),
  headHash: digestSchema,
  /** Signature by the gateway over `ackMessage`, as it came in the ack. */
  sig: z.string().max(128),
});

/** `state`, retained: the terminal is there and where its log stands. The last will says `lost`. */
export const stateMessageSchema = z.discriminatedUnion('state', [
  z.object({
    v: version,
    state: z.literal('connected'),
    /** Made anew at every connection; the gateway's answer repeats it. */
    session: randomIdSchema,
    epoch: randomIdSchema,
    headSeq: z.int().min(0),
    bootId: randomIdSchema,
    mono: monoMsSchema,
    at: wallMsSchema,
    promise: promiseSchema.optional(),
  }),
  z.object({ v: version, state: z.literal('lost') }),
]);
export type StateMessage = z.infer<typeof stateMessageSchema>;

/** `info`, retained: what this terminal is. */
export const infoMessageSchema = z.object({
  v: version,
  version: z.string().max(40),
  keyId: keyIdSchema,
  board: z.string().max(80).optional(),
});
export type InfoMessage = z.infer<typeof infoMessageSchema>;

/** `health`, retained: how it is. No level, no service, no person. */
export const healthMessageSchema = z.object({
  v: version,
  at: wallMsSchema,
  parts: z.record(z.string(), z.enum(['connected', 'degraded', 'lost'])),
  duty: z.enum(['off', 'on']),
  service: z.enum(['idle', 'in-session', 'paused', 'out-of-service', 'off-duty']),
  backlog: z.int().min(0),
  rssBytes: z.int().min(0),
  /** The check before duty: how the newest of this day came out and when; `missing` since the day began. */
  selfCheck: z
    .object({ result: z.enum(['pass', 'limited', 'fail', 'skipped', 'missing']), since: wallMsSchema })
    .optional(),
});
export type HealthMessage = z.infer<typeof healthMessageSchema>;

/**
 * `ack`: how far the gateway's disk has this epoch. Sent after commit B, and in answer to `state`.
 * `throughSeq` may go back only with a higher `generation`.
 */
export const ackMessageSchema = z.object({
  v: version,
  epoch: randomIdSchema,
  throughSeq: z.int().min(0),
  /** Chain at `throughSeq` (genesis for 0). */
  headHash: digestSchema,
  storeId: randomIdSchema,
  generation: z.int().min(1),
  gatewayTime: wallMsSchema,
  /** Signature of the gateway over `ackMessage`; a terminal shows it when a restored gateway has forgotten. */
  sig: z.string().max(128),
  /** Set when this answers a `state`. */
  session: randomIdSchema.optional(),
  /** Set when the epoch takes no more entries. */
  stopped: z.string().max(60).optional(),
  /** Set when something was refused; nothing of it was kept, unless the code is `batch-pending`. */
  refused: z.object({ code: z.string().max(60), hint: z.string().max(300), seq: seqSchema.optional() }).optional(),
});
export type AckMessage = z.infer<typeof ackMessageSchema>;

/** The bytes that the gateway's signature in an ack covers. */
export function ackMessage(
  suite: Suite,
  source: string,
  ack: Pick<AckMessage, 'epoch' | 'throughSeq' | 'headHash' | 'storeId' | 'generation'>,
): Uint8Array {
  return suite.utf8Encode(
    `pjq/ack/v1\n${source}\n${ack.epoch}\n${ack.throughSeq}\n${ack.headHash}\n${ack.storeId}\n${ack.generation}`,
  );
}

/** `cmd`: something to do, once, before `validUntil` (gateway's clock). The same `id` is the same command. */
export const commandSchema = z.discriminatedUnion('type', [
  z.object({
    v: version,
    id: randomIdSchema,
    validUntil: wallMsSchema,
    type: z.literal('service.open'),
    service: serviceFactsSchema,
  }),
  z.object({
    v: version,
    id: randomIdSchema,
    validUntil: wallMsSchema,
    type: z.literal('service.cancel'),
    serviceId: serviceFactsSchema.shape.serviceId,
  }),
]);
export type Command = z.infer<typeof commandSchema>;

/** `reply`: what became of a command. */
export const replySchema = z.object({
  v: version,
  id: randomIdSchema,
  ok: z.boolean(),
  code: z.string().max(60).optional(),
});
export type Reply = z.infer<typeof replySchema>;

/** `config`, retained: what the hall asks of this terminal. */
export const configMessageSchema = z.object({
  v: version,
  window: z.string().max(20),
  /** `name@digest` of the policy this part was taken from. */
  policyId: z.string().max(80),
  /** Keys that this version does not know are left aside: a newer gateway may have more to say. */
  policy: z.object(terminalPolicySchema.shape),
  /** What may be rated beside the whole. */
  indicators: indicatorsSchema.optional(),
  /** The list of reasons to show from the next service on. Left out: the one that the terminal came with. */
  reasons: reasonListSchema.optional(),
});
export type ConfigMessage = z.infer<typeof configMessageSchema>;

/** The message schema of each JSON channel. */
export const MESSAGE_SCHEMAS = {
  state: stateMessageSchema,
  info: infoMessageSchema,
  health: healthMessageSchema,
  ack: ackMessageSchema,
  cmd: commandSchema,
  reply: replySchema,
  config: configMessageSchema,
} as const;

export type MessageChannel = keyof typeof MESSAGE_SCHEMAS;
export type MessageOf<C extends MessageChannel> = z.infer<(typeof MESSAGE_SCHEMAS)[C]>;

export function encodeMessage<C extends MessageChannel>(suite: Suite, _channel: C, message: MessageOf<C>): Uint8Array {
  return suite.utf8Encode(JSON.stringify(message));
}

/**
 * Reads a message of a channel.
 * @throws PjqError `message-too-large`, `message-version`, `message-malformed`.
 */
export function decodeMessage<C extends MessageChannel>(suite: Suite, channel: C, bytes: Uint8Array): MessageOf<C> {
  if (bytes.length > MAX_MESSAGE_BYTES) throw new PjqError('message-too-large', `${bytes.length} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(suite.utf8Decode(bytes));
  } catch (cause) {
    throw new PjqError('message-malformed', 'not JSON', { cause });
  }
  const spoken = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined;
  if (typeof spoken === 'number' && spoken !== MESSAGE_VERSION) {
    throw new PjqError('message-version', `version ${spoken}`);
  }
  const parsed = MESSAGE_SCHEMAS[channel].safeParse(value);
  if (!parsed.success) throw new PjqError('message-malformed', z.prettifyError(parsed.error));
  return parsed.data as MessageOf<C>;
}
