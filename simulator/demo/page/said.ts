/** What a counter's card says of the last thing that was done there. */
import type { Parameters, TextKey } from './catalogue.js';

export interface Said {
  readonly key: TextKey;
  readonly parameters?: Parameters;
  readonly good: boolean;
}

/** Does it, and says what came of it: what it returns, else why it did not work. */
export type Attempt = (work: () => Promise<Said | undefined>) => void;

/** For what shows by itself. */
export function quietly(attempt: Attempt, work: () => Promise<void>): void {
  attempt(async () => {
    await work();
    return undefined;
  });
}
