/** Reads the windows' status from the store: terminals, and the service that may be told as open at each. */
import { visibleState } from '../core/service-status.js';
import { windowStatus, type WindowStatus } from '../core/window-status.js';
import type { Db } from '../store/store.js';

/** @param window one window's number; `undefined` for all of them. */
export async function readWindows(
  db: Db,
  window: string | undefined,
  nowMs: number,
  ratedDelayMs: number,
): Promise<WindowStatus[]> {
  let query = db.selectFrom('terminal').select(['terminal', 'window', 'state', 'health']).orderBy('terminal');
  if (window !== undefined) query = query.where('window', '=', window);
  const terminals = await query.execute();
  const open = await openServices(
    db,
    terminals.map(({ terminal }) => terminal),
    nowMs,
    ratedDelayMs,
  );
  return terminals.map((terminal) => windowStatus(terminal, open.get(terminal.terminal)));
}

/** By terminal the latest service that is open, or whose end may not be told yet (I6). */
async function openServices(
  db: Db,
  terminals: readonly string[],
  nowMs: number,
  ratedDelayMs: number,
): Promise<Map<string, { serviceId: string; caseNo: string }>> {
  if (terminals.length === 0) return new Map();
  const services = db
    .selectFrom('service')
    .select(['serviceId', 'caseNo', 'terminal', 'state', 'openedAt', 'closedSeenAt', 'requestedAt'])
    .where('terminal', 'in', terminals);
  // Two queries, since an index covers each and none covers both.
  const running = await services.where('state', '<>', 'closed').execute();
  const ended = await services
    .where('state', '=', 'closed')
    .where('closedSeenAt', '>', nowMs - ratedDelayMs)
    .execute();
  const told = [...running, ...ended]
    .filter((row) => visibleState(row, nowMs, ratedDelayMs) === 'open')
    .sort((a, b) => a.requestedAt - b.requestedAt);
  return new Map(told.map((row) => [row.terminal, row]));
}
