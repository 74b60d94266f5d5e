import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/program.js';
import { BREAKS } from './breaks/breaks.js';
import { planOf } from './plan.js';

it.each(BREAKS.map((one) => [one.name, one] as const))('%s', (_name, { changes, caughtBy }) => {
  expect(planOf([caughtBy])).toHaveLength(1);
  for (const { file, find } of changes)
    expect(readFileSync(join(CHECKOUT, file), 'utf8').split(find), file).toHaveLength(2);
});
