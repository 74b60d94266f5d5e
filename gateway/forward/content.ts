/** What the centre is told of a rating: made of its row, its service's and its press's. Pure. */
import type { CentreRating, Level, Mark, Matter, Policy, ServiceCase, Stage } from '../../protocol/index.js';
import { GENERIC_NEUTRAL_TEXT, GENERIC_WINDOW_CHANNEL, genericChannel } from '../centre/generic-mapping.js';
import type { ForwardTable, RatingTable, ServiceTable } from '../store/schema.js';
import { suppliedOf } from '../core/supplied.js';

/** Of `forward` joined with `rating`, `service` and (left) `press`. */
export const CONTENT_COLUMNS = [
  'forward.ratingId',
  'forward.claimedUntil',
  'forward.corrects',
  'forward.supplied',
  'rating.serviceId',
  'rating.level',
  'rating.channel',
  'press.reasons as pressReasons',
  'rating.reasons',
  'press.marks as pressMarks',
  'rating.marks',
  'rating.text',
  'rating.at',
  'correctedLowMs',
  'correctedHighMs',
  'terminal',
  'window',
  'caseNo',
  'cases',
  'stage',
  'assessNumber',
  'attributedTo',
  'department',
  'matter',
  'staffNo',
  'openedAt',
] as const;

export type ContentRow = Pick<ForwardTable, 'ratingId' | 'claimedUntil' | 'corrects' | 'supplied'> &
  Pick<
    RatingTable,
    'serviceId' | 'level' | 'channel' | 'reasons' | 'marks' | 'text' | 'at' | 'correctedLowMs' | 'correctedHighMs'
  > &
  Pick<
    ServiceTable,
    | 'terminal'
    | 'window'
    | 'caseNo'
    | 'cases'
    | 'stage'
    | 'assessNumber'
    | 'attributedTo'
    | 'department'
    | 'matter'
    | 'staffNo'
    | 'openedAt'
  > & {
    /** Null as well where the rating is no press. */
    readonly pressReasons: string | null;
    readonly pressMarks: string | null;
    /** The words that `supplied` commits to, where they may go. */
    readonly suppliedText?: string | null;
  };

/** No service is open from one day to the next. */
const LONGEST_SERVICE_MS = 24 * 3_600_000;

export function centreRating(
  { hall, policy }: { readonly hall: string; readonly policy: Policy },
  row: ContentRow,
): CentreRating {
  const stage = row.stage as Stage;
  const rule = policy.stages[stage];
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
    ...(row.cases === null ? {} : { cases: JSON.parse(row.cases) as ServiceCase[] }),
    serviceNumber: rule.serviceNumber,
    assessNumber: row.assessNumber ?? 1,
    stage,
    satisfaction: row.level as Level,
    ...whyOf(row),
    ...marksOf(row),
    channel: genericChannel(row.channel) ?? GENERIC_WINDOW_CHANNEL,
    attributedTo: (row.attributedTo as CentreRating['attributedTo'] | null) ?? rule.attributedTo,
    ...(row.department === null ? {} : { department: row.department }),
    ...(row.matter === null ? {} : { matter: JSON.parse(row.matter) as Matter }),
    ...(row.staffNo === null ? {} : { staffNo: row.staffNo }),
    serviceTime: isKnown ? assessTime - lastedMs : assessTime,
    assessTime,
    ...(row.corrects === null ? {} : { corrects: row.corrects }),
  };
}

function marksOf({ marks, pressMarks }: ContentRow): Pick<CentreRating, 'marks'> {
  const given = marks ?? pressMarks;
  return given === null ? {} : { marks: JSON.parse(given) as Mark[] };
}

/** Reasons and words, and whose they are where they are not the evaluator's with the rating. */
export function whyOf(row: ContentRow): Pick<CentreRating, 'reasons' | 'text' | 'writtenBy'> {
  const given = row.reasons ?? row.pressReasons;
  const supplied = suppliedOf(row);
  const reasons = supplied?.codes ?? (given === null ? undefined : (JSON.parse(given) as string[]));
  const text = supplied?.by === 'system' ? GENERIC_NEUTRAL_TEXT : (row.suppliedText ?? undefined);
  const isMarked = text !== undefined || supplied?.codes !== undefined;
  return {
    ...(reasons === undefined ? {} : { reasons }),
    ...(text === undefined ? {} : { text }),
    ...(supplied !== null && isMarked ? { writtenBy: supplied.by } : {}),
  };
}
