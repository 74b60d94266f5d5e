/** A hall's policy from its file, with the identity that logs name it by. */
import { createHash } from 'node:crypto';
import { policySchema, type Policy } from '../policy.js';
import { readConfiguration } from './configuration.js';

/** @throws PjqError `policy-invalid` with every fault at once. */
export function readPolicy(file: string): { policy: Policy; policyId: string } {
  const policy = readConfiguration(file, policySchema, 'policy-invalid');
  const digest = createHash('sha256').update(JSON.stringify(policy)).digest('hex').slice(0, 8);
  return { policy, policyId: `${policy.name}@${digest}` };
}
