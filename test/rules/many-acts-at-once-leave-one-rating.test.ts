import { expect, test } from 'vitest';
import type { PjqError } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { opened, POLICY, pressed, RatedHall } from './rated-hall.js';

async function hallWithService(serviceId = 's-1') {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  opened(chain, serviceId);
  await hall.log.send(chain, chain.batch());
  return { hall, chain };
}

test('a hundred acts of one service at once leave exactly one that counts, and the others beside it', async () => {
  const { hall } = await hallWithService();
  const ids = Array.from({ length: 100 }, () => nodeRandomness.newId());
  const answers = await Promise.all(ids.map((id) => hall.rate({ id, serviceId: 's-1', level: 3 })));
  expect(new Set(answers.map(({ ratingId }) => ratingId)).size).toBe(100);
  expect(hall.log.rows('SELECT count(*) AS total FROM rating')).toEqual([{ total: 1 }]);
  expect(hall.asides('s-1')).toHaveLength(99);
  // All of one moment: the smallest id comes first.
  expect(hall.standing('s-1')?.ratingId).toBe([...ids].sort()[0]);
  expect(hall.log.ownBodies('rating.made')).toHaveLength(100);
  expect(hall.log.rows("SELECT count(*) AS total FROM forward WHERE state <> 'withdrawn'")).toEqual([{ total: 1 }]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('acts of a hundred services and of their terminals at once: each service has one rating', async () => {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  for (let n = 0; n < 40; n += 1) opened(chain, `s-${n}`);
  await hall.log.send(chain, chain.batch());
  const from = chain.headSeq + 1;
  for (let n = 0; n < 40; n += 1) pressed(chain, `s-${n}`, 4);
  await Promise.all([
    ...Array.from({ length: 80 }, (_, n) => hall.rate({ serviceId: `s-${n % 40}` })),
    hall.log.send(chain, chain.batch(from)),
  ]);
  expect(hall.log.rows('SELECT count(*) AS total, count(DISTINCT serviceId) AS services FROM rating')).toEqual([
    { total: 40, services: 40 },
  ]);
  expect(hall.log.rows('SELECT count(*) AS total FROM aside')).toEqual([{ total: 80 }]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('of more acts than the hall can take at once some are asked to come again, and stand when they do', async () => {
  const { hall } = await hallWithService();
  const acts = Array.from({ length: 600 }, () => ({ id: nodeRandomness.newId(), serviceId: 's-1', level: 3 as const }));
  const first = await Promise.allSettled(acts.map((act) => hall.rate(act)));
  const refused = acts.filter((_, at) => first[at]?.status === 'rejected');
  expect(new Set(first.flatMap((one) => (one.status === 'rejected' ? [(one.reason as PjqError).code] : [])))).toEqual(
    new Set(['gateway-busy']),
  );
  expect(refused.length).toBeLessThan(acts.length);
  expect(hall.log.ownBodies('rating.made')).toHaveLength(acts.length - refused.length);
  for (const act of refused.slice(0, 100)) await hall.rate(act);
  expect(hall.log.ownBodies('rating.made')).toHaveLength(acts.length - refused.length + 100);
});

test('the same act again has no effect, and is answered as it stands', async () => {
  const { hall } = await hallWithService();
  const act = { id: nodeRandomness.newId(), serviceId: 's-1', level: 2 as const };
  const answers = await Promise.all(Array.from({ length: 20 }, () => hall.rate(act)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([
      JSON.stringify({
        ratingId: act.id,
        serviceId: 's-1',
        counts: true,
        changeableUntilMs: hall.log.clock.wallMs() + POLICY.later.changeSeconds * 1_000,
      }),
    ]),
  );
  expect(hall.log.ownBodies('rating.made')).toHaveLength(1);
  const second = { id: nodeRandomness.newId(), serviceId: 's-1' };
  hall.log.clock.advance(1);
  const aside = { ratingId: second.id, serviceId: 's-1', counts: false, code: 'service-already-rated' };
  expect([await hall.rate(second), await hall.rate(second)]).toEqual([aside, aside]);
  expect(hall.log.ownBodies('rating.made')).toHaveLength(2);
});

test('an act of no service, with reasons of another level, or under the id of another act is refused and leaves nothing', async () => {
  const { hall, chain } = await hallWithService();
  const { ratingId } = await hall.rate({ serviceId: 's-1' });
  opened(chain, 's-2');
  const press = chain.press('s-2', 4);
  await hall.log.send(chain, chain.batch(3));
  const before = hall.log.total('entry');
  await expect(hall.rate({ serviceId: 'nobody' })).rejects.toMatchObject({ code: 'service-unknown' });
  await expect(hall.rate({ serviceId: 's-2', level: 5, reasons: ['108'] })).rejects.toMatchObject({
    code: 'reason-unknown',
  });
  await expect(hall.rate({ id: ratingId, serviceId: 's-2' })).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  await expect(hall.rate({ id: press, serviceId: 's-2' })).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  await expect(hall.rate({ id: 'too-short', serviceId: 's-2' })).rejects.toMatchObject({ code: 'meaning-malformed' });
  expect([hall.log.total('entry'), hall.log.total('rating')]).toEqual([before, 1]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});
