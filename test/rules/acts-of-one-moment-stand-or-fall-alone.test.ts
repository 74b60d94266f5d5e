import { expect, test } from 'vitest';
import type { ActFacts, Rated } from '../../gateway/services/rating-desk.js';
import { isPjqError } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { opened, RatedHall } from './rated-hall.js';

const MANY = 40;

async function hallOfMany() {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  for (let n = 0; n < MANY; n += 1) opened(chain, `s-${n}`);
  await hall.log.send(chain, chain.batch());
  return { hall, terminal: chain.terminal };
}

/** What became of each, in its place: `counts`, or the code of its refusal or of its being aside. */
async function outcomesOf(hall: RatedHall, acts: readonly (Rated & Partial<ActFacts>)[]): Promise<string[]> {
  const settled = await Promise.allSettled(acts.map((act) => hall.rate(act)));
  return settled.map((one) => {
    if (one.status === 'fulfilled') return one.value.counts ? 'counts' : one.value.code;
    return isPjqError(one.reason) ? one.reason.code : String(one.reason);
  });
}

const byCode = (terminal: string, reference: string): Rated => ({
  provisional: { terminal, reference, day: '2026-11-21' },
});
const referenceOf = (n: number) => `AAAAAAAAA${String(n).padStart(2, '0')}`;

test('acts of one moment have one step of the own log, of services that are known and of codes that are new', async () => {
  const { hall, terminal } = await hallOfMany();
  hall.log.run(
    'CREATE TABLE step (seq); CREATE TRIGGER stepped AFTER UPDATE ON epoch BEGIN INSERT INTO step VALUES (new.throughSeq); END',
  );
  const acts = Array.from({ length: MANY }, (_, n) =>
    n % 2 === 0 ? { serviceId: `s-${n}` } : byCode(terminal, referenceOf(n)),
  );
  expect(await outcomesOf(hall, acts)).toEqual(acts.map(() => 'counts'));
  expect(hall.log.total('step')).toBe(1);
  expect([hall.log.total('rating'), hall.log.total('provisional')]).toEqual([MANY, MANY / 2]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('of acts of one moment each stands or falls alone, whatever is wrong with the others', async () => {
  const { hall, terminal } = await hallOfMany();
  const { ratingId: standing } = await hall.rate({ serviceId: 's-0' });
  hall.log.clock.advance(1);
  // A code whose service has been lost.
  hall.log.run("INSERT INTO provisional VALUES ('later:x:AAAAAAAAAAA', 'x', 'AAAAAAAAAAA', '2026-11-21', 0, 'lost')");
  const [twice, changed] = [nodeRandomness.newId(), nodeRandomness.newId()];
  const acts: readonly (readonly [Rated & Partial<ActFacts>, string])[] = [
    [{ serviceId: 's-1' }, 'counts'],
    [{ serviceId: 'nobody' }, 'service-unknown'],
    [{ serviceId: 's-2', id: standing }, 'idempotency-key-reused'],
    // Means nothing, which shows only when its entry is made.
    [{ serviceId: 's-3', id: 'too-short' }, 'meaning-malformed'],
    [{ serviceId: 's-3' }, 'counts'],
    [{ serviceId: 's-4', id: twice }, 'counts'],
    [{ serviceId: 's-4', id: twice }, 'counts'],
    [{ serviceId: 's-5', id: twice }, 'idempotency-key-reused'],
    [{ serviceId: 's-6', text: 'no text is taken here' }, 'request-malformed'],
    [{ serviceId: 's-7', id: changed }, 'counts'],
    [{ serviceId: 's-7', replaces: changed }, 'counts'],
    [{ serviceId: 's-8', replaces: changed }, 'request-malformed'],
    [{ serviceId: 's-9', replaces: standing }, 'request-malformed'],
    [{ serviceId: 's-0' }, 'service-already-rated'],
    [byCode(terminal, referenceOf(1)), 'counts'],
    // Shows only when all of them are projected.
    [{ serviceId: 'later:x:AAAAAAAAAAA' }, 'request-malformed'],
    [byCode(terminal, referenceOf(3)), 'counts'],
  ];
  const outcomes = await outcomesOf(
    hall,
    acts.map(([act]) => act),
  );
  expect(outcomes).toEqual(acts.map(([, outcome]) => outcome));
  expect(hall.log.ownBodies('rating.made')).toHaveLength(9);
  expect(hall.log.ownBodies('service.provisional')).toHaveLength(2);
  expect(hall.log.total('rating')).toBe(7);
  expect(hall.log.total('quarantine')).toBe(0);
  hall.log.run("DELETE FROM provisional WHERE terminal = 'x'");
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('a code that is used twice in one moment is told of once, and one of its acts counts', async () => {
  const { hall, terminal } = await hallOfMany();
  const code = byCode(terminal, referenceOf(1));
  const outcomes = await outcomesOf(hall, [code, { serviceId: 's-1' }, code, code]);
  expect(outcomes.filter((one) => one === 'counts').length).toBeGreaterThan(1);
  expect(hall.log.ownBodies('service.provisional')).toHaveLength(1);
  expect(hall.log.total('rating')).toBe(2);
  expect(hall.log.total('aside')).toBe(2);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('where the store fails nothing of the moment stands, and everybody is told so', async () => {
  const { hall } = await hallOfMany();
  const before = hall.log.total('entry');
  hall.log.run("CREATE TRIGGER full BEFORE INSERT ON forward BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END");
  const outcomes = await outcomesOf(
    hall,
    Array.from({ length: 5 }, (_, n) => ({ serviceId: `s-${n}` })),
  );
  expect(outcomes.filter((one) => one.includes('disk full'))).toHaveLength(5);
  expect([hall.log.total('entry'), hall.log.total('rating')]).toEqual([before, 0]);
});
