/** What the gateway's ingest takes when nothing has to be sent: with the sizes of the drain, in the same run. */
import { join } from 'node:path';
import { OwnProcess } from '../peers/own-process.js';
import type { Contestant } from './figures.js';

export function ceilings(terminals: readonly number[], ratings: number): Contestant[] {
  return terminals.map((total) => ({
    name: ceilingName(total),
    once: async () => {
      const program = OwnProcess.ours(join(import.meta.dirname, 'ceiling-program.ts'), { terminals: total, ratings });
      program.start();
      try {
        const { ms, entries } = (await program.said('done', 300_000)) as unknown as { ms: number; entries: number };
        return { tookMs: ms, entriesPerSecond: (entries / ms) * 1_000, ratingsPerSecond: (ratings / ms) * 1_000 };
      } finally {
        await program.end();
      }
    },
  }));
}

export function ceilingName(terminals: number): string {
  return `gateway alone, ${terminals} terminal${terminals === 1 ? '' : 's'}`;
}
