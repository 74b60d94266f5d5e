/** The Node side of what `protocol` is handed: digest, DEFLATE, text, randomness, clocks, Ed25519 keys. */
import { readFileSync } from 'node:fs';
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Clock, HeadSigner, Randomness, Suite, VerifySignature, VerifySignatureLater } from '../suite.js';

const SIGNATURE_BYTES = 64;
const verifyLater = promisify<null, Uint8Array, KeyObject, Uint8Array, boolean>(verify);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A link of a chain: the hash before it and an entry of at most 8 KiB. */
const SHORT_BYTES = 32 + 8 * 1024;
const short = Buffer.allocUnsafe(SHORT_BYTES);

/** One call for what is short: a digest object an entry costs more than to copy it. */
function digest(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > SHORT_BYTES) {
    const whole = createHash('sha256');
    for (const part of parts) whole.update(part);
    return whole.digest();
  }
  let at = 0;
  for (const part of parts) {
    short.set(part, at);
    at += part.length;
  }
  // By a text: a buffer of its own for 32 bytes costs more than both ways, and the collector afterwards (measured).
  return Buffer.from(hash('sha256', short.subarray(0, length), 'binary'), 'binary');
}

export const nodeSuite: Suite = {
  digest,
  mac(key, ...parts) {
    const mac = createHmac('sha256', key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  },
  deflate: (raw, dictionary) => deflateRawSync(raw, { dictionary }),
  inflate: (packed, dictionary, maxLength) => inflateRawSync(packed, { dictionary, maxOutputLength: maxLength }),
  utf8Encode: (text) => encoder.encode(text),
  utf8Decode: (bytes) => decoder.decode(bytes),
  base64urlEncode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url'),
  base64urlDecode: (text) => Buffer.from(text, 'base64url'),
};

export const nodeRandomness: Randomness = {
  newId() {
    // One that began with a hyphen would be an option on the operator's command line.
    for (;;) {
      const id = randomBytes(8).toString('base64url');
      if (!id.startsWith('-')) return id;
    }
  },
  uniform: () => Math.random(),
};

/**
 * The system's clocks. `monoMs` is the kernel's time since boot, so that two programs of one boot,
 * and one program before and after a crash, share it.
 */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monoMs: () => Math.floor(Number(process.hrtime.bigint() / 1_000_000n)),
};

/** A log key pair: PEM texts, raw public key in base64url, and its id. */
export interface LogKeyPair {
  readonly privatePem: string;
  readonly publicKey: string;
  readonly keyId: string;
}

function rawPublicKey(key: KeyObject): Buffer {
  const jwk = key.export({ format: 'jwk' });
  return Buffer.from(jwk.x as string, 'base64url');
}

/** First 16 hex digits of the digest of the raw public key. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, 16);
}

export function generateLogKey(): LogKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = rawPublicKey(publicKey).toString('base64url');
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privatePem, publicKey: raw, keyId: keyIdOf(raw) };
}

/** The public half of a private key in PEM, raw in base64url (43 characters). */
export function publicKeyOf(privatePem: string): string {
  return rawPublicKey(createPublicKey(createPrivateKey(privatePem))).toString('base64url');
}

/** @throws when the PEM is not an Ed25519 private key. */
export function headSigner(privatePem: string): HeadSigner {
  const key = createPrivateKey(privatePem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the log key must be Ed25519');
  return { keyId: keyIdOf(publicKeyOf(privatePem)), sign: (message) => sign(null, message, key) };
}

/** @throws when the text is not a raw Ed25519 public key in base64url. */
export function signatureCheck(publicKey: string): VerifySignature {
  const key = keyObjectOf(publicKey);
  return (message, signature) => signature.length === SIGNATURE_BYTES && verify(null, message, key, signature);
}

/**
 * The same on the threads of Node's pool: a check takes as long as ten entries' way into the store.
 * @throws when the text is not a raw Ed25519 public key in base64url.
 */
export function signatureCheckLater(publicKey: string): VerifySignatureLater {
  const key = keyObjectOf(publicKey);
  return async (message, signature) =>
    signature.length === SIGNATURE_BYTES && verifyLater(null, message, key, signature);
}

function keyObjectOf(publicKey: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}

/**
 * Identity of this boot of the machine. Linux names each boot; a program that dies and starts again within
 * one boot shares it, and with it `monoMs`, so a session's deadline outlives the crash.
 */
export function currentBootId(): string {
  try {
    const text = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return createHash('sha256').update(text).digest().subarray(0, 8).toString('base64url');
  } catch {
    return nodeRandomness.newId();
  }
}
