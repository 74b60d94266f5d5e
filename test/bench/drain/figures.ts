/** Figures of repeated runs, and what is said of them: the median, and how far they lay apart. */
import { quantile } from '../quantiles.js';

/** What one run gave, by name. */
export type Figures = Readonly<Record<string, number>>;

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/** Something that is measured again and again, in turns with the others, so that a busy hour meets all alike. */
export interface Contestant {
  readonly name: string;
  once(): Promise<Figures>;
}

/** Everything measured of one contestant; `failed` tells why there is less of it than of others. */
export interface Measured {
  readonly name: string;
  readonly runs: readonly Figures[];
  readonly failed: readonly string[];
}

/** Every contestant once, then every one again, so many times. */
export async function takeTurns(
  contestants: readonly Contestant[],
  repeat: number,
  say: (text: string) => void,
): Promise<Measured[]> {
  const measured = contestants.map(({ name }) => ({ name, runs: [] as Figures[], failed: [] as string[] }));
  for (let round = 1; round <= repeat; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const into = measured[index] as (typeof measured)[number];
      const begunMs = performance.now();
      try {
        into.runs.push(await contestant.once());
      } catch (error) {
        into.failed.push(error instanceof Error ? error.message : String(error));
      }
      const tookS = ((performance.now() - begunMs) / 1_000).toFixed(1);
      const fault = into.failed.length > into.runs.length ? `: ${into.failed.at(-1) ?? ''}` : '';
      say(`round ${round}/${repeat}: ${contestant.name} (${tookS} s)${fault}`);
    }
  }
  return measured;
}

/** Median, least and most of a figure; `null` where no run gave it. */
export function spread(runs: readonly Figures[], figure: string): Spread | null {
  const values = runs.map((run) => run[figure]).filter((value) => value !== undefined && !Number.isNaN(value));
  if (values.length === 0) return null;
  return {
    median: middle(values as number[]),
    least: Math.min(...(values as number[])),
    most: Math.max(...(values as number[])),
    runs: values.length,
  };
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half)
    ? ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
    : (sorted[Math.floor(half)] as number);
}

/** p50 and p99 of times in µs, as figures in ms under these names. */
export function quantilesMs(name: string, valuesUs: readonly number[]): Figures {
  if (valuesUs.length === 0) return {};
  return {
    [`${name}P50Ms`]: quantile(valuesUs, 0.5) / 1_000,
    [`${name}P99Ms`]: quantile(valuesUs, 0.99) / 1_000,
    [`${name}Total`]: valuesUs.length,
  };
}
