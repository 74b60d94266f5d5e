import { expect, test } from 'vitest';
import { randomIdSchema } from '../../protocol/identifiers.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';

test('an id is what the schema takes, and never begins like an option of the command line', () => {
  const ids = Array.from({ length: 5_000 }, () => nodeRandomness.newId());
  expect(ids.filter((id) => !randomIdSchema.safeParse(id).success)).toEqual([]);
  expect(ids.filter((id) => id.startsWith('-'))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
