import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPjqError,
  makeReceiptToken,
  receiptTokenSchema,
  receiptUrl,
  serviceReferenceOf,
  verifyReceiptToken,
  type ReceiptClaim,
} from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';

const KEY = new Uint8Array(32).fill(7);
const ABOUT = {
  terminalNumber: 12,
  keyNumber: 3,
  key: KEY,
  serviceId: 'hall-7:s.1',
  nowMs: Date.UTC(2026, 10, 21, 1, 2, 3),
};

const keyOf = (terminalNumber: number, keyNumber: number) =>
  terminalNumber === ABOUT.terminalNumber && keyNumber === ABOUT.keyNumber ? KEY : undefined;
const verify = (text: string) => verifyReceiptToken(nodeSuite, text, keyOf);

function outcome(text: string): ReceiptClaim | string {
  try {
    return verify(text);
  } catch (error) {
    if (!isPjqError(error)) throw error;
    return error.code;
  }
}

describe("a receipt's code", () => {
  const token = makeReceiptToken(nodeSuite, ABOUT);

  it('says which terminal, key, service and day, in 43 characters', () => {
    expect(token).toHaveLength(43);
    expect(verify(token)).toEqual({
      terminalNumber: 12,
      keyNumber: 3,
      serviceReference: serviceReferenceOf(nodeSuite, ABOUT.serviceId),
      dayMs: Date.UTC(2026, 10, 21),
    });
  });

  it('has these bytes for ever', () => {
    expect(token).toBe(GOLDEN);
  });

  it('is the same whenever it is made that day, and another the next', () => {
    expect(makeReceiptToken(nodeSuite, { ...ABOUT, nowMs: Date.UTC(2026, 10, 21, 23) })).toBe(token);
    expect(makeReceiptToken(nodeSuite, { ...ABOUT, nowMs: Date.UTC(2026, 10, 22) })).not.toBe(token);
  });

  it('is refused with any bit changed', () => {
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(outcome(changed.toString('base64url')), `bit ${bit}`).toMatch(/^token-(malformed|key-unknown|forged)$/);
    }
  });

  it('is refused in any other spelling: one character changed, cut, added', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < token.length; at += 1) {
      for (const other of `${alphabet}+/= \u3000é`) {
        if (other === token[at]) continue;
        expect(outcome(token.slice(0, at) + other + token.slice(at + 1))).toMatch(/^token-/);
      }
      expect(outcome(token.slice(0, at))).toBe('token-malformed');
      expect(outcome(token.slice(at + 1))).toBe('token-malformed');
    }
    for (const more of ['A', '=', '\n', ' ']) expect(outcome(token + more)).toBe('token-malformed');
    expect(outcome('')).toBe('token-malformed');
  });

  it.each([
    ['another version', 0, 2, 'token-malformed'],
    ['another terminal', 4, 13, 'token-key-unknown'],
    ['another key of the terminal', 5, 4, 'token-key-unknown'],
    ['another service', 6, 0xaa, 'token-forged'],
    ['another day', 15, 0xaa, 'token-forged'],
    ['another proof', 31, 0xaa, 'token-forged'],
  ])('%s is told as what it is', (_name, at, value, code) => {
    const bytes = Buffer.from(token, 'base64url');
    bytes[at] = value;
    expect(outcome(bytes.toString('base64url'))).toBe(code);
  });

  it('of another terminal with its own right key does not pass for this one', () => {
    const foreign = makeReceiptToken(nodeSuite, { ...ABOUT, key: new Uint8Array(32).fill(8) });
    expect(outcome(foreign)).toBe('token-forged');
  });

  it('holds for every terminal, key, service and moment', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/),
        fc.integer({ min: 0, max: Date.UTC(2199, 0, 1) }),
        (terminalNumber, keyNumber, key, serviceId, nowMs) => {
          const made = makeReceiptToken(nodeSuite, { terminalNumber, keyNumber, key, serviceId, nowMs });
          expect(receiptTokenSchema.safeParse(made).success).toBe(true);
          const claim = verifyReceiptToken(nodeSuite, made, () => key);
          expect(claim).toMatchObject({
            terminalNumber,
            keyNumber,
            serviceReference: serviceReferenceOf(nodeSuite, serviceId),
          });
          expect(Math.abs(claim.dayMs - nowMs) < 86_400_000 || nowMs < Date.UTC(2020) || nowMs > claim.dayMs).toBe(
            true,
          );
        },
      ),
    );
  });

  it('stands after the address, whether that ends in a slash or not', () => {
    expect(receiptUrl('https://pj.example.cn/r', token)).toBe(`https://pj.example.cn/r/${token}`);
    expect(receiptUrl('https://pj.example.cn/r/', token)).toBe(`https://pj.example.cn/r/${token}`);
  });
});

const GOLDEN = 'AQAAAAwDsPpuJczTSXMJ1JoVABbQPQL79zzXh6gVqgA';
