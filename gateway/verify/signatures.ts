/** Who signed a head, and whether that is so. */
import { headMessage, type Head, type Suite, type VerifySignature } from '../../protocol/index.js';
import { keyIdOf, signatureCheck } from '../../protocol/runtime/node-suite.js';

/** Keys by their id; the id is computed, so that nobody's key can pass under another's id. */
export type Keys = ReadonlyMap<string, VerifySignature>;

/** @param publicKeys raw Ed25519, base64url; a text that is none makes no key. */
export function keysOf(publicKeys: readonly string[]): Keys {
  return new Map(
    publicKeys.flatMap((key) => {
      try {
        return [[keyIdOf(key), signatureCheck(key)] as const];
      } catch {
        return [];
      }
    }),
  );
}

export function isSigned(suite: Suite, head: Head, check: VerifySignature, signature: Uint8Array): boolean {
  return check(headMessage(suite, head), signature);
}
