/**
 * An evaluator sealed: the data under a key of its service alone, and that key wrapped by one of the ring. Both are
 * bound to the service, so that a row that was moved to another one does not open.
 */
import { randomBytes } from 'node:crypto';
import { PjqError } from '../../protocol/index.js';
import type { Evaluator } from '../core/evaluator.js';
import type { EvaluatorTable } from '../store/schema.js';
import type { KeyRing, WrappingKey } from './key-ring.js';
import { KEY_BYTES, type SealSuite } from './seal-suite.js';
import { suiteNamed } from './suites.js';

/** An evaluator as it is kept; both parts are null once erased. */
export interface SealedRow extends Pick<EvaluatorTable, 'serviceId' | 'suite' | 'wrapKeyId' | 'sealed'> {
  readonly wrappedKey: Uint8Array | null;
}

/** Every text is filled up to a multiple of this: the longest that is taken is shorter, so that all are of one length. */
const FILL_BYTES = 512;

export function sealEvaluator(serviceId: string, evaluator: Evaluator, by: WrappingKey): SealedRow {
  const suite = suiteNamed(by.suite);
  const dataKey = randomBytes(KEY_BYTES);
  return {
    serviceId,
    suite: suite.name,
    wrapKeyId: by.id,
    wrappedKey: suite.seal(by.key, dataKey, context(serviceId, 'data key')),
    sealed: suite.seal(dataKey, encode(evaluator), context(serviceId, 'evaluator')),
  };
}

/**
 * @returns `null` when it was erased.
 * @throws PjqError `evaluator-key-missing`, `evaluator-damaged`.
 */
export function openEvaluator(row: SealedRow, ring: Pick<KeyRing, 'find'>): Evaluator | null {
  const text = openText(row, ring);
  return text === null ? null : decode(text);
}

/**
 * The same as the bytes of a JSON object, for whoever sends it on: no string is made of them, and the caller overwrites
 * them when it has done.
 * @returns `null` when it was erased.
 * @throws PjqError `evaluator-key-missing`, `evaluator-damaged`.
 */
export function openEvaluatorBytes(row: SealedRow, ring: Pick<KeyRing, 'find'>): Uint8Array | null {
  const text = openText(row, ring);
  return text === null ? null : withoutContactBasis(text);
}

function openText(row: SealedRow, ring: Pick<KeyRing, 'find'>): Uint8Array | null {
  const { serviceId, wrappedKey, sealed } = row;
  if (wrappedKey === null || sealed === null) return null;
  const { suite, key } = wrapping(row, ring);
  const dataKey = suite.open(key, wrappedKey, context(serviceId, 'data key'));
  return suite.open(dataKey, sealed, context(serviceId, 'evaluator'));
}

/** On what basis the hall may write to somebody is nobody else's affair. It is the last key, as it was read. */
function withoutContactBasis(text: Uint8Array): Uint8Array {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const whole = bytes.subarray(0, bytes.lastIndexOf('}') + 1);
  // Quotation marks within a value are escaped: nothing else reads so.
  const at = whole.lastIndexOf(',"contactBasis":"');
  if (at < 0) return whole;
  whole.fill('}', at, at + 1);
  return whole.subarray(0, at + 1);
}

/**
 * The same data under another wrapping key: its data key is wrapped anew, and the data sealed anew only where the
 * suite is another. `null` for what was erased.
 * @throws PjqError `evaluator-key-missing`, `evaluator-damaged`.
 */
export function rewrapEvaluator(row: SealedRow, ring: Pick<KeyRing, 'find'>, to: WrappingKey): SealedRow | null {
  const { serviceId, wrappedKey } = row;
  if (to.suite !== row.suite) {
    const evaluator = openEvaluator(row, ring);
    return evaluator === null ? null : sealEvaluator(serviceId, evaluator, to);
  }
  if (wrappedKey === null) return null;
  const { suite, key } = wrapping(row, ring);
  const dataKey = suite.open(key, wrappedKey, context(serviceId, 'data key'));
  return { ...row, wrapKeyId: to.id, wrappedKey: suite.seal(to.key, dataKey, context(serviceId, 'data key')) };
}

function wrapping(row: SealedRow, ring: Pick<KeyRing, 'find'>): { suite: SealSuite; key: Uint8Array } {
  const by = ring.find(row.wrapKeyId);
  // A key serves one suite; a row that says otherwise was altered.
  if (by.suite !== row.suite) throw new PjqError('evaluator-damaged');
  return { suite: suiteNamed(by.suite), key: by.key };
}

function context(serviceId: string, purpose: 'data key' | 'evaluator'): string {
  return `pjq/evaluator/v1\n${purpose}\n${serviceId}`;
}

function encode(evaluator: Evaluator): Buffer {
  const text = Buffer.from(JSON.stringify(evaluator));
  const filled = Buffer.alloc(Math.ceil(text.length / FILL_BYTES) * FILL_BYTES, ' ');
  text.copy(filled);
  return filled;
}

function decode(text: Uint8Array): Evaluator {
  return JSON.parse(Buffer.from(text).toString('utf8')) as Evaluator;
}
