/** An alarm of a database that its own connection writes no more to: through a connection of its own, for this once. */
import { openSqlite } from './dialect.js';
import { raiseAlarm } from './alarm.js';

type Alarm = Parameters<typeof raiseAlarm>[1];

/** @throws what the database says, when it cannot take even that. */
export async function raiseAlarmBeside(file: string, alarm: Alarm): Promise<void> {
  const beside = openSqlite(file);
  try {
    await beside.db.transaction().execute((trx) => raiseAlarm(trx, alarm));
  } finally {
    await beside.close();
  }
}
