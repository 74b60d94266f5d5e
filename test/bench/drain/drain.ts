/**
 * The overnight drain: what a night without the hall has left at its terminals, carried into the gateway's durable
 * store in the morning, beside others that do less. `npm run bench -- drain`.
 */
import { benchGrowth } from '../growth/growth.js';
import { peers } from '../peers/peers.js';
import { ceilings } from './ceiling.js';
import { takeTurns } from './figures.js';
import { describeMachine, versionOf } from './machine.js';
import { Ours } from './ours.js';
import { canGivePrecedence } from './precedence.js';
import { rawLimits } from './raw-limits.js';
import { reportOf, type DrainReport } from './report.js';
import { SlowDisk } from './slow-disk.js';
import { judge } from './targets.js';
import { writeReport } from './write-report.js';

export const DRAIN_PARTS = ['ours', 'peers', 'growth'] as const;
export type DrainPart = (typeof DRAIN_PARTS)[number];

export interface DrainBenchOptions {
  readonly repeat: number;
  /** Small sizes, to develop with. */
  readonly quick: boolean;
  /** Growth up to a million ratings and a thousand terminals. */
  readonly full: boolean;
  /** All of them where none is named. */
  readonly parts: readonly DrainPart[];
  /** Ratings of the night, where it is not the usual number. */
  readonly backlog?: number | undefined;
  /** Folder that the gateway's program is taken from; the checkout where it is not said. */
  readonly root?: string | undefined;
  /** Folder of the report; nothing is written where it is not said. */
  readonly write?: string | undefined;
  readonly command: string;
  readonly say: (text: string) => void;
}

/** Kills are for what is lost and doubled, not for figures: fewer rounds show it, and of peers one. */
const KILL_ROUNDS = 2;

export async function benchDrain(options: DrainBenchOptions): Promise<string[]> {
  const wanted = (part: DrainPart) => options.parts.length === 0 || options.parts.includes(part);
  const lines: string[] = [];
  if (wanted('ours') || wanted('peers')) {
    const report = await measureDrain(options, wanted);
    const text = reportOf(report);
    lines.push(text);
    if (options.write !== undefined) writeReport(options.write, 'drain', text, report);
  }
  if (wanted('growth')) lines.push(...(await benchGrowth(options)));
  return lines;
}

export async function measureDrain(
  { repeat, quick, backlog, root, command, say }: DrainBenchOptions,
  wanted: (part: DrainPart) => boolean,
): Promise<DrainReport> {
  const terminals = quick ? [1, 20, 60] : [1, 100, 300];
  const ratings = backlog ?? (quick ? 3_000 : 50_000);
  const disk = new SlowDisk();
  const ours = new Ours({ ratings, terminals }, root);
  try {
    const slowDisk = disk.compile();
    const theirs = wanted('peers')
      ? peers(ratings, slowDisk, quick ? ['ordinary'] : undefined)
      : { drains: [], kills: [], missing: [] };
    const groups = {
      raw: rawLimits(),
      ceilings: wanted('ours') ? ceilings(terminals, ratings) : [],
      ours: wanted('ours') ? ours.contestants(slowDisk) : [],
      peers: theirs.drains,
    };
    // In one list, so that each round meets everybody: a busy minute does not fall on one alone.
    const measured = await takeTurns(Object.values(groups).flat(), repeat, say);
    const of = (group: keyof typeof groups) =>
      groups[group].flatMap(({ name }) => measured.filter((one) => one.name === name));
    const kills = [
      ...(await takeTurns(wanted('ours') ? ours.kills() : [], Math.min(KILL_ROUNDS, repeat), say)),
      ...(await takeTurns(theirs.kills, 1, say)),
    ];
    const parts = { terminals, ceilings: of('ceilings'), ours: of('ours'), peers: of('peers'), kills };
    return {
      machine: describeMachine(),
      command,
      ratings,
      repeat,
      raw: of('raw'),
      ...parts,
      versions: {
        Mosquitto: versionOf('mosquitto', '-h'),
        'nats-server': versionOf('nats-server', '--version'),
        'rabbitmq-server': versionOf('dpkg-query', '-W', '-f', '${Version}', 'rabbitmq-server'),
      },
      verdicts: judge(parts),
      missing: [
        ...theirs.missing,
        ...(slowDisk === null ? ['5 ms fsync: there is no C compiler (cc)'] : []),
        ...(canGivePrecedence() ? [] : ['pressed at a machine of its own: no real-time scheduling here (chrt, root)']),
      ],
    };
  } finally {
    ours.remove();
    disk.remove();
  }
}
