import { setTimeout as wait } from 'node:timers/promises';

const INTERVAL_MS = 5;

/** Resolves once the condition holds. @throws Error when it does not in time. Needs no test runner around it. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const begunMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - begunMs > timeoutMs)
      throw new Error(`within ${timeoutMs} ms it did not come to ${condition.toString()}`);
    await wait(INTERVAL_MS);
  }
}

/** How long a finger stays: a stimulus of a given length, nothing that the test waits for. */
export const fingerRests = (ms: number): Promise<void> => wait(ms);
