import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedDigest, openPageKey, PAGE_KEY_FILE } from '../../gateway/rate/page-key.js';
import { isWindowPass, makeWindowPass, PASS_MS, readWindowPass } from '../../gateway/rate/window-code-pass.js';
import { isPjqError, makeReceiptToken, serviceReferenceOf } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';

const NOW_MS = 1_790_000_000_000;
const digest = keyedDigest(new Uint8Array(32).fill(7));
const reference = serviceReferenceOf(nodeSuite, 's-1');
const pass = makeWindowPass(digest, reference, NOW_MS + PASS_MS);

function told(text: string, nowMs = NOW_MS, by = digest): string {
  try {
    return readWindowPass(by, text, nowMs);
  } catch (error) {
    if (isPjqError(error)) return error.code;
    throw error;
  }
}

test('it is read again as what it was made for, until its time is over', () => {
  expect(told(pass)).toBe(reference);
  expect(told(pass, NOW_MS + PASS_MS - 1)).toBe(reference);
  expect(told(pass, NOW_MS + PASS_MS)).toBe('window-pass-over');
  // A clock that was set back.
  expect(told(pass, NOW_MS - 86_400_000)).toBe('window-pass-over');
});

test('every bit that is changed, every character left out or added, is refused', () => {
  const bytes = Buffer.from(pass.slice(1), 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(told(`w${changed.toString('base64url')}`)).toBe('token-forged');
  }
  for (let length = 0; length < pass.length; length += 1) expect(told(pass.slice(0, length))).toBe('token-malformed');
  expect(told(`${pass}A`)).toBe('token-malformed');
});

test('it has one spelling', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const spellings = [...alphabet].map((last) => pass.slice(0, -1) + last).filter((text) => told(text) === reference);
  expect(spellings).toEqual([pass]);
});

test('under another key it is a forgery', () => {
  expect(told(pass, NOW_MS, keyedDigest(new Uint8Array(32).fill(8)))).toBe('token-forged');
});

test("it is never taken for a receipt's code, nor the other way round", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.integer({ min: 1, max: 0xffff_ffff }),
      (of, number) => {
        expect(isWindowPass(makeWindowPass(digest, Buffer.from(of).toString('base64url'), NOW_MS))).toBe(true);
        const token = makeReceiptToken(nodeSuite, {
          terminalNumber: number,
          keyNumber: 1,
          key: randomBytes(32),
          serviceId: `s-${number}`,
          nowMs: NOW_MS,
        });
        expect(isWindowPass(token)).toBe(false);
      },
    ),
  );
});

test("the page's key is made once, for its owner alone, and is never another one unseen", () => {
  const folder = temporaryFolder();
  const first = openPageKey(folder)('device', 'x');
  expect(openPageKey(folder)('device', 'x')).toEqual(first);
  expect(openPageKey(folder)('block', 'x')).not.toEqual(first);
  const file = join(folder, PAGE_KEY_FILE);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o644);
  expect(() => openPageKey(folder)).toThrow(/mode 0600/);
  chmodSync(file, 0o600);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20));
  expect(() => openPageKey(folder)).toThrow(/32 bytes/);
});
