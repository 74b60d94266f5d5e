import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KEY_BYTES, SUITE_NAMES } from '../../gateway/evaluator/seal-suite.js';
import { suiteNamed } from '../../gateway/evaluator/suites.js';

describe.each(SUITE_NAMES)('%s', (name) => {
  const suite = suiteNamed(name);
  const key = randomBytes(KEY_BYTES);
  const text = Buffer.from('{"name":"张三","phone":"13800000000"}');

  test('what was sealed opens, whatever its length', () => {
    for (const length of [0, 1, 15, 16, 17, 32, 4_096]) {
      const some = randomBytes(length);
      expect(Buffer.from(suite.open(key, suite.seal(key, some, 'here'), 'here'))).toEqual(some);
    }
  });

  test('the same text is never sealed alike, and does not stand in what is sealed', () => {
    const sealed = Array.from({ length: 50 }, () => Buffer.from(suite.seal(key, text, 'here')));
    expect(new Set(sealed.map((one) => one.toString('hex'))).size).toBe(50);
    // Nonce and ciphertext: neither begins like another's.
    expect(new Set(sealed.map((one) => one.subarray(1, 13).toString('hex'))).size).toBe(50);
    expect(sealed.some((one) => one.includes(text.subarray(0, 6)))).toBe(false);
  });

  test('another key or another context opens nothing', () => {
    const sealed = suite.seal(key, text, 'service-1');
    for (const [by, context] of [
      [randomBytes(KEY_BYTES), 'service-1'],
      [key, 'service-2'],
      [key, 'service-1 '],
      [key, ''],
    ] as const)
      expect(() => suite.open(by, sealed, context)).toThrow(expect.objectContaining({ code: 'evaluator-damaged' }));
  });

  test('whatever bit is changed, and however it is cut or lengthened, it opens no more', () => {
    const sealed = Buffer.from(suite.seal(key, text, 'here'));
    const damaged = [...sealed.keys()].flatMap((at) =>
      [0, 7].map((bit) => {
        const copy = Buffer.from(sealed);
        copy[at] = (copy[at] ?? 0) ^ (1 << bit);
        return copy;
      }),
    );
    for (let length = 0; length < sealed.length; length += 1) damaged.push(sealed.subarray(0, length));
    damaged.push(Buffer.concat([sealed, Buffer.of(0)]), Buffer.concat([sealed.subarray(1), sealed]));
    for (const one of damaged)
      expect(() => suite.open(key, one, 'here')).toThrow(expect.objectContaining({ code: 'evaluator-damaged' }));
  });
});

test('a suite that nobody wrote is damage', () => {
  for (const name of ['', 'none', 'toString', '__proto__'])
    expect(() => suiteNamed(name)).toThrow(expect.objectContaining({ code: 'evaluator-damaged' }));
});
