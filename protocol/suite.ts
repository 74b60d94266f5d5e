/**
 * What `protocol` needs from the world and is handed: it defines bytes, it computes none of this itself.
 * The Node implementation is `protocol/runtime/node-suite.ts`.
 */
export interface Suite {
  /** Digest of the concatenated parts (SHA-256; 32 bytes). */
  digest(...parts: readonly Uint8Array[]): Uint8Array;
  /** HMAC-SHA256 (RFC 2104) over the concatenated parts; 32 bytes. */
  mac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** Raw DEFLATE (RFC 1951) with a preset dictionary. */
  deflate(raw: Uint8Array, dictionary: Uint8Array): Uint8Array;
  /**
   * Inverse of `deflate`.
   * @throws when the stream is damaged or would grow past `maxLength` bytes.
   */
  inflate(packed: Uint8Array, dictionary: Uint8Array, maxLength: number): Uint8Array;
  utf8Encode(text: string): Uint8Array;
  /** @throws on bytes that are not UTF-8. */
  utf8Decode(bytes: Uint8Array): string;
  base64urlEncode(bytes: Uint8Array): string;
  base64urlDecode(text: string): Uint8Array;
}

/** Signs chain heads: Ed25519, 64 bytes. The private key never leaves its holder. */
export interface HeadSigner {
  readonly keyId: string;
  sign(message: Uint8Array): Uint8Array;
}

/** Checks a signature under one public key. */
export type VerifySignature = (message: Uint8Array, signature: Uint8Array) => boolean;

/** The same, on another thread. */
export type VerifySignatureLater = (message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** Randomness, handed in so that seeded runs repeat. */
export interface Randomness {
  /** A new identity: 64 random bits, 11 base64url characters, the first of them no hyphen. */
  newId(): string;
  /** Uniform in [0, 1), for jitter only. */
  uniform(): number;
}

/** Time as an input. */
export interface Clock {
  /** Milliseconds since 1970; may step. */
  wallMs(): number;
  /** Milliseconds since boot; never steps. */
  monoMs(): number;
}
