/** The services that a window's code may be for: of that case, at that window, within their days. */
import { sql } from 'kysely';
import type { Clock, Policy, Stage } from '../../protocol/index.js';
import { expiredBeforeMs } from '../core/rating-days.js';
import type { Db } from '../store/store.js';

export interface WindowService {
  readonly serviceId: string;
  readonly isRated: boolean;
}

/** Stages and follow-ups of one case; nobody has more. */
const MOST = 8;

/** As a person types it: full-width letters and digits, blanks around and within. */
export function plainCaseNo(typed: string): string {
  return typed.normalize('NFKC').replaceAll(/\s+/gu, '');
}

export interface WindowCase {
  readonly window: string;
  readonly caseNo: string;
}

/** Those that may still be rated first, of them the newest. */
export async function windowServices(
  db: Db,
  of: WindowCase,
  { policy, clock }: { readonly policy: Policy; readonly clock: Clock },
): Promise<WindowService[]> {
  const rows = await servicesOfCase(
    db,
    of,
    expiredBeforeMs(clock.wallMs(), policy.ratingWindowDays, policy.timeZone),
  ).execute();
  const services = rows
    .filter(({ stage }) => policy.stages[stage as Stage].opens !== 'nothing')
    .map(({ serviceId, ratingId }) => ({ serviceId, isRated: ratingId !== null }));
  return [...services.filter(({ isRated }) => !isRated), ...services.filter(({ isRated }) => isRated)];
}

/** A row of a version that kept no days counts from when it was made. */
const countsFrom = sql<number>`coalesce(${sql.ref('daysFrom')}, ${sql.ref('requestedAt')})`;

/** The newest first. Only services that the business system asked for: of others no phone is known. */
export function servicesOfCase(db: Db, { window, caseNo }: WindowCase, sinceMs: number) {
  return db
    .selectFrom('service')
    .select(['serviceId', 'stage', 'ratingId'])
    .where('caseNo', 'in', [...new Set([caseNo, caseNo.toUpperCase(), caseNo.toLowerCase()])])
    .where('validUntil', 'is not', null)
    .where('window', '=', window)
    .where('takenBackAt', 'is', null)
    .where(countsFrom, '>=', sinceMs)
    .orderBy(countsFrom, 'desc')
    .orderBy('serviceId')
    .limit(MOST);
}
