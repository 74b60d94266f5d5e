/**
 * What happens in a hall in some weeks, drawn by chance from a seed: who is served where, what they press, which lines
 * are down. And what each service must count as by the policy, told from that plan alone: no clock, no table and no
 * line of the gateway's is asked.
 */
import type { Level } from '../../protocol/index.js';
import { mulberry32 } from '../../simulator/process/mulberry32.js';

export interface PlannedService {
  readonly serviceId: string;
  readonly window: number;
  /** Day of the plan, from 0. */
  readonly day: number;
  /** Of that day, from its midnight. */
  readonly minute: number;
  /** Who asked for it: the staff at their terminal, or the business system. */
  readonly by: 'staff' | 'system';
  /** What became of the session; `none`: the terminal never showed it. */
  readonly session: Level | 'unrated' | 'broken-off' | 'taken-back' | 'none';
  /** A rating by phone, so many days later. */
  readonly later: { readonly days: number; readonly level: Level } | null;
}

export interface Plan {
  readonly services: readonly PlannedService[];
  /** By `window day`: on which day the terminal's log of that day gets through; that day where it is not said. */
  readonly delivered: ReadonlyMap<string, number>;
}

export interface PlanSize {
  readonly windows: number;
  readonly days: number;
  readonly servicesADay: number;
  readonly seed: number;
}

const LEVELS: readonly Level[] = [5, 5, 5, 4, 4, 3, 2, 1];

export function drawPlan({ windows, days, servicesADay, seed }: PlanSize): Plan {
  const draw = mulberry32(seed);
  const chance = () => draw() / 2 ** 32;
  const below = (limit: number) => Math.floor(chance() * limit);
  const level = () => LEVELS[below(LEVELS.length)] ?? 5;
  const delivered = new Map<string, number>();
  const services: PlannedService[] = [];
  for (let window = 1; window <= windows; window += 1) {
    // A line that is down stays so for up to eleven days: longer than the days of a service.
    const isDown = new Set<number>();
    for (let day = 0; day < days; day += 1)
      if (!isDown.has(day) && chance() < 0.08)
        for (let length = 1 + below(11); length > 0; length -= 1) isDown.add(day + length - 1);
    for (let day = 0; day < days; day += 1) {
      let arrives = day;
      while (isDown.has(arrives)) arrives += 1;
      delivered.set(`${window} ${day}`, arrives);
      for (let n = 0; n < servicesADay; n += 1) {
        // Known to the gateway at once, its session not: a default can come before the rating.
        const by = chance() < (arrives - day > 7 ? 0.3 : 0.01) ? ('system' as const) : ('staff' as const);
        const fate = by === 'system' ? chance() : 1;
        const drawn = chance();
        const session =
          fate < 0.2
            ? 'none'
            : fate < 0.4
              ? 'taken-back'
              : drawn < 0.55
                ? level()
                : drawn < 0.95
                  ? 'unrated'
                  : 'broken-off';
        // Whoever rates by phone comes when the service is known, at any time up to long past its days.
        const after = Math.max(1, arrives - day) + below(10);
        const later =
          session !== 'none' && session !== 'taken-back' && chance() < 0.02 ? { days: after, level: level() } : null;
        const minute = 9 * 60 + Math.floor((n * 8 * 60) / servicesADay) + below(3);
        services.push({ serviceId: `s-${window}-${day}-${n}`, window, day, minute, by, session, later });
      }
    }
  }
  return { services, delivered };
}

/** What it counts as when all days are over: a level that somebody gave, the policy's default, or nothing. */
export function mustCountAs(
  { session, later }: PlannedService,
  { ratingWindowDays, countsAs }: { readonly ratingWindowDays: number; readonly countsAs: Level | null },
): string {
  if (typeof session === 'number') return `rated ${session}`;
  if (session === 'none' || session === 'taken-back') return 'nothing';
  if (later !== null && later.days <= ratingWindowDays) return `rated ${later.level}`;
  return countsAs === null ? 'nothing' : `default ${countsAs}`;
}
