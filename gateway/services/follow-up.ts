/** A follow-up rating (追评): the second of a case, and the last. */
import { PjqError, type ServiceMore } from '../../protocol/index.js';
import type { Trx } from '../store/store.js';

/**
 * Whether a service may follow up the one that it names.
 * @throws PjqError `service-unknown` when there is none; `follow-up-unfit` when that is of another case or stage, or a
 *   follow-up itself; `follow-up-exists`, with the one there is: to be asked for again by its serviceId.
 */
export async function admitFollowUp(
  trx: Trx,
  service: { readonly serviceId: string; readonly caseNo: string; readonly stage: string },
  { followsUp, cases = [] }: ServiceMore,
): Promise<void> {
  if (followsUp === undefined) return;
  const first = await trx
    .selectFrom('service')
    .select(['caseNo', 'stage', 'assessNumber', 'cases'])
    .where('serviceId', '=', followsUp)
    .executeTakeFirst();
  if (first === undefined) throw new PjqError('service-unknown', 'followsUp names it.');
  const ofFirst = new Set(
    first.cases === null ? [first.caseNo] : (JSON.parse(first.cases) as { caseNo: string }[]).map((one) => one.caseNo),
  );
  const fits =
    first.caseNo === service.caseNo &&
    first.stage === service.stage &&
    (first.assessNumber ?? 1) === 1 &&
    cases.every(({ caseNo }) => ofFirst.has(caseNo));
  if (!fits) throw new PjqError('follow-up-unfit');
  const other = await trx
    .selectFrom('service')
    .select('serviceId')
    .where('followsUp', '=', followsUp)
    .where('serviceId', '<>', service.serviceId)
    // One that was taken back before anybody saw it is none.
    .where((e) => e.or([e('state', '<>', 'closed'), e('openedAt', 'is not', null)]))
    .executeTakeFirst();
  if (other !== undefined) throw new PjqError('follow-up-exists', `serviceId ${other.serviceId}`);
}
