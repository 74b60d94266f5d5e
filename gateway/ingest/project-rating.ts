/**
 * What acts of rating mean for their service: of all that come, by whatever way and in whatever order, one counts; the
 * others are kept aside, each with its reason. Pure; which one it is, is decided in `core/rating/`.
 */
import { PjqError, type EntryBody, type RatingChannel, type Stage } from '../../protocol/index.js';
import { daysEndMs } from '../core/rating-days.js';
import type { Act } from '../core/rating/act.js';
import { NO_LIMITS, type Limits } from '../core/rating/judge-act.js';
import type { Place, PlaceState } from '../core/rating/place.js';
import { covered, rated, type RatedService } from '../core/rating/rated-service.js';
import { BLANK_FORWARD, BLANK_RATING } from '../store/blank-rows.js';
import type { ForwardTable, RatingTable } from '../store/schema.js';
import { refuseTerminal, serviceOf, type Placed, type Projecting, type ProjectRules, type Service } from './placed.js';
import type { Projection } from './projection.js';

/** How an act by another way than the terminal ended: not by the end of a session. */
const OFF_SITE = 'off-site';
const HOUR_MS = 3_600_000;
/** Where the rules are not known; the default of the policy. */
const HOLD_HOURS = 24;

/** A session ended with a rating: the press that it names is the act. */
export function projectRating(
  projection: Projection,
  when: Projecting,
  { entry, entryId, terminal }: Placed,
  { id, serviceId, level, reasons, cause, provenance }: EntryBody<'rating'>,
): void {
  const service = serviceOf(projection, serviceId, terminal);
  const press = projection.press(id);
  if (press === undefined || press.serviceId !== serviceId) throw new PjqError('press-unknown', id);
  if (press.level !== level) throw new PjqError('rating-contradicts-press', id);
  if (reasons !== undefined && press.reasons !== JSON.stringify(reasons))
    throw new PjqError('rating-contradicts-press', id);
  if (terminal !== '') cover(projection, when, service);
  const time = projection.times.correct(provenance?.source ?? entry.source, press.bootId, press.monoMs);
  const counts = take(projection, when, service, {
    ...BLANK_RATING,
    ratingId: id,
    serviceId,
    level,
    channel: 'window',
    cause,
    entryId,
    at: press.at,
    correctedLowMs: time?.lowMs ?? null,
    correctedHighMs: time?.highMs ?? null,
    latestMs: time?.highMs ?? press.receivedAt,
    verified: 1,
  });
  if (counts || service.state !== 'closed') close(projection, when, service, { closedAt: entry.at, endCause: cause });
}

/** A session ended without a rating. That ends no right to rate. */
export function projectUnrated(
  projection: Projection,
  when: Projecting,
  { entry, terminal }: Placed,
  { serviceId, cause }: EntryBody<'unrated'>,
): void {
  const service = serviceOf(projection, serviceId, terminal);
  if (terminal !== '') cover(projection, when, service);
  if (service.ratingId === null || service.state !== 'closed')
    close(projection, when, service, { closedAt: entry.at, endCause: cause });
}

/** An act that came to the gateway itself. The session at the terminal, if there is one, goes on. */
export function projectRatingMade(
  projection: Projection,
  { rules }: Projecting,
  { entry, entryId, terminal }: Placed,
  { id, serviceId, level, channel, verified, reasons, text }: EntryBody<'rating.made'>,
): void {
  refuseTerminal(terminal, 'rating.made');
  const service = serviceOf(projection, serviceId, terminal);
  // Its own clock is the gateway's.
  const { at } = entry;
  take(projection, { nowMs: at, rules }, service, {
    ratingId: id,
    serviceId,
    level,
    channel,
    cause: OFF_SITE,
    entryId,
    at,
    correctedLowMs: at,
    correctedHighMs: at,
    latestMs: at,
    verified: verified ? 1 : 0,
    reasons: reasons === undefined || reasons.length === 0 ? null : JSON.stringify(reasons),
    text: text ?? null,
  });
}

/** @returns whether the act counts; the same act again changes nothing. */
function take(projection: Projection, { nowMs, rules }: Projecting, service: Service, row: RatingTable): boolean {
  const { serviceId } = service;
  const { ratingId } = row;
  if (service.ratingId === ratingId || projection.aside(ratingId) !== undefined) return false;
  const holdMs = (rules?.offSiteHoldHours ?? HOLD_HOURS) * HOUR_MS;
  const did = rated(ratedService(projection, service), actOf(row), limitsOf(service, rules), { nowMs, holdMs });
  if (did.kind === 'aside') {
    projection.addAside({ ...row, code: did.code });
    return false;
  }
  if (did.kind === 'displaces') {
    const { act, place } = did.displaced;
    projection.changeForward(act.ratingId, { state: place.state });
    projection.displaceRating(act.ratingId);
  }
  projection.addRating(row, did.place);
  projection.changeService(serviceId, { ratingId });
  return true;
}

/** The terminal's own log told the end of the session. */
function cover(projection: Projection, { nowMs }: Projecting, service: Service): void {
  if (service.coveredAt !== null) return;
  const { ratingId, serviceId } = service;
  const { standing } = covered(ratedService(projection, service), nowMs);
  if (ratingId !== null && standing !== null) {
    const { state, nextAt } = standing.place;
    if (projection.forward(ratingId)?.state !== state) projection.changeForward(ratingId, { state, nextAt });
  }
  projection.changeService(serviceId, { coveredAt: nowMs });
}

function ratedService(projection: Projection, { ratingId, coveredAt }: Service): RatedService {
  const isCovered = coveredAt !== null;
  // A row that is missing was taken out of the table: nothing may come to a stop by that, and the proof names it.
  const row = ratingId === null ? undefined : projection.rating(ratingId);
  if (row === undefined) return { standing: null, isCovered };
  return { standing: { act: actOf(row), place: placeOf(projection.forward(row.ratingId)) }, isCovered };
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

function actOf(row: Readonly<RatingTable>): Act {
  const { ratingId, correctedLowMs, latestMs, at, verified } = row;
  return {
    ratingId,
    channel: row.channel as RatingChannel,
    verified: verified !== 0,
    lowMs: correctedLowMs,
    latestMs: latestMs ?? at,
  };
}

function limitsOf({ stage, daysFrom }: Service, rules: ProjectRules | undefined): Limits {
  if (rules === undefined) return NO_LIMITS;
  return {
    opensNothing: rules.stages[stage as Stage].opens === 'nothing',
    daysEndMs: daysFrom === null ? null : daysEndMs(daysFrom, rules.ratingWindowDays, rules.timeZone),
  };
}

function close(
  projection: Projection,
  { nowMs }: Projecting,
  { serviceId, closedSeenAt }: Service,
  end: { readonly closedAt: number; readonly endCause: string },
): void {
  // The first closing that was seen counts: told states do not go back (a cancelled service stays closed).
  projection.changeService(serviceId, { state: 'closed', ...end, closedSeenAt: closedSeenAt ?? nowMs });
}
