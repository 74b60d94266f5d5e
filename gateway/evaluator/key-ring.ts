/**
 * The wrapping keys at work. The file is the truth: it is looked at before each use, and read again when it was
 * replaced, so that a rotation needs no restart. While it cannot be read, what was read before goes on.
 */
import { createHmac } from 'node:crypto';
import { statSync } from 'node:fs';
import { PjqError } from '../../protocol/index.js';
import { comparablePhone } from '../core/evaluator.js';
import { readRing, type Ring, type RingEntry } from './key-ring-file.js';
import type { SuiteName } from './seal-suite.js';

/** A wrapping key, ready for use. */
export interface WrappingKey {
  readonly id: string;
  readonly suite: SuiteName;
  readonly key: Uint8Array;
}

export class KeyRing {
  readonly #file: string;
  #ring: Ring;
  #version: string;

  /** @throws PjqError `config-invalid` when the file is no ring of keys, or open to others. */
  constructor(file: string) {
    this.#file = file;
    this.#version = versionOf(file) ?? '';
    this.#ring = readRing(file);
  }

  /** What new data is wrapped with. */
  active(): WrappingKey {
    return this.find(this.#fresh().active);
  }

  /** @throws PjqError `evaluator-key-missing` when the ring has no such key, also not by now. */
  find(id: string): WrappingKey {
    const found = this.#fresh().keys.find((one) => one.id === id);
    if (found === undefined) throw new PjqError('evaluator-key-missing', `key ${id.slice(0, 16)}`);
    return usable(found);
  }

  /** Ids of all keys, the oldest first. */
  ids(): string[] {
    return this.#fresh().keys.map(({ id }) => id);
  }

  /**
   * A digest that nobody can guess at without the ring: a document number has too few possible values for a bare one.
   * Equal texts of one purpose have equal digests, for ever.
   */
  digest(purpose: string, text: string): string {
    const { hash, key } = this.#fresh().digest;
    return createHmac(hash, Buffer.from(key, 'base64url'))
      .update(`pjq/evaluator/${purpose}/v1\n${text}`)
      .digest('base64url');
  }

  /** By which a phone number is recognised that wants no messages. */
  phoneDigest(phone: string): string {
    return this.digest('phone', comparablePhone(phone));
  }

  #fresh(): Ring {
    const version = versionOf(this.#file);
    if (version === undefined || version === this.#version) return this.#ring;
    try {
      this.#ring = readRing(this.#file);
      this.#version = version;
    } catch {
      // Whoever needs a key that is not known is told so; the others go on.
    }
    return this.#ring;
  }
}

function usable({ id, suite, key }: RingEntry): WrappingKey {
  return { id, suite, key: Buffer.from(key, 'base64url') };
}

function versionOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino} ${found.mtimeNs} ${found.size}`;
}
