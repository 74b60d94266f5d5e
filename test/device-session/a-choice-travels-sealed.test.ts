import { webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Seal } from '../../device/local/seal.js';
import { reasonsOf } from '../../protocol/index.js';

const SECRET = 'k3pTt0y0ursElf-aaaaaaaaaaaaaaaaaaaaaaaaaaaa';

/** As a page does it, with the browser's own functions. */
async function pageKey(secret: string): Promise<webcrypto.CryptoKey> {
  const bytes = new TextEncoder();
  const material = await webcrypto.subtle.importKey('raw', bytes.encode(secret), 'HKDF', false, ['deriveKey']);
  return webcrypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes.encode('pjq/choice/v1') },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

describe('a choice', () => {
  it('is opened by the page of this start, and by no other', async () => {
    const sealed = Buffer.from(new Seal(SECRET).close({ level: 2, reasons: ['207'] }), 'base64url');
    const open = async (secret: string) =>
      webcrypto.subtle.decrypt(
        { name: 'AES-GCM', iv: sealed.subarray(0, 12) },
        await pageKey(secret),
        sealed.subarray(12),
      );
    expect(JSON.parse(Buffer.from(await open(SECRET)).toString())).toEqual({ level: 2, reasons: ['207'] });
    await expect(open(`${SECRET.slice(0, -1)}b`)).rejects.toThrow();
  });

  it('sealed by the page is opened by the terminal', async () => {
    const iv = webcrypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify({ level: 5 }).padEnd(96));
    const box = Buffer.from(await webcrypto.subtle.encrypt({ name: 'AES-GCM', iv }, await pageKey(SECRET), plain));
    expect(new Seal(SECRET).open(Buffer.concat([iv, box]).toString('base64url'))).toEqual({ level: 5 });
  });

  it('has one length whatever it says, never looks the same twice, and shows no level', () => {
    const seal = new Seal(SECRET);
    const choices = [1, 2, 3, 4, 5].flatMap((level) => [
      { level, reasons: [] as string[] },
      { level, reasons: reasonsOf(level).map(({ code }) => code) },
    ]);
    const sealed = choices.flatMap((choice) => [seal.close(choice), seal.close(choice)]);
    expect(new Set(sealed.map(({ length }) => length)).size).toBe(1);
    expect(new Set(sealed).size).toBe(sealed.length);
    for (const [index, text] of sealed.entries()) expect(seal.open(text)).toEqual(choices[index >> 1]);
  });

  it.each(['', 'AAAA', 'x'.repeat(165), '!!'])('that is none (%j) is refused with a code', (text) => {
    expect(() => new Seal(SECRET).open(text)).toThrow(expect.objectContaining({ code: 'request-malformed' }));
  });

  it('that was changed on its way is refused', () => {
    const bytes = Buffer.from(new Seal(SECRET).close({ level: 1 }), 'base64url');
    for (const at of [0, 11, 12, 60, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => new Seal(SECRET).open(changed.toString('base64url'))).toThrow(
        expect.objectContaining({ code: 'request-malformed' }),
      );
    }
  });
});
