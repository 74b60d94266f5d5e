/** JSON Schema (draft 2020-12) of everything that crosses a wire or stands in a log, from the Zod schemas. */
import { z } from 'zod';
import {
  batchHeaderSchema,
  centreAnswerSchema,
  centreRatingSchema,
  entryBodies,
  entrySchema,
  MESSAGE_SCHEMAS,
  policySchema,
  type MessageChannel,
} from '../protocol/index.js';

export type Json = Record<string, unknown>;

/** What each message says, in one sentence. */
export const MESSAGE_TITLES: Readonly<Record<MessageChannel, string>> = {
  state: 'the terminal is there, and where its log stands; the last will says lost',
  info: 'what this terminal is',
  health: 'how the terminal is: no level, no service, no person',
  ack: "how far the gateway's disk has this epoch",
  cmd: 'something to do, once, before validUntil',
  reply: 'what became of a command',
  config: 'what the hall asks of this terminal',
};

/** File name without `.json` → schema. */
export function buildJsonSchemas(): Record<string, Json> {
  const messages = Object.entries(MESSAGE_SCHEMAS).map(([channel, schema]) => [
    channel,
    named(channel, `${channel}: ${MESSAGE_TITLES[channel as MessageChannel]}`, schema),
  ]);
  return {
    ...(Object.fromEntries(messages) as Record<string, Json>),
    'batch-header': named('batch-header', 'batch header: first line of an inflated batch', batchHeaderSchema),
    entry: named('entry', 'entry: the envelope of every kind', entrySchema),
    entries: entries(),
    policy: named('policy', 'policy: every number and rule that a hall may choose', policySchema),
    'centre-rating': named('centre-rating', 'a rating as the generic centre takes it', centreRatingSchema),
    'centre-answer': named('centre-answer', 'what the generic centre answers to a rating', centreAnswerSchema),
  };
}

/** One definition a kind, and the rule that an entry of that kind has such a body; other kinds are let through. */
function entries(): Json {
  const kinds = Object.keys(entryBodies);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: identityOf('entries'),
    title: 'entry: with the body of its kind',
    description: 'A kind that is not listed enters the log all the same; only its projection waits (meaning-unknown).',
    type: 'object',
    required: ['kind', 'body'],
    allOf: kinds.map((kind) => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      then: { properties: { body: { $ref: `#/$defs/${kind}` } } },
    })),
    $defs: Object.fromEntries(Object.entries(entryBodies).map(([kind, schema]) => [kind, schemaOf(schema)])),
  };
}

function named(name: string, title: string, schema: z.ZodType): Json {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: identityOf(name),
    title,
    ...schemaOf(schema),
  };
}

function identityOf(name: string): string {
  return `urn:pjq:schema:v1:${name}`;
}

/** As a reader must take it: unknown fields pass, except where the schema is strict. */
export function schemaOf(schema: z.ZodType, target: 'draft-2020-12' | 'draft-7' = 'draft-2020-12'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target, io: 'input' });
  return rest;
}
