import { createHash } from 'node:crypto';

/** Repeatable randomness for fault sets: uniform in [0, 1) from a seed. */
export function seeded(seed: string): () => number {
  let counter = 0;
  return () => {
    counter += 1;
    return createHash('sha256').update(`${seed} ${counter}`).digest().readUInt32BE() / 2 ** 32;
  };
}
