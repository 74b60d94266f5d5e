import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { seeded } from '../../support/seeded.js';
import { mutilate, type Damage } from './mutilation.js';

describe('a mutilation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-mutilation-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const path = join(folder, 'file');
  const whole = Buffer.from(Array.from({ length: 40_000 }, (_, index) => 1 + ((index * 7 + (index >> 8)) % 255)));

  it('changes bytes from the place that it names on, and none before it or after the used ones', () => {
    const random = seeded('mutilation');
    const met = new Map<Damage, number>();
    let changed = 0;
    for (let n = 0; n < 120; n += 1) {
      writeFileSync(path, whole);
      const { damage, offset, bytes } = mutilate([{ path, usedBytes: 20_000 }], random);
      const after = readFileSync(path);
      met.set(damage, (met.get(damage) ?? 0) + 1);
      expect(after.subarray(0, offset).equals(whole.subarray(0, offset))).toBe(true);
      if (damage === 'cut off') expect(after.length).toBe(offset);
      else {
        expect(after.length).toBe(whole.length);
        expect(after.subarray(24_576).equals(whole.subarray(24_576))).toBe(true);
      }
      if (damage === 'bit flipped' || damage === 'bytes flipped')
        expect(after.subarray(offset + bytes).equals(whole.subarray(offset + bytes))).toBe(true);
      if (!after.equals(whole)) changed += 1;
    }
    expect([...met.keys()].sort()).toEqual([
      'bit flipped',
      'bytes flipped',
      'cut off',
      'page zeroed',
      'pages exchanged',
    ]);
    // A page that is exchanged with itself is the only one that changes nothing.
    expect(changed).toBeGreaterThan(105);
  });

  it('passes over files that are not there', () => {
    writeFileSync(path, whole);
    const random = seeded('missing');
    for (let n = 0; n < 20; n += 1) expect(mutilate([{ path: `${path}-wal` }, { path }], random).file).toBe(path);
    expect(() => mutilate([{ path: `${path}-wal` }], random)).toThrow(RangeError);
  });
});
