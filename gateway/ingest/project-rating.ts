/** What entries that tell of acts of rating, or of the end of a session, mean for their service. Pure. */
import { PjqError, type EntryBody } from '../../protocol/index.js';
import { covered } from '../core/rating/rated-service.js';
import { BLANK_RATING } from '../store/blank-rows.js';
import { refuseTerminal, serviceOf, type Placed, type Projecting, type Service } from './placed.js';
import { rateableOf } from './project-provisional.js';
import type { Projection } from './projection.js';
import { ratedService, serviceAsRateable, takeAct } from './take-act.js';

/** How an act by another way than the terminal ended: not by the end of a session. */
const OFF_SITE = 'off-site';

/** A session ended with a rating: the press that it names is the act. */
export function projectRating(
  projection: Projection,
  when: Projecting,
  { entry, entryId, terminal }: Placed,
  { id, serviceId, level, reasons, marks, cause, provenance }: EntryBody<'rating'>,
): void {
  const service = serviceOf(projection, serviceId, terminal);
  const press = projection.press(id);
  if (press === undefined || press.serviceId !== serviceId) throw new PjqError('press-unknown', id);
  if (press.level !== level) throw new PjqError('rating-contradicts-press', id);
  if (reasons !== undefined && press.reasons !== JSON.stringify(reasons))
    throw new PjqError('rating-contradicts-press', id);
  if (marks !== undefined && press.marks !== JSON.stringify(marks)) throw new PjqError('rating-contradicts-press', id);
  if (terminal !== '') cover(projection, when, service);
  const time = projection.times.correct(provenance?.source ?? entry.source, press.bootId, press.monoMs);
  // Each column by its name: built on a spread it takes as long as inserting the row (measured).
  const counts = takeAct(projection, when, serviceAsRateable(service, when.rules, press.at), {
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
    reasons: null,
    text: null,
    marks: null,
    replaces: null,
    orderedAs: null,
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
  { id, serviceId, level, channel, verified, reasons, text, marks, replaces }: EntryBody<'rating.made'>,
): void {
  refuseTerminal(terminal, 'rating.made');
  const of = rateableOf(projection, serviceId, rules);
  // Its own clock is the gateway's.
  const { at } = entry;
  takeAct(projection, { nowMs: at, rules }, of, {
    ...BLANK_RATING,
    ratingId: id,
    serviceId: of.serviceId,
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
    marks: marks === undefined ? null : JSON.stringify(marks),
    replaces: replaces ?? null,
  });
}

/** The terminal's own log told the end of the session. */
function cover(projection: Projection, { nowMs, rules }: Projecting, service: Service): void {
  if (service.coveredAt !== null) return;
  const { ratingId, serviceId } = service;
  const { standing } = covered(ratedService(projection, { ratingId, isCovered: false }, rules), nowMs);
  if (ratingId !== null && standing !== null) {
    const { state, nextAt } = standing.place;
    const before = projection.forward(ratingId);
    if (before !== undefined && (before.state !== state || before.nextAt !== nextAt))
      projection.changeForward(ratingId, { state, nextAt });
  }
  projection.changeService(serviceId, { coveredAt: nowMs });
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
