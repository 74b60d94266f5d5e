/** The suites there are, by name. */
import { PjqError } from '../../protocol/index.js';
import { aes256Gcm } from './aes-256-gcm.js';
import type { SealSuite, SuiteName } from './seal-suite.js';
import { sm4Sm3 } from './sm4-sm3.js';

const SUITES: Readonly<Record<SuiteName, SealSuite>> = { 'aes-256-gcm': aes256Gcm, 'sm4-sm3': sm4Sm3 };

/** @throws PjqError `evaluator-damaged` for a name that no version of ours wrote. */
export function suiteNamed(name: string): SealSuite {
  if (!Object.hasOwn(SUITES, name)) throw new PjqError('evaluator-damaged', 'sealed by a suite that is not known');
  return SUITES[name as SuiteName];
}
