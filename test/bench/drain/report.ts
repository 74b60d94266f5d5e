/** What was measured, as a page that can be read without the program. */
import { spread, type Figures, type Measured, type Spread } from './figures.js';
import type { Machine } from './machine.js';
import type { Verdict } from './targets.js';

export interface DrainReport {
  readonly machine: Machine;
  readonly command: string;
  readonly ratings: number;
  readonly terminals: readonly number[];
  readonly repeat: number;
  readonly versions: Readonly<Record<string, string | null>>;
  readonly raw: readonly Measured[];
  readonly ceilings: readonly Measured[];
  readonly ours: readonly Measured[];
  readonly peers: readonly Measured[];
  readonly kills: readonly Measured[];
  readonly verdicts: readonly Verdict[];
  /** What could not run here, and why. */
  readonly missing: readonly string[];
}

interface Column {
  readonly heading: string;
  readonly figure: string;
  readonly digits: number;
  readonly scale?: number;
}

const MB = 1 / 2 ** 20;
const RATE: readonly Column[] = [
  { heading: 'drained in s', figure: 'tookMs', digits: 2, scale: 1 / 1_000 },
  { heading: 'ratings/s', figure: 'ratingsPerSecond', digits: 0 },
];
const DRAINED: readonly Column[] = [
  ...RATE,
  { heading: 'entries/s', figure: 'entriesPerSecond', digits: 0 },
  { heading: 'wire bytes an entry', figure: 'sentBytesPerEntry', digits: 1 },
  { heading: 'gateway peak MB', figure: 'gatewayPeakRssBytes', digits: 0, scale: MB },
  { heading: 'processors: gateway', figure: 'gatewayCpu', digits: 2 },
  { heading: 'terminals', figure: 'loadCpu', digits: 2 },
];
const PRESSED: readonly Column[] = [
  { heading: 'presses', figure: 'durableTotal', digits: 0 },
  { heading: 'press → durable p50 ms', figure: 'durableP50Ms', digits: 2 },
  { heading: 'p99 ms', figure: 'durableP99Ms', digits: 2 },
  { heading: 'press → ack p50 ms', figure: 'ackedP50Ms', digits: 1 },
  { heading: 'p99 ms', figure: 'ackedP99Ms', digits: 1 },
];
const RAW: readonly Column[] = [
  { heading: 'p50 ms', figure: 'syncP50Ms', digits: 3 },
  { heading: 'p99 ms', figure: 'syncP99Ms', digits: 3 },
  { heading: 'rows/s', figure: 'rowsPerSecond', digits: 0 },
  { heading: 'messages/s', figure: 'messagesPerSecond', digits: 0 },
];
const KILLED: readonly Column[] = [
  { heading: 'lost', figure: 'lost', digits: 0 },
  { heading: 'doubled', figure: 'doubled', digits: 0 },
];

export function reportOf(report: DrainReport): string {
  const { machine, ours, peers, versions } = report;
  const pressed = ours.filter(({ runs }) => runs.some((run) => run['durableTotal'] !== undefined));
  const carried = [...ours, ...report.ceilings, ...peers.map(asRatings)];
  const known = Object.entries(versions).flatMap(([name, version]) =>
    version === null ? [] : [`${name} (${version})`],
  );
  return [
    '# The overnight drain',
    '',
    `${report.ratings} ratings kept at the edge while the hall was away, then carried into a durable SQLite table. ` +
      `\`${report.command}\`, ${machine.at}; ${report.repeat} rounds, in each everything once, in turns. ` +
      'Cells: median (least – most).',
    '',
    `Machine: ${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}, ${machine.disk}. ` +
      `Beside it: ${known.join(', ')}.`,
    '',
    '## What was promised',
    '',
    '| promise | measured | kept |',
    '|---|---|---|',
    ...report.verdicts.map(
      ({ promise, measured, kept }) => `| ${promise} | ${measured} | ${kept ? 'yes' : '**no**'} |`,
    ),
    '',
    '## Drained',
    '',
    ...WHAT_IS_CARRIED,
    '',
    ...table(carried, DRAINED),
    '',
    '## Pressed meanwhile',
    '',
    'From the finger (a thread of its own), every 20 ms: until the terminal’s disk has it, and until the gateway’s signed',
    'answer covers it. A terminal that drains sends what it has in order, so that its own press is answered last. A machine',
    'of its own: hall and draining terminals are in memory, and the pressed terminal has the processors before them (real-time',
    'scheduling, needs root), as on a card and a processor of its own a press waits for nobody else.',
    '',
    ...table(pressed, PRESSED),
    '',
    '## Killed in the middle',
    '',
    'SIGKILL once a third had arrived, started again with what the disk had. Hall: broker and subscriber both, as they are',
    'one program in pjq. Records that the edge had acknowledged, beside rows at the far end.',
    '',
    ...table(report.kills, KILLED),
    '',
    '## What this machine can do at best',
    '',
    ...table(report.raw, RAW),
    '',
    ...(report.missing.length === 0
      ? []
      : ['## Could not run here', '', ...report.missing.map((why) => `- ${why}`), '']),
  ].join('\n');
}

const WHAT_IS_CARRIED = [
  'A peer carries one record of 400 bytes of JSON a rating and writes it into a bare table. pjq carries three entries a',
  'rating (opened, pressed, closed), each of a hash chain that the gateway recomputes and whose head is signed; and in the',
  'transaction that stores them it recognises what came twice and writes service, press, rating and the queue for the centre.',
  '',
  'The clock of pjq starts before the first connection and ends when the whole backlog can be read from the gateway’s',
  'file by another process; the clock of a peer starts with the commit of its first record. Terminals of pjq run in one',
  'process. Sinks: *ordinary* commits each message and acknowledges it; *tuned* commits what has arrived at once and',
  'acknowledges then. Brokers keep their data as shipped, but without their limits on what may wait; Mosquitto’s edge had',
  'written its database before the drain. The ordinary sink on the slow disk is given a tenth of the records.',
];

/** Records of a peer are ratings. */
function asRatings(measured: Measured): Measured {
  return {
    ...measured,
    runs: measured.runs.map(({ recordsPerSecond, ...run }) => ({
      ...run,
      ...(recordsPerSecond === undefined ? {} : { ratingsPerSecond: recordsPerSecond }),
    })),
  };
}

/** A row for each; columns of which nobody has a figure are left out. */
function table(measured: readonly Measured[], columns: readonly Column[]): string[] {
  const used = columns.filter(({ figure }) => measured.some(({ runs }) => spread(runs, figure) !== null));
  return [
    `| | ${used.map(({ heading }) => heading).join(' | ')} |`,
    `|---|${'---|'.repeat(used.length)}`,
    ...measured.map(({ name, runs, failed }) => {
      const cells = used.map((column) => cell(runs, column));
      const of = failed.length + runs.length;
      const fault = failed.length === 0 ? '' : ` (${failed.length} of ${of} failed: ${inCell(failed[0] ?? '')})`;
      return `| ${name}${fault} | ${cells.join(' | ')} |`;
    }),
  ];
}

function cell(runs: readonly Figures[], { figure, digits, scale = 1 }: Column): string {
  const found = spread(runs, figure);
  return found === null ? '' : shown(found, digits, scale);
}

function shown({ median, least, most, runs }: Spread, digits: number, scale: number): string {
  const show = (value: number) => (value * scale).toFixed(digits);
  return runs === 1 ? show(median) : `${show(median)} (${show(least)} – ${show(most)})`;
}

/** The beginning of a message, as a cell of a table can hold it. */
function inCell(message: string): string {
  return message.replaceAll(/\s+/g, ' ').replaceAll('|', '/').trim().slice(0, 160);
}
