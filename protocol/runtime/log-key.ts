/** The key that signs a log's heads: a PEM file of its own, made at first use, never in the database. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PjqError } from '../errors.js';
import { writeFileAtomic } from './atomic-file.js';
import { generateLogKey, headSigner, publicKeyOf } from './node-suite.js';
import type { HeadSigner } from '../suite.js';

/** @throws PjqError `config-invalid` when the file is not an Ed25519 key. */
export function openLogKey(file: string): { signer: HeadSigner; publicKey: string } {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileAtomic(file, generateLogKey().privatePem, 0o600);
  }
  try {
    const pem = readFileSync(file, 'utf8');
    return { signer: headSigner(pem), publicKey: publicKeyOf(pem) };
  } catch (cause) {
    throw new PjqError(
      'config-invalid',
      `\n${file}: must be an Ed25519 private key in PEM (got ${(cause as Error).message})`,
      { cause },
    );
  }
}
