/** The one retry schedule for everything that is retried: initial, factor, cap, jitter. */
import { z } from 'zod';

export const retryPolicySchema = z.strictObject({
  initialMs: z.int().min(10).max(3_600_000).describe('first wait, ms'),
  factor: z.number().min(1).max(10).describe('each wait is this many times the one before'),
  capMs: z.int().min(10).max(86_400_000).describe('longest wait, ms'),
  jitter: z.number().min(0).max(1).describe('share of the wait that is random, 0 to 1'),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

/** Wait before try `attempt + 1`, in ms; `attempt` counts the tries made, from 1. */
export function retryDelayMs(policy: RetryPolicy, attempt: number, uniform: () => number): number {
  const exponent = Math.max(0, attempt - 1);
  const base = Math.min(policy.capMs, policy.initialMs * policy.factor ** exponent);
  return Math.round(base * (1 - policy.jitter * uniform()));
}

/** The waits in order, without end. */
export function* retryDelays(policy: RetryPolicy, uniform: () => number): Generator<number, never> {
  for (let attempt = 1; ; attempt += 1) yield retryDelayMs(policy, attempt, uniform);
}
