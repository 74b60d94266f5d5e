/** Every document under docs/ that is made from the source, by its path there. */
import { fileURLToPath } from 'node:url';
import { openApiText } from '../gateway/api/openapi.js';
import type { Policy } from '../protocol/index.js';
import { readPolicy } from '../protocol/runtime/policy-file.js';
import { buildAsyncApi } from './document-asyncapi.js';
import { buildJsonSchemas } from './document-schemas.js';
import { wiringDrawings } from './draw-wiring.js';
import { configurationText, errorsText, policyText } from './document-tables.js';

/** The folder that holds generated files only. */
export const GENERATED_FOLDER = 'schema';

/** Where the drawings are, from docs/. */
const WIRING_FOLDER = '../hw/wiring';

/** Path below docs/ → text of the file; the same source makes the same bytes. */
export function documents(): ReadonlyMap<string, string> {
  const schemas = Object.entries(buildJsonSchemas()).map(
    ([name, schema]) => [`${GENERATED_FOLDER}/${name}.json`, jsonText(schema)] as const,
  );
  return new Map([
    ['asyncapi.json', jsonText(buildAsyncApi())],
    ['configuration.md', configurationText()],
    ['errors.md', errorsText()],
    ['openapi.json', openApiText()],
    ['policy.md', policyText(shippedPolicy())],
    ...schemas,
    ...[...wiringDrawings()].map(([name, svg]) => [`${WIRING_FOLDER}/${name}`, svg] as const),
  ]);
}

function shippedPolicy(): Policy {
  return readPolicy(fileURLToPath(new URL('../gateway/policies/default.yaml', import.meta.url))).policy;
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
