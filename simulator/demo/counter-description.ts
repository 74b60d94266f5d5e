/** All that a script may know of a counter, in one answer; no field tells a level. */
import type { Counter } from './demo-hall.js';

/**
 * `state` is the session's; `slips` how many the roll has; `duty` who serves, by staff number. Fields are null while
 * the program that knows them does not answer.
 */
export async function describeCounter({ place, door, printer, lamps }: Counter): Promise<Record<string, unknown>> {
  const [session, health, desk, lit, roll] = await Promise.all([
    door.session(),
    door.parts(),
    door.desk(),
    lamps(),
    printer.roll(),
  ]);
  return {
    terminal: place.terminal,
    window: String(place.number),
    answers: session !== undefined,
    board: health?.['board'] ?? null,
    network: health?.['network'] ?? null,
    state: session?.state ?? null,
    session: session ?? null,
    parts: desk === undefined && health === undefined ? null : { ...desk?.parts, ...health },
    paper: desk?.paper ?? null,
    printerFault: desk?.printerFault ?? null,
    backlog: desk?.backlog ?? null,
    lamps: lit ?? null,
    selfCheck: desk?.selfCheck ?? null,
    slips: roll?.length ?? null,
    duty: desk?.staff?.staffNo ?? null,
  };
}
