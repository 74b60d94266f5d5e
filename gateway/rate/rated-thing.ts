/** What is rated, in words for whoever holds the slip: from the service's row, and from nothing of the person's. Pure. */
import { markCodeSchema, matterSchema, MAX_MATTERS, type ServiceCase, type Stage } from '../../protocol/index.js';
import { hallDayOf, isoDate } from '../core/hall-calendar.js';
import type { KnownService } from './named-service.js';
import type { RatedThing } from './rate-door.js';

/** A service that a log has told of. */
export function thingOf(
  { matter, cases, form, window, stage, daysFrom, requestedAt }: KnownService,
  timeZone: string,
): RatedThing {
  return {
    matter: matterOf(matter),
    matters: form === 'theme' && cases !== null ? mattersOf(JSON.parse(cases) as ServiceCase[]) : [],
    window,
    day: isoDate(hallDayOf(daysFrom ?? requestedAt, timeZone)),
    stage: stage as Stage,
  };
}

/** One of which only the code is known: a terminal whose clock runs ahead dates it today. */
export function unknownThing(window: string | null, dayMs: number, nowMs: number, timeZone: string): RatedThing {
  const day = Math.min(Math.floor(dayMs / DAY_MS), hallDayOf(nowMs, timeZone));
  return { matter: null, matters: [], window, day: isoDate(day) };
}

const DAY_MS = 86_400_000;

/** Its neutral label where it has one: the name might embarrass (divorce, disability). */
function matterOf(stored: string | null): RatedThing['matter'] {
  if (stored === null) return null;
  const { code = '', name, label } = matterSchema.parse(JSON.parse(stored));
  const shown = label ?? name;
  return shown === undefined ? null : { code, name: shown };
}

/** Each matter of a theme once, as far as it has words that may be shown and a code that a level can name. */
function mattersOf(cases: readonly ServiceCase[]): RatedThing['matters'] {
  const shown = new Map<string, string>();
  for (const { matter } of cases)
    if (matter?.code !== undefined && matter.label !== undefined && markCodeSchema.safeParse(matter.code).success)
      shown.set(matter.code, matter.label);
  return [...shown].slice(0, MAX_MATTERS).map(([code, name]) => ({ code, name }));
}
