/**
 * What about ratings by phone somebody should look at (G 九(二), X 五(三)): many from one hand, and codes that are used
 * before a citizen can have read them. It looks at who and when, never at a level, so that it can tell none (I6); and it
 * decides nothing: a family shares a phone, an agent handles ten cases, a whole street has one address. Pure.
 */

/** An act by phone, as far as it is looked at. */
export interface SeenAct {
  readonly ratingId: string;
  readonly serviceId: string;
  /** Window of the service, and terminal that printed its slip. */
  readonly window: string;
  readonly terminal: string;
  readonly device: string;
  readonly block: string;
  readonly inHall: boolean;
  readonly atMs: number;
}

/** A slip that was printed, at the earliest, by the gateway's clock. */
export interface PrintedSlip {
  readonly serviceId: string;
  readonly terminal: string;
  readonly window: string;
  readonly fromMs: number;
}

export const FLAGS = [
  'many-from-one-device',
  'device-at-one-window',
  'many-from-one-block',
  'many-from-the-hall',
  'used-at-once',
] as const;
export type FlagName = (typeof FLAGS)[number];

export interface Flag {
  readonly flag: FlagName;
  /** What it is about: a window or the hall, the day, and the first act, which tells two of a day apart. */
  readonly subject: string;
  /** The acts, the first of them by their ids, so that each can be looked up in the log. */
  readonly evidence: string;
}

/** How many services a flag's evidence speaks of. */
export function totalOf(evidence: string): number {
  return Number(/^\d+/.exec(evidence)?.[0] ?? 0);
}

/** From how many services of a day on. */
export const LIMITS: Readonly<Record<FlagName, number>> = {
  'many-from-one-device': 6,
  'device-at-one-window': 4,
  'many-from-one-block': 20,
  'many-from-the-hall': 10,
  'used-at-once': 3,
};
/** Nobody takes a slip, unlocks a phone, scans, reads and chooses within so long. */
export const AT_ONCE_MS = 20_000;
const MOST_NAMED = 12;

/**
 * The flags of one day of the hall.
 * @param acts of that day, in the order of time. @param slips printed on that day.
 * @param day yyyy-mm-dd.
 */
export function flagsOf(acts: readonly SeenAct[], slips: readonly PrintedSlip[], day: string): Flag[] {
  // Changed within its minute, an act is still one: of each service the first.
  const first = new Map<string, SeenAct>();
  for (const act of acts) if (!first.has(act.serviceId)) first.set(act.serviceId, act);
  const rated = [...first.values()];
  const inHall = rated.filter((act) => act.inHall);
  return [
    ...many('many-from-one-device', rated, day, ({ device }) => device, hall),
    ...many('device-at-one-window', rated, day, ({ device, window }) => `${device}\n${window}`, atWindow),
    ...many('many-from-one-block', rated, day, ({ block, window }) => `${block}\n${window}`, atWindow),
    ...many('many-from-the-hall', inHall, day, ({ window }) => window, atWindow),
    ...usedAtOnce(first, slips, day),
  ];
}

const hall = () => 'hall';
const atWindow = ({ window }: Pick<SeenAct, 'window'>) => `window ${window}`;

/** Groups of acts, as many as the limit. Counted first: nearly all have a group of their own. */
function many(
  flag: FlagName,
  acts: readonly SeenAct[],
  day: string,
  by: (act: SeenAct) => string,
  where: (act: SeenAct) => string,
): Flag[] {
  const totals = new Map<string, number>();
  for (const act of acts) totals.set(by(act), (totals.get(by(act)) ?? 0) + 1);
  const groups = new Map<string, SeenAct[]>();
  for (const [key, total] of totals) if (total >= LIMITS[flag]) groups.set(key, []);
  if (groups.size > 0) for (const act of acts) groups.get(by(act))?.push(act);
  return [...groups.values()].map((group) => raised(flag, group, day, where));
}

/** Runs of slips, one printed after the other at one terminal, each used as soon as it was out. */
function usedAtOnce(first: ReadonlyMap<string, SeenAct>, slips: readonly PrintedSlip[], day: string): Flag[] {
  const flags: Flag[] = [];
  for (const [terminal, printed] of slipsByTerminal(slips)) {
    let run: SeenAct[] = [];
    const end = () => {
      if (run.length >= LIMITS['used-at-once'])
        flags.push(raised('used-at-once', run, day, () => `terminal ${terminal}`));
      run = [];
    };
    for (const { serviceId, fromMs } of printed) {
      const act = first.get(serviceId);
      if (act !== undefined && act.atMs >= fromMs && act.atMs - fromMs <= AT_ONCE_MS) run.push(act);
      else end();
    }
    end();
  }
  return flags;
}

/** Of each service the first slip, in the order of printing. */
function slipsByTerminal(slips: readonly PrintedSlip[]): Map<string, PrintedSlip[]> {
  const known = new Set<string>();
  const byTerminal = new Map<string, PrintedSlip[]>();
  for (const slip of [...slips].sort((a, b) => a.fromMs - b.fromMs)) {
    if (known.has(slip.serviceId)) continue;
    known.add(slip.serviceId);
    const printed = byTerminal.get(slip.terminal);
    if (printed === undefined) byTerminal.set(slip.terminal, [slip]);
    else printed.push(slip);
  }
  return byTerminal;
}

function raised(flag: FlagName, group: readonly SeenAct[], day: string, where: (act: SeenAct) => string): Flag {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('a flag needs an act');
  const minutes = Math.round((last.atMs - first.atMs) / 60_000);
  const named = group.slice(0, MOST_NAMED).map(({ ratingId }) => ratingId);
  return {
    flag,
    subject: `${where(first)}, ${day}, from ${first.ratingId}`,
    evidence:
      `${group.length} services within ${minutes} min: ${named.join(' ')}` +
      (group.length > MOST_NAMED ? ` and ${group.length - MOST_NAMED} more` : ''),
  };
}
