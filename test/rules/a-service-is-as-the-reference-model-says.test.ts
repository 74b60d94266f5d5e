import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Act } from '../../gateway/core/rating/act.js';
import { inPlaceOf } from '../../gateway/core/rating/change.js';
import type { Limits } from '../../gateway/core/rating/judge-act.js';
import type { Place } from '../../gateway/core/rating/place.js';
import { afterAct, covered, rated, type RatedService } from '../../gateway/core/rating/rated-service.js';
import { model, type Happening, type Told } from './reference-model.js';

const HISTORIES = 100_000;
const DAYS_END_MS = 12;
const CHANGE_MS = 4;

/** A history by numbers: few ids and moments, so that acts meet, overlap, come again and are equal in all but the id. */
function happeningOf(code: number, atMs: number): Happening {
  const kind = code % 8;
  if (kind >= 5)
    return { atMs, what: (['covered', 'try', 'settle'] as const)[kind - 5] as 'covered' | 'try' | 'settle' };
  const latestMs = (code >> 5) % 16;
  const width = (code >> 9) % 4;
  const byTerminal = (code >> 3) % 2 === 0;
  const named = (code >> 18) % 8;
  return {
    what: 'act',
    atMs,
    act: {
      id: `act-${(code >> 13) % 5}`,
      byTerminal,
      verified: (code >> 16) % 4 !== 0,
      lowMs: width === 3 && byTerminal ? null : Math.max(0, latestMs - (byTerminal ? width : 0)),
      latestMs,
      madeMs: latestMs,
      replaces: byTerminal || named > 4 ? null : `act-${named}`,
    },
  };
}

/** The gateway's rules, one happening after the other, as the projection uses them. */
function folded(happened: readonly Happening[], limits: Limits): Told {
  let service: RatedService = { standing: null, isCovered: false };
  const aside: Record<string, string> = {};
  const places = new Map<string, Place>();
  const come = new Map<string, Act>();
  const setStanding = (after: RatedService) => {
    service = after;
    if (after.standing !== null) places.set(after.standing.act.ratingId, after.standing.place);
  };
  for (const [nowMs, one] of happened.entries()) {
    const { standing } = service;
    if (one.what === 'covered') {
      if (!service.isCovered) setStanding(covered(service, nowMs));
    } else if (one.what === 'try') {
      const isFree = standing?.place.state === 'waiting';
      const isFreed = standing?.place.state === 'held' && standing.place.nextAt <= nowMs;
      if (standing === null || (!isFree && !isFreed)) continue;
      const place = { ...standing.place, state: 'waiting' as const, wasTried: true };
      setStanding({ ...service, standing: { ...standing, place } });
    } else if (one.what === 'settle') {
      for (const [id, place] of places)
        if (place.wasTried && place.state === 'waiting') places.set(id, { ...place, state: 'delivered' });
      if (standing !== null)
        service = { ...service, standing: { ...standing, place: places.get(standing.act.ratingId) as Place } };
    } else if (one.what === 'act') {
      const { id, byTerminal, verified, lowMs, latestMs, madeMs, replaces } = one.act;
      if (places.has(id) || id in aside) continue;
      const made: Act = {
        ratingId: id,
        channel: byTerminal ? 'window' : 'receipt-qr',
        verified,
        lowMs,
        latestMs,
        orderedAs: id,
        changeableUntilMs: byTerminal ? null : madeMs + CHANGE_MS,
      };
      const act = inPlaceOf(made, replaces === null ? undefined : come.get(replaces), madeMs);
      come.set(id, act);
      const did = rated(service, act, limits, { nowMs, heldUntilMs: nowMs + 1_000 });
      if (did.kind === 'aside') aside[id] = did.code;
      if (did.kind === 'displaces') {
        aside[did.displaced.act.ratingId] = did.displaced.code;
        places.set(did.displaced.act.ratingId, did.displaced.place);
      }
      setStanding(afterAct(service, act, did));
    }
  }
  const said = [...places].map(([id, { state, corrects }]) => [id, { state: state as 'waiting', corrects }] as const);
  return { standing: service.standing?.act.ratingId ?? null, aside, places: Object.fromEntries(said) };
}

test('a hundred thousand histories of a service end as the reference model says', () => {
  const met = { displaced: 0, replaced: 0, corrected: 0, late: 0, withdrawn: 0, held: 0 };
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 24 }), { maxLength: 12 }), fc.nat({ max: 7 }), (codes, rule) => {
      const happened = codes.map(happeningOf);
      const limits = { opensNothing: rule === 0, daysEndMs: rule < 4 ? DAYS_END_MS : null };
      const is = folded(happened, limits);
      const should = model(happened, {
        opens: !limits.opensNothing,
        daysEndMs: limits.daysEndMs,
        changeMs: CHANGE_MS,
      });
      for (const code of Object.values(is.aside)) {
        if (code === 'rating-displaced') met.displaced += 1;
        if (code === 'rating-replaced') met.replaced += 1;
        if (code === 'rating-window-over') met.late += 1;
      }
      for (const { state, corrects } of Object.values(is.places)) {
        if (corrects !== null) met.corrected += 1;
        if (state === 'withdrawn') met.withdrawn += 1;
        if (state === 'held') met.held += 1;
      }
      if (!isDeepStrictEqual(is, should)) expect(is).toStrictEqual(should);
    }),
    { numRuns: HISTORIES },
  );
  // The property means something only where all of it was met.
  for (const total of Object.values(met)) expect(total).toBeGreaterThan(1_000);
}, 60_000);

/** Acts of different ids: of one id only the first is an act; which that is, is no question of order here. */
function unlike(codes: readonly number[]): Happening[] {
  const acts = codes.map((code, at) => happeningOf(code - (code % 8), at));
  const idOf = (one: Happening) => (one.what === 'act' ? one.act.id : '');
  return acts.filter((one, at) => acts.findIndex((two) => idOf(two) === idOf(one)) === at);
}

test('which act counts does not depend on the order in which they come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 18 }), { maxLength: 8 }), fc.infiniteStream(fc.nat()), (codes, random) => {
      const acts = unlike(codes).map((one) =>
        one.what === 'act' ? { ...one, act: { ...one.act, replaces: null } } : one,
      );
      const shuffled = acts
        .map((one) => ({ one, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
      const limits = { opensNothing: false, daysEndMs: DAYS_END_MS };
      expect(folded(shuffled, limits).standing).toBe(folded(acts, limits).standing);
    }),
    { numRuns: 5_000 },
  );
});

test('which act counts does not depend on when the terminal is heard of, where ratings are changed meanwhile', () => {
  let changed = 0;
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 24 }), { maxLength: 8 }), fc.infiniteStream(fc.nat()), (codes, random) => {
      const acts = unlike(codes);
      const isOfTerminal = (one: Happening) => one.what === 'act' && one.act.byTerminal;
      const moved = acts.filter((one) => !isOfTerminal(one));
      // What came to the gateway itself came in its order; the terminal is heard of anyhow.
      for (const one of acts.filter(isOfTerminal))
        moved.splice((random.next().value as number) % (moved.length + 1), 0, one);
      const limits = { opensNothing: false, daysEndMs: DAYS_END_MS };
      const [is, other] = [folded(moved, limits), folded(acts, limits)];
      expect(is.standing).toBe(other.standing);
      if (Object.values(is.aside).includes('rating-replaced')) changed += 1;
    }),
    { numRuns: 5_000 },
  );
  expect(changed).toBeGreaterThan(20);
});
