/**
 * What was sent to whom. The row and the gateway's own word of it are committed before the message leaves, so that no
 * crash sends it twice; one in between sends it never. That beats being written to twice.
 */
import type { EntryBody } from '../../protocol/index.js';
import type { ReminderPurpose } from '../core/reminder-plan.js';
import type { Store, Trx } from '../store/store.js';

export interface Place {
  readonly serviceId: string;
  readonly purpose: ReminderPurpose;
}

/** Sent before by the row: whether it may go again, since it certainly did not leave. */
export function mayGoAgain({ outcome, code }: { outcome: string; code: string | null }): boolean {
  return outcome === 'failed' && code === 'sms-unreachable';
}

/** Writes the own log's word and the row, within the caller's transaction. */
export async function record(store: Store, trx: Trx, body: EntryBody<'reminder.sent'>): Promise<void> {
  const { at } = await store.own.append(trx, 'reminder.sent', body);
  await keepReminder(trx, at, body);
}

/** What a `reminder.sent` entry does to its row: the last word of a message stands. */
export async function keepReminder(
  trx: Trx,
  at: number,
  { serviceId, purpose, outcome, code }: EntryBody<'reminder.sent'>,
): Promise<void> {
  const said = { outcome, code: code ?? null, at };
  await trx
    .insertInto('reminder')
    .values({ serviceId, purpose, ...said })
    .onConflict((c) => c.columns(['serviceId', 'purpose']).doUpdateSet(said))
    .execute();
}
