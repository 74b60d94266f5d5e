import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DOWN_CHANNELS, MESSAGE_SCHEMAS, parseTopic, UP_CHANNELS } from '../../protocol/index.js';
import { RETAINED } from '../../protocol/index.js';
import { buildAsyncApi } from '../../scripts/document-asyncapi.js';

interface Reference {
  $ref: string;
}
interface Document {
  asyncapi: string;
  channels: Record<
    string,
    { address: string; parameters: Record<string, Reference>; messages: Record<string, Reference> }
  >;
  operations: Record<
    string,
    {
      action: string;
      channel: Reference;
      messages: Reference[];
      bindings: { mqtt: { qos: number; retain: boolean } };
      reply?: unknown;
    }
  >;
  components: {
    messages: Record<string, { contentType: string; payload: Reference }>;
    schemas: Record<string, unknown>;
  };
}

const document = buildAsyncApi() as unknown as Document;
const spoken = [...UP_CHANNELS, ...DOWN_CHANNELS].filter((channel) => channel !== 'roster');

/** What a local reference points at (RFC 6901); undefined when nothing is there. */
function resolve(reference: string): unknown {
  const parts = reference.replace(/^#\//, '').split('/');
  return parts.reduce<unknown>(
    (at, part) => (at as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === '$ref' ? [String(part)] : references(part)));
}

test('every reference resolves', () => {
  expect(document.asyncapi).toBe('3.0.0');
  expect(references(document).length).toBeGreaterThan(40);
  expect(references(document).filter((one) => !one.startsWith('#/') || resolve(one) === undefined)).toEqual([]);
});

test('every channel that is spoken is documented under the topic that the programs parse', () => {
  expect(Object.keys(document.channels).sort()).toEqual([...spoken].sort());
  for (const [name, { address, parameters, messages }] of Object.entries(document.channels)) {
    const topic = address.replace('{hall}', 'hall-1').replace('{terminal}', 't1');
    expect(parseTopic(topic)).toEqual({ hall: 'hall-1', terminal: 't1', channel: name });
    expect(Object.keys(parameters)).toEqual([...address.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter));
    expect(Object.values(messages).map(({ $ref }) => $ref)).toEqual([`#/components/messages/${name}`]);
  }
});

test('each channel has one operation, in the direction of the terminal, at QoS 1', () => {
  const operations = Object.values(document.operations);
  expect(operations).toHaveLength(spoken.length);
  for (const { action, channel, messages, bindings, reply } of operations) {
    const name = channel.$ref.replace('#/channels/', '');
    expect(action).toBe((UP_CHANNELS as readonly string[]).includes(name) ? 'send' : 'receive');
    expect(messages).toEqual([{ $ref: `#/channels/${name}/messages/${name}` }]);
    expect(bindings.mqtt).toMatchObject({ qos: 1, retain: RETAINED[name as keyof typeof RETAINED] });
    expect(reply !== undefined).toBe(name === 'cmd');
  }
});

test('every JSON channel has its message schema, and log tells the layout of a batch', () => {
  for (const channel of Object.keys(MESSAGE_SCHEMAS)) {
    expect(document.components.messages[channel]).toMatchObject({
      contentType: 'application/json',
      payload: { $ref: `#/components/schemas/${channel}` },
    });
  }
  expect(document.components.messages['log']?.contentType).toBe('application/vnd.pjq.batch');
  expect(document.components.schemas['batch']).toMatchObject({ contentEncoding: 'binary', maxLength: 65_536 });
});

test('programs take what is retained from the protocol, as the document does', () => {
  const sources = [
    'device/sync/sync.ts',
    'gateway/hall-gateway.ts',
    'gateway/terminal-messages.ts',
    'gateway/commands/mqtt-commands.ts',
  ];
  for (const file of sources) {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(text, file).toContain('RETAINED');
    expect(text, file).not.toMatch(/retain: (true|false)/);
  }
});
