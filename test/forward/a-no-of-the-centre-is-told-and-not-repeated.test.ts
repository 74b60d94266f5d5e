import { expect, test } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import type { CentreRating } from '../../protocol/index.js';
import { becomes, hallWithRatings, row, ScriptedCentre, settle, startForwarder } from './hall-forwarding.js';

const held: CentreRating = {
  ratingId: 'AAAAAAAAAAA',
  serviceId: 's-1',
  hall: 'demo',
  terminal: 't1',
  caseNo: 'case-s-1',
  serviceNumber: 2,
  assessNumber: 1,
  stage: 'completion',
  satisfaction: 5,
  channel: 4,
  attributedTo: 'window',
  serviceTime: 1,
  assessTime: 2,
};

const NOES: readonly (readonly [state: string, code: string, outcome: CentreOutcome, said: object])[] = [
  ['conflict', 'centre-conflict', { kind: 'conflict', held }, { outcome: 'conflict' }],
  [
    'refused',
    'centre-refused',
    { kind: 'refused', code: 'malformed', reason: 'no such case' },
    { outcome: 'refused', code: 'malformed' },
  ],
];

test.each(NOES)(
  '%s: an alarm and a word in the own log, and never a second try',
  async (state, code, outcome, said) => {
    const {
      hall,
      ids: [id = ''],
    } = await hallWithRatings();
    const centre = new ScriptedCentre(hall, [outcome]);
    const forwarder = startForwarder(hall, centre);
    expect(await becomes(hall, id, state)).toMatchObject({ lastCode: code, deliveredAt: null, claimedUntil: 0 });
    expect(hall.alarms()).toEqual([{ code, subject: 's-1', detail: `rating ${id}` }]);
    expect(hall.ownBodies('centre.answered')).toEqual([{ ratingId: id, ...said }]);
    for (let day = 1; day <= 3; day += 1) {
      hall.clock.advance(86_400_000);
      await settle(hall, forwarder);
    }
    expect(centre.tries).toHaveLength(1);
    expect(row(hall, id).state).toBe(state);
    expect([hall.alarms().length, hall.ownBodies('centre.answered').length]).toEqual([1, 1]);
  },
);

test('what is settled is settled with its word in the own log, or not at all', async () => {
  const {
    hall,
    ids: [id = ''],
  } = await hallWithRatings();
  hall.run(
    "CREATE TRIGGER obstacle BEFORE INSERT ON entry WHEN NEW.kind = 'centre.answered' BEGIN SELECT RAISE(ABORT, 'obstacle'); END",
  );
  const centre = new ScriptedCentre(hall, [{ kind: 'accepted' }, { kind: 'already' }]);
  const forwarder = startForwarder(hall, centre);
  await settle(hall, forwarder);
  expect(centre.tries).toHaveLength(1);
  expect(row(hall, id)).toMatchObject({ state: 'waiting', deliveredAt: null });
  hall.run('DROP TRIGGER obstacle');
  hall.clock.advance(30_000);
  forwarder.wake();
  await becomes(hall, id, 'delivered');
  expect(centre.tries.map(({ key }) => key)).toEqual([id, id]);
  expect(hall.ownBodies('centre.answered')).toEqual([{ ratingId: id, outcome: 'already' }]);
});
