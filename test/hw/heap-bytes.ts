import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What of the heap is in use once all that nobody holds is gone. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
