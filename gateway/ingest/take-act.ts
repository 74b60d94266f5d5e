/**
 * Takes an act of rating for what it is an act of: of all that come, by whatever way and in whatever order, one counts;
 * the others are kept aside, each with its reason. Which one it is, is decided in `core/rating/`.
 */
import type { RatingChannel, Stage } from '../../protocol/index.js';
import type { Act } from '../core/rating/act.js';
import { changeableUntilMs, inPlaceOf } from '../core/rating/change.js';
import { NO_LIMITS, type Limits } from '../core/rating/judge-act.js';
import type { Place, PlaceState } from '../core/rating/place.js';
import { rated, type RatedService } from '../core/rating/rated-service.js';
import { daysEndMs } from '../core/rating-days.js';
import { BLANK_FORWARD } from '../store/blank-rows.js';
import { UNTIL_KNOWN } from '../store/forward-places.js';
import type { AsideTable, ForwardTable, RatingTable } from '../store/schema.js';
import type { ProjectRules, Service } from './placed.js';
import type { Projection } from './projection.js';

const HOUR_MS = 3_600_000;
/** Where the rules are not known; the defaults of the policy. */
const HOLD_HOURS = 24;
const CHANGE_SECONDS = 60;

/** What acts are of: a service, or one of which only a receipt's code is known. */
export interface Rateable {
  readonly serviceId: string;
  /** The act that counts. */
  readonly ratingId: string | null;
  readonly isCovered: boolean;
  /** A log has told of it; of another one nothing goes to the centre. */
  readonly isKnown: boolean;
  readonly limits: Limits;
}

/**
 * @param pressedAt of an act at the terminal: when, by the terminal's own clock. That clock has the opening as well: where
 *   it has both within the days, the act was in time, whatever the gateway's clock was when it learned of the opening.
 */
export function serviceAsRateable(
  { serviceId, ratingId, coveredAt, stage, daysFrom, requestedAt, openedAt }: Service,
  rules: ProjectRules | undefined,
  pressedAt?: number,
): Rateable {
  const limits: Limits =
    rules === undefined
      ? NO_LIMITS
      : {
          opensNothing: rules.stages[stage as Stage].opens === 'nothing',
          // A row of a version that kept no days counts from when it was made.
          daysEndMs: isWithinDays(openedAt, pressedAt, rules)
            ? null
            : daysEndMs(daysFrom ?? requestedAt, rules.ratingWindowDays, rules.timeZone),
        };
  return { serviceId, ratingId, isCovered: coveredAt !== null, isKnown: true, limits };
}

function isWithinDays(
  openedAt: number | null,
  pressedAt: number | undefined,
  { ratingWindowDays, timeZone }: ProjectRules,
): boolean {
  return openedAt !== null && pressedAt !== undefined && pressedAt < daysEndMs(openedAt, ratingWindowDays, timeZone);
}

/**
 * @param nowMs from when on an act by another way than the terminal is held.
 * @param said the act as its entry has it, by its own times.
 * @returns whether it counts; the same act again changes nothing.
 */
export function takeAct(
  projection: Projection,
  { nowMs, rules }: { readonly nowMs: number; readonly rules: ProjectRules | undefined },
  of: Rateable,
  said: RatingTable,
): boolean {
  const { serviceId, limits, isKnown } = of;
  const { ratingId } = said;
  if (of.ratingId === ratingId || projection.aside(ratingId) !== undefined) return false;
  const named = namedAct(projection, of, said);
  const act = inPlaceOf(actOf(said, rules), named && actOf(named, rules), said.at);
  const { lowMs: correctedLowMs, latestMs, orderedAs } = act;
  const row =
    act.replaces === null ? said : { ...said, correctedLowMs, correctedHighMs: latestMs, latestMs, orderedAs };
  const heldUntilMs = isKnown ? nowMs + (rules?.offSiteHoldHours ?? HOLD_HOURS) * HOUR_MS : UNTIL_KNOWN;
  const did = rated(ratedService(projection, of, rules), act, limits, { nowMs, heldUntilMs });
  if (did.kind === 'aside') {
    projection.addAside({ ...row, code: did.code });
    return false;
  }
  if (did.kind === 'displaces') {
    const { act: before, place, code } = did.displaced;
    projection.changeForward(before.ratingId, { state: place.state });
    projection.displaceRating(before.ratingId, code);
  }
  projection.addRating(row, did.place);
  projection.setStanding(serviceId, ratingId);
  return true;
}

export function ratedService(
  projection: Projection,
  { ratingId, isCovered }: Pick<Rateable, 'ratingId' | 'isCovered'>,
  rules: ProjectRules | undefined,
): RatedService {
  // A row that is missing was taken out of the table: nothing may come to a stop by that, and the proof names it.
  const row = ratingId === null ? undefined : projection.rating(ratingId);
  if (row === undefined) return { standing: null, isCovered };
  return { standing: { act: actOf(row, rules), place: placeOf(projection.forward(row.ratingId)) }, isCovered };
}

/** The act that another one says it changes, where it is one of the same service. */
function namedAct(
  projection: Projection,
  { serviceId }: Rateable,
  { replaces }: RatingTable,
): Readonly<RatingTable | AsideTable> | undefined {
  if (replaces === null) return undefined;
  const named = projection.rating(replaces) ?? projection.aside(replaces);
  return named?.serviceId === serviceId ? named : undefined;
}

/** Where it stands is not known any more (a row of it was lost): it may have left. */
const LOST: Pick<ForwardTable, 'state' | 'nextAt' | 'attempts' | 'claimedUntil' | 'corrects'> = {
  ...BLANK_FORWARD,
  state: 'refused',
  nextAt: 0,
};

function placeOf(row: Readonly<ForwardTable> | undefined): Place {
  const { state, nextAt, attempts, claimedUntil, corrects } = row ?? LOST;
  return { state: state as PlaceState, nextAt, wasTried: attempts > 0 || claimedUntil !== 0, corrects };
}

function actOf(row: Readonly<RatingTable>, rules: ProjectRules | undefined): Act {
  const { ratingId, correctedLowMs, latestMs, at, verified, orderedAs } = row;
  const channel = row.channel as RatingChannel;
  return {
    ratingId,
    channel,
    verified: verified !== 0,
    lowMs: correctedLowMs,
    latestMs: latestMs ?? at,
    orderedAs: orderedAs ?? ratingId,
    changeableUntilMs:
      channel === 'window' ? null : changeableUntilMs(at, rules?.later.changeSeconds ?? CHANGE_SECONDS),
  };
}
