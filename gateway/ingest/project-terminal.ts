/** What a terminal's log says of the terminal itself: its parts that fail, and the check before duty. */
import type { EntryBody } from '../../protocol/index.js';
import type { Projection } from './projection.js';

/** The state of a part since its last change; the same state again changes nothing. */
export function projectFault(projection: Projection, terminal: string, atMs: number, body: EntryBody<'fault'>): void {
  const { part, state, code = null } = body;
  const known = projection.part(terminal, part);
  if (known?.state === state && known.code === code) return;
  projection.setPart({ terminal, part, state, code, since: atMs });
}

/** One row a check, however often its entry comes. */
export function projectSelfCheck(
  projection: Projection,
  terminal: string,
  atMs: number,
  body: EntryBody<'selfcheck'>,
): void {
  const { id, staffNo = null, result, reason = null, startedAt, items } = body;
  projection.addSelfCheck({
    checkId: id,
    terminal,
    staffNo,
    result,
    reason,
    startedAt,
    endedAt: atMs,
    items: JSON.stringify(items),
  });
}
