/** The AsyncAPI 3 document of what is spoken over MQTT, seen from the terminal. */
import {
  batchHeaderSchema,
  MAX_BATCH_BYTES,
  MAX_BATCH_ENTRIES,
  MAX_BATCH_WIRE_BYTES,
  MAX_ENTRY_BYTES,
  MAX_MESSAGE_BYTES,
  MESSAGE_SCHEMAS,
  nameSchema,
  RETAINED,
  topicOf,
  UP_CHANNELS,
  type Channel,
  type MessageChannel,
} from '../protocol/index.js';
import { MESSAGE_TITLES, schemaOf, type Json } from './document-schemas.js';

/** The channels that are spoken; `roster` is a name kept for later. */
export type SpokenChannel = Exclude<Channel, 'roster'>;

const SPOKEN = Object.keys(RETAINED).filter((channel): channel is SpokenChannel => channel !== 'roster');

const BATCH_LAYOUT = [
  'Bytes, numbers big-endian:',
  '',
  '| offset | size | content |',
  '|---|---|---|',
  '| 0 | 2 | magic `pj` (70 6a) |',
  '| 2 | 1 | version: 1 |',
  '| 3 | 1 | codec: 1 = raw DEFLATE (RFC 1951) with the preset dictionary of this version (protocol/batch-dictionary.ts) |',
  '| 4 | 4 | length of the content when inflated |',
  '| 8 | … | DEFLATE stream |',
  '',
  'Inflated: lines joined by LF (0a), none at the end. The first is the header, JSON of the form of `batchHeader`;',
  "each line after it is one entry's bytes verbatim. The chain is recomputed from `prevHash` with",
  'hash = SHA-256(previous hash ‖ bytes) and must lead to `headHash`; `sig` is Ed25519 over',
  '`pjq/head/v1\\n{source}\\n{epoch}\\n{seq of the last entry}\\n{headHash}`.',
  `Limits: ${MAX_BATCH_WIRE_BYTES} bytes on the wire, ${MAX_BATCH_BYTES} bytes of entries inflated,`,
  `${MAX_BATCH_ENTRIES} entries, ${MAX_ENTRY_BYTES} bytes an entry.`,
].join('\n');

/** The document as a value; key order is stable. */
export function buildAsyncApi(): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'pjq between terminal and hall',
      version: '1.0.0',
      description:
        'What a window rating terminal and the gateway of its hall say to each other over MQTT 3.1.1, seen from the terminal. ' +
        'A PUBACK proves only that a broker has a message; what must be known is answered by a message of ours. ' +
        'A terminal speaks under its own name only.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { hall: server() },
    channels: eachSpoken(channel),
    operations: Object.fromEntries(SPOKEN.map((name) => [operationName(name), operation(name)])),
    components: {
      parameters: {
        hall: { description: `Name of the hall: ${schemaOf(nameSchema)['pattern'] as string}` },
        terminal: { description: `Name of the terminal: ${schemaOf(nameSchema)['pattern'] as string}` },
      },
      messages: eachSpoken(message),
      schemas: {
        ...Object.fromEntries(
          Object.entries(MESSAGE_SCHEMAS).map(([name, schema]) => [name, schemaOf(schema, 'draft-7')]),
        ),
        batchHeader: schemaOf(batchHeaderSchema, 'draft-7'),
        batch: {
          type: 'string',
          contentEncoding: 'binary',
          contentMediaType: 'application/vnd.pjq.batch',
          maxLength: MAX_BATCH_WIRE_BYTES,
          description: BATCH_LAYOUT,
          'x-pjq-header': { $ref: '#/components/schemas/batchHeader' },
        },
      },
    },
  };
}

function eachSpoken(make: (name: SpokenChannel) => Json): Json {
  return Object.fromEntries(SPOKEN.map((name) => [name, make(name)]));
}

function server(): Json {
  return {
    host: '127.0.0.1:7311',
    protocol: 'mqtt',
    protocolVersion: '3.1.1',
    description:
      'The broker of the hall. In the clear on loopback only; anywhere else mqtts with client certificates, whose common name is hall/terminal.',
    bindings: {
      mqtt: {
        clientId: 'pjq-{hall}-{terminal}',
        cleanSession: true,
        lastWill: { topic: address('state'), qos: 1, message: '{"v":1,"state":"lost"}', retain: RETAINED.state },
        bindingVersion: '0.2.0',
      },
    },
  };
}

function address(name: SpokenChannel): string {
  return topicOf('{hall}', '{terminal}', name);
}

function channel(name: SpokenChannel): Json {
  return {
    address: address(name),
    title: titleOf(name),
    parameters: {
      hall: { $ref: '#/components/parameters/hall' },
      terminal: { $ref: '#/components/parameters/terminal' },
    },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  };
}

function isUp(name: SpokenChannel): boolean {
  return (UP_CHANNELS as readonly string[]).includes(name);
}

function operationName(name: SpokenChannel): string {
  return `${isUp(name) ? 'send' : 'receive'}${name[0]?.toUpperCase()}${name.slice(1)}`;
}

function operation(name: SpokenChannel): Json {
  const reply = { channel: { $ref: '#/channels/reply' }, messages: [{ $ref: '#/channels/reply/messages/reply' }] };
  return {
    action: isUp(name) ? 'send' : 'receive',
    channel: { $ref: `#/channels/${name}` },
    summary: titleOf(name),
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    ...(name === 'cmd' ? { reply } : {}),
    bindings: { mqtt: { qos: 1, retain: RETAINED[name], bindingVersion: '0.2.0' } },
  };
}

function message(name: SpokenChannel): Json {
  if (name === 'log') {
    return {
      name: 'batch',
      title: titleOf(name),
      description: 'Answered by an ack once it is on the disk of the gateway; the same batch may come again.',
      contentType: 'application/vnd.pjq.batch',
      payload: { $ref: '#/components/schemas/batch' },
    };
  }
  const correlated = name === 'cmd' || name === 'reply';
  return {
    name,
    title: titleOf(name),
    description: `JSON of at most ${MAX_MESSAGE_BYTES} bytes. Readers take unknown fields, writers add none.`,
    contentType: 'application/json',
    ...(correlated ? { correlationId: { location: '$message.payload#/id' } } : {}),
    payload: { $ref: `#/components/schemas/${name}` },
  };
}

function titleOf(name: SpokenChannel): string {
  return name === 'log' ? 'entries on their way, verifiable alone' : MESSAGE_TITLES[name satisfies MessageChannel];
}
