/**
 * What this screen and the terminal tell each other of a level travels sealed, always with the same length (I6).
 * key = HKDF-SHA256(secret, no salt, 'pjq/choice/v1'); base64url( iv(12) ‖ AES-256-GCM ciphertext ‖ tag(16) ).
 */
const INFO = 'pjq/choice/v1';
const IV_BYTES = 12;
const PLAIN_BYTES = 96;

export class ChoiceSeal {
  readonly #key: Promise<CryptoKey>;

  constructor(secret: string) {
    this.#key = keyOf(secret);
  }

  async close(value: object): Promise<string> {
    const plain = new TextEncoder().encode(JSON.stringify(value).padEnd(PLAIN_BYTES));
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await this.#key, plain);
    const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
    bytes.set(iv);
    bytes.set(new Uint8Array(sealed), IV_BYTES);
    return btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '');
  }

  /** @returns `null` when it was not sealed under this secret. */
  async open<Value>(sealed: string): Promise<Value | null> {
    try {
      const bytes = Uint8Array.from(atob(sealed.replaceAll('-', '+').replaceAll('_', '/')), (sign) =>
        sign.charCodeAt(0),
      );
      const algorithm = { name: 'AES-GCM', iv: bytes.subarray(0, IV_BYTES) };
      const plain = await crypto.subtle.decrypt(algorithm, await this.#key, bytes.subarray(IV_BYTES));
      return JSON.parse(new TextDecoder().decode(plain)) as Value;
    } catch {
      return null;
    }
  }
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const encoder = new TextEncoder();
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(INFO) },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}
