/** What the centre is told of a rating: made of its row, its service's and its press's. Pure. */
import type { CentreRating, Level, Matter, Policy, Stage } from '../../protocol/index.js';
import { GENERIC_WINDOW_CHANNEL } from '../centre/generic-mapping.js';
import type { RatingTable, ServiceTable } from '../store/schema.js';

/** Of `forward` joined with `rating`, `service` and (left) `press`. */
export const CONTENT_COLUMNS = [
  'forward.ratingId',
  'rating.serviceId',
  'rating.level',
  'press.reasons as pressReasons',
  'rating.reasons',
  'rating.at',
  'correctedLowMs',
  'correctedHighMs',
  'terminal',
  'window',
  'caseNo',
  'stage',
  'matter',
  'staffNo',
  'openedAt',
] as const;

export type ContentRow = Pick<
  RatingTable,
  'ratingId' | 'serviceId' | 'level' | 'reasons' | 'at' | 'correctedLowMs' | 'correctedHighMs'
> &
  Pick<ServiceTable, 'terminal' | 'window' | 'caseNo' | 'stage' | 'matter' | 'staffNo' | 'openedAt'> & {
    /** Null as well where the rating is no press. */
    readonly pressReasons: string | null;
  };

/** No service is open from one day to the next. */
const LONGEST_SERVICE_MS = 24 * 3_600_000;

export function centreRating(
  { hall, policy }: { readonly hall: string; readonly policy: Policy },
  row: ContentRow,
): CentreRating {
  const stage = row.stage as Stage;
  const rule = policy.stages[stage];
  const reasons = row.reasons ?? row.pressReasons;
  const corrected =
    row.correctedLowMs === null || row.correctedHighMs === null
      ? null
      : Math.round((row.correctedLowMs + row.correctedHighMs) / 2);
  // Both times move together: a centre enforces that service comes before rating.
  const assessTime = corrected ?? row.at;
  const lastedMs = row.at - (row.openedAt ?? row.at);
  // By a clock that stepped in mid service nobody knows how long it lasted.
  const isKnown = lastedMs >= 0 && lastedMs <= LONGEST_SERVICE_MS && lastedMs <= assessTime;
  return {
    ratingId: row.ratingId,
    serviceId: row.serviceId,
    hall,
    terminal: row.terminal,
    ...(row.window === null ? {} : { window: row.window }),
    caseNo: row.caseNo,
    serviceNumber: rule.serviceNumber,
    assessNumber: 1,
    stage,
    satisfaction: row.level as Level,
    ...(reasons === null ? {} : { reasons: JSON.parse(reasons) as string[] }),
    channel: GENERIC_WINDOW_CHANNEL,
    attributedTo: rule.attributedTo,
    ...(row.matter === null ? {} : { matter: JSON.parse(row.matter) as Matter }),
    ...(row.staffNo === null ? {} : { staffNo: row.staffNo }),
    serviceTime: isKnown ? assessTime - lastedMs : assessTime,
    assessTime,
  };
}
