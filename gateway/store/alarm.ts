/** Alarms: what is told to the operator until somebody clears it. The same alarm stands once. */
import type { ErrorCode } from '../../protocol/index.js';
import type { Trx } from './store.js';

export interface Alarm {
  readonly code: ErrorCode;
  readonly subject: string;
  readonly detail: string;
  readonly at: number;
}

export async function raiseAlarm(trx: Trx, alarm: Alarm): Promise<void> {
  const standing = await trx
    .selectFrom('alarm')
    .select('id')
    .where('code', '=', alarm.code)
    .where('subject', '=', alarm.subject)
    .where('detail', '=', alarm.detail)
    .where('clearedAt', 'is', null)
    .executeTakeFirst();
  if (standing === undefined)
    await trx
      .insertInto('alarm')
      .values({ ...alarm, clearedAt: null })
      .execute();
}
