/** Reads from the store how every terminal is. */
import { terminalCare, type TerminalCare } from '../core/terminal-care.js';
import type { Db } from '../store/store.js';

export async function readTerminals(db: Db, nowMs: number, timeZone: string): Promise<TerminalCare[]> {
  const terminals = await db
    .selectFrom('terminal')
    .select(['terminal', 'window', 'state', 'stateAt', 'duty', 'health'])
    .orderBy('terminal')
    .execute();
  const parts = await db.selectFrom('part').selectAll().execute();
  const newest = await db
    .selectFrom('selfCheck as check')
    .selectAll('check')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('selfCheck as later')
            .select('later.checkId')
            .whereRef('later.terminal', '=', 'check.terminal')
            .whereRef('later.startedAt', '>', 'check.startedAt'),
        ),
      ),
    )
    .execute();
  return terminals.map((terminal) =>
    terminalCare(
      {
        terminal,
        parts: parts.filter((row) => row.terminal === terminal.terminal),
        check: newest.find((row) => row.terminal === terminal.terminal),
      },
      nowMs,
      timeZone,
    ),
  );
}
