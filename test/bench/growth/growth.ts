/** How the drain's cost grows: with the ratings of one terminal, and with the number of terminals. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBacklog } from '../drain/backlog.js';
import type { DrainBenchOptions } from '../drain/drain.js';
import { drainOnce } from '../drain/drain-once.js';
import { spread, type Figures } from '../drain/figures.js';
import { removeFolder } from '../drain/folders.js';
import { describeMachine } from '../drain/machine.js';
import { complain, flat } from '../drain/ours.js';
import { writeReport } from '../drain/write-report.js';
import { picture, type LogPlot } from './log-plot.js';

interface Size {
  readonly terminals: number;
  readonly ratings: number;
}

interface Grown extends Size {
  readonly runs: readonly Figures[];
}

const RATINGS_EACH = 100;
const MOST_ROUNDS = 3;
/** What is larger takes minutes, and varies little: once. */
const ONCE_FROM_RATINGS = 200_000;
/** A step may cost this much more than in proportion: the spread of the figures themselves. */
const TOLERATED_EXPONENT = 1.15;
const TIMEOUT_MS = 1_800_000;

export async function benchGrowth(options: DrainBenchOptions): Promise<string[]> {
  const { quick, full, repeat } = options;
  const ratings = quick
    ? [300, 1_000, 3_000]
    : [1_000, 3_000, 10_000, 30_000, 100_000, ...(full ? [300_000, 1e6] : [])];
  const terminals = quick ? [1, 5, 20] : [1, 3, 10, 30, 100, 300, ...(full ? [1_000] : [])];
  const each = quick ? 30 : RATINGS_EACH;
  const rounds = Math.min(repeat, MOST_ROUNDS);
  const byRatings: Grown[] = [];
  const byTerminals: Grown[] = [];
  for (const total of ratings) byRatings.push(await grown({ terminals: 1, ratings: total }, rounds, options));
  for (const total of terminals)
    byTerminals.push(await grown({ terminals: total, ratings: total * each }, rounds, options));
  const machine = describeMachine();
  const text = [
    '# How the cost of a drain grows',
    '',
    `\`${options.command}\`, ${machine.at}; medians of ${rounds} rounds, one from ${ONCE_FROM_RATINGS} ratings on. Machine: ${machine.cores} × ${machine.processor}, ` +
      `${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}, ${machine.disk}.`,
    '',
    'Growth: by which power of its cause a figure grew since the row above; 1 is in proportion, 0 is not at all.',
    '',
    '![time and memory, both axes logarithmic](growth.svg)',
    '',
    '## With the ratings that wait at one terminal',
    '',
    ...table(byRatings, ({ ratings: cause }) => cause, 'ratings'),
    '',
    `## With the number of terminals, ${each} ratings each, all of them in one process`,
    '',
    ...table(byTerminals, ({ terminals: cause }) => cause, 'terminals'),
    '',
    verdict([...steps(byRatings, (one) => one.ratings), ...steps(byTerminals, (one) => one.terminals)]),
    '',
  ].join('\n');
  if (options.write !== undefined) {
    writeReport(options.write, 'growth', text, { machine, byRatings, byTerminals });
    writeFileSync(
      join(options.write, 'growth.svg'),
      picture([
        ...plots(byRatings, ({ ratings: cause }) => cause, 'ratings waiting at one terminal'),
        ...plots(byTerminals, ({ terminals: cause }) => cause, `terminals, ${each} ratings each`),
      ]),
    );
  }
  return [text];
}

async function grown(size: Size, rounds: number, { root, say }: DrainBenchOptions): Promise<Grown> {
  const backlog = await writeBacklog({ ...size, online: 0 });
  try {
    const runs: Figures[] = [];
    for (let round = 0; round < (size.ratings < ONCE_FROM_RATINGS ? rounds : 1); round += 1) {
      const figures = await drainOnce(backlog, { root, timeoutMs: TIMEOUT_MS });
      complain(backlog, figures);
      runs.push(flat(figures));
    }
    say(`growth: ${size.ratings} ratings from ${size.terminals}`);
    return { ...size, runs };
  } finally {
    removeFolder(backlog.folder);
  }
}

const median = ({ runs }: Grown, figure: string) => spread(runs, figure)?.median ?? Number.NaN;
const megabytes = (bytes: number) => bytes / 2 ** 20;

const FIGURES = [
  { name: 'drained', unit: 's', of: (one: Grown) => median(one, 'tookMs') / 1_000, digits: 2 },
  { name: 'gateway peak', unit: 'MB', of: (one: Grown) => megabytes(median(one, 'gatewayPeakRssBytes')), digits: 0 },
  { name: 'terminals peak', unit: 'MB', of: (one: Grown) => megabytes(median(one, 'loadPeakRssBytes')), digits: 0 },
] as const;

function table(grownBy: readonly Grown[], cause: (one: Grown) => number, heading: string): string[] {
  return [
    `| ${heading} | ${FIGURES.map(({ name, unit }) => `${name}, ${unit} | growth`).join(' | ')} | entries/s |`,
    `|---|${'---|---|'.repeat(FIGURES.length)}---|`,
    ...grownBy.map((one, index) => {
      const before = grownBy[index - 1];
      const cells = FIGURES.map(({ of, digits }) => {
        const power = before === undefined ? '' : exponent(cause(before), of(before), cause(one), of(one)).toFixed(2);
        return `${of(one).toFixed(digits)} | ${power}`;
      });
      return `| ${cause(one)} | ${cells.join(' | ')} | ${median(one, 'entriesPerSecond').toFixed(0)} |`;
    }),
  ];
}

function exponent(x1: number, y1: number, x2: number, y2: number): number {
  return Math.log(y2 / y1) / Math.log(x2 / x1);
}

/** Over the upper half of the sizes: at the small ones what is fixed hides what grows. */
function steps(grownBy: readonly Grown[], cause: (one: Grown) => number): { name: string; power: number }[] {
  const from = grownBy[Math.floor((grownBy.length - 1) / 2)];
  const to = grownBy.at(-1);
  if (from === undefined || to === undefined || from === to) return [];
  return FIGURES.map(({ name, of }) => ({
    name: `${name} from ${cause(from)} to ${cause(to)}`,
    power: exponent(cause(from), of(from), cause(to), of(to)),
  }));
}

function verdict(all: readonly { name: string; power: number }[]): string {
  const worse = all.filter(({ power }) => power > TOLERATED_EXPONENT);
  return worse.length === 0
    ? 'Nothing grows faster than its cause.'
    : `**Faster than its cause:** ${worse.map(({ name, power }) => `${name} (power ${power.toFixed(2)})`).join('; ')}.`;
}

function plots(grownBy: readonly Grown[], cause: (one: Grown) => number, xLabel: string): LogPlot[] {
  const series = ({ name, of }: (typeof FIGURES)[number]) => ({
    name,
    points: grownBy.map((one) => [cause(one), of(one)] as const),
  });
  const [time, ...memory] = FIGURES;
  return [
    { title: 'time of the drain', xLabel, yLabel: 's', series: [series(time)] },
    { title: 'memory', xLabel, yLabel: 'MB', series: memory.map(series) },
  ];
}
