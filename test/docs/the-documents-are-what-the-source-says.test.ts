import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { entryBodies, MESSAGE_SCHEMAS } from '../../protocol/index.js';
import { documents, GENERATED_FOLDER } from '../../scripts/documents.js';

const wanted = documents();
const docs = new URL('../../docs/', import.meta.url);

type Schema = { $id: string; $schema: string; $defs?: Record<string, object> };
const schemaIn = (name: string) => JSON.parse(wanted.get(`schema/${name}.json`) ?? 'null') as Schema;

test.each([...wanted.keys()])('docs/%s is the generated one (npm run generate writes it)', (name) => {
  expect(readFileSync(new URL(name, docs), 'utf8')).toBe(wanted.get(name));
});

test('the folder of schemas holds nothing that the source does not make', () => {
  const present = readdirSync(new URL(`${GENERATED_FOLDER}/`, docs)).map((file) => `${GENERATED_FOLDER}/${file}`);
  expect(present.sort()).toEqual([...wanted.keys()].filter((name) => name.startsWith(GENERATED_FOLDER)).sort());
});

test('every message of every channel has a schema of its own, and every kind of entry a definition', () => {
  for (const channel of Object.keys(MESSAGE_SCHEMAS)) {
    expect(schemaIn(channel)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `urn:pjq:schema:v1:${channel}`,
    });
  }
  expect(Object.keys(schemaIn('entries').$defs ?? {})).toEqual(Object.keys(entryBodies));
  for (const name of ['batch-header', 'entry', 'policy', 'centre-rating', 'centre-answer'])
    expect(schemaIn(name).$id).toContain(name);
});

test('a reader who has only the committed schemas takes and refuses what the programs do', () => {
  const documented = (name: string) => z.fromJSONSchema(schemaIn(name) as Parameters<typeof z.fromJSONSchema>[0]);
  const reply = { v: 1, id: 'AAAAAAAAAAA', ok: true };
  expect(documented('reply').safeParse({ ...reply, unknown: 1 }).success).toBe(true);
  expect(documented('reply').safeParse({ ...reply, v: 2 }).success).toBe(false);
  expect(documented('reply').safeParse({ ...reply, id: 'short' }).success).toBe(false);

  const press = schemaIn('entries').$defs?.['press'] as Parameters<typeof z.fromJSONSchema>[0];
  const body = { id: 'AAAAAAAAAAA', serviceId: 'S1', level: 5, via: 'key' };
  expect(z.fromJSONSchema(press).safeParse(body).success).toBe(true);
  expect(z.fromJSONSchema(press).safeParse({ ...body, level: 6 }).success).toBe(false);
});

test('tables tell every key with its default and range', () => {
  const configuration = wanted.get('configuration.md') ?? '';
  expect(configuration).toContain('| `sync.windowBatches` | integer | `3` | 2 to 4 |');
  expect(configuration).toContain('| `centre.retry.capMs` | integer | `300000` | ms, 10 to 86400000 |');
  expect(configuration).toContain('| `mqtt.embedded.port` |');
  expect(configuration).toContain('| `http.secretFile` | string | required |');
  const policy = wanted.get('policy.md') ?? '';
  expect(policy).toMatch(/`ratingWindowDays` \| integer \| `7` \| days, 1 to 365 \|.*S §17/);
  expect(policy).toMatch(/`terminal\.invitationMs` \| integer \| `90000` \| ms, 60000 to 3600000/);
});
