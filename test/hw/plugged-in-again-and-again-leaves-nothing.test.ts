import { expect, it } from 'vitest';
import { plugCycles } from './plug-cycles.js';

/** What a hundred connections may leave in caches and compiled code. Each has some 40 kB of its own while it lives. */
const MOST_GROWTH_BYTES = 1_000_000;

const CYCLES = Number(process.env['PJQ_PLUG_CYCLES'] ?? 100);

it(
  `${CYCLES} times, and neither listeners, handles, tables nor memory grow`,
  { timeout: 60_000 + CYCLES * 300 },
  async () => {
    const { served, presses, before, after, warnings } = await plugCycles(CYCLES);
    expect(served).toBe(CYCLES / 4);
    expect(presses).toBe(0);
    expect(after.resources).toEqual(before.resources);
    expect(after.boards).toBe(before.boards);
    expect(after.processListeners).toBe(before.processListeners);
    expect(after.heapBytes - before.heapBytes).toBeLessThan(MOST_GROWTH_BYTES);
    expect(warnings).toEqual([]);
  },
);
