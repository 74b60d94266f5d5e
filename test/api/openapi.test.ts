import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildOpenApi, openApiText } from '../../gateway/api/openapi.js';
import { HallEdge } from './hall-edge.js';

type Operation = {
  parameters?: { name: string; in: string }[];
  responses: Record<string, unknown>;
  security: unknown[];
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
});
afterEach(() => hall.remove());

const document = buildOpenApi() as unknown as Document;
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('the committed document is the generated one (npm run generate writes it)', async () => {
  expect(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')).toBe(openApiText());
  expect((await hall.call('GET', '/openapi.json')).text).toBe(openApiText());
});

test('every route that the server answers to is documented, and no other', () => {
  const documented = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
  expect(hall.api.routes().sort()).toEqual(documented.sort());
  expect(documented).toContain('POST /v1/services/{serviceId}/cancel');
});

test('every reference resolves and every path parameter is declared', () => {
  expect(document.openapi).toBe('3.1.0');
  const references = [...openApiText().matchAll(/"\$ref": "([^"]+)"/g)].map(([, reference]) => reference ?? '');
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
  }
  for (const { path, operation } of operations()) {
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    expect(operation.security).toHaveLength(path.startsWith('/v1/') ? 1 : 0);
  }
});

test('the document knows no level and says how an evaluator is refused', () => {
  const words = openApiText();
  expect(words).not.toMatch(/"(level|satisfaction)"/);
  expect(words).toContain('evaluator-unsupported');
  expect(document.components.schemas['OpenRequest']).toMatchObject({
    additionalProperties: false,
    required: ['caseNo'],
    oneOf: [{ required: ['terminal'] }, { required: ['window'] }],
  });
});
