import { expect, test } from 'vitest';
import { KeyRing } from '../../gateway/evaluator/key-ring.js';
import { openEvaluator, rewrapEvaluator, sealEvaluator } from '../../gateway/evaluator/sealed-evaluator.js';
import { SUITE_NAMES } from '../../gateway/evaluator/seal-suite.js';
import { ringFile } from './hall-safe.js';
import { plantedEvaluator } from './planted.js';

const damaged = expect.objectContaining({ code: 'evaluator-damaged' });

test.each(SUITE_NAMES)('%s: a row that was moved, mixed or relabelled opens nothing', (suite) => {
  const ring = new KeyRing(ringFile(suite));
  const [one, other] = [0, 1].map((n) => sealEvaluator(`s-${n}`, plantedEvaluator(n), ring.active()));
  if (one === undefined || other === undefined) throw new Error('none');
  expect(openEvaluator(one, ring)).toEqual(plantedEvaluator(0));
  expect(openEvaluator(other, ring)).toEqual(plantedEvaluator(1));

  expect(() => openEvaluator({ ...one, serviceId: 's-1' }, ring)).toThrow(damaged);
  expect(() => openEvaluator({ ...one, sealed: other.sealed }, ring)).toThrow(damaged);
  expect(() => openEvaluator({ ...one, wrappedKey: other.wrappedKey }, ring)).toThrow(damaged);
  expect(() => openEvaluator({ ...one, sealed: one.wrappedKey }, ring)).toThrow(damaged);
  for (const label of [...SUITE_NAMES.filter((name) => name !== suite), 'none'])
    expect(() => openEvaluator({ ...one, suite: label }, ring)).toThrow(damaged);
  // A data key that is wrapped anew must not make another service's of it either.
  expect(() => rewrapEvaluator({ ...one, serviceId: 's-1' }, ring, ring.active())).toThrow(damaged);
});

test('every service has a key of its own', () => {
  const ring = new KeyRing(ringFile());
  const rows = Array.from({ length: 20 }, () => sealEvaluator('s-1', plantedEvaluator(0), ring.active()));
  // One's data under another's key: were they one key, it would open, since the service is the same.
  expect(() => openEvaluator({ ...(rows[0] as (typeof rows)[0]), sealed: rows[1]?.sealed ?? null }, ring)).toThrow(
    damaged,
  );
});

test('a ring without the key says so, and a row of erased data is nothing', () => {
  const row = sealEvaluator('s-1', plantedEvaluator(0), new KeyRing(ringFile()).active());
  const other = new KeyRing(ringFile());
  expect(() => openEvaluator(row, other)).toThrow(expect.objectContaining({ code: 'evaluator-key-missing' }));
  expect(openEvaluator({ ...row, wrappedKey: null, sealed: null }, other)).toBeNull();
});

test('what is sealed tells nothing by its length', () => {
  const ring = new KeyRing(ringFile());
  const longest = {
    name: '某'.repeat(30),
    documentType: 'other',
    documentNo: '字'.repeat(64),
    phone: '+123456789012345',
  } as const;
  const lengths = [
    { name: '张' },
    plantedEvaluator(0),
    longest,
    { ...longest, contactBasis: 'statutory-duty' } as const,
  ].map((evaluator) => sealEvaluator('s-1', evaluator, ring.active()).sealed?.length);
  expect(new Set(lengths).size).toBe(1);
});
