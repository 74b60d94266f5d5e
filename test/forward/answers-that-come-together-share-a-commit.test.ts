import { expect, test } from 'vitest';
import { becomes, hallWithRatings, row, ScriptedCentre, startForwarder } from './hall-forwarding.js';

test('answers that come together are told one by one in the own log, under one chain', async () => {
  const { hall, ids } = await hallWithRatings(6);
  startForwarder(hall, new ScriptedCentre(hall, [{ kind: 'accepted' }]), { concurrency: 6 });
  for (const id of ids) await becomes(hall, id, 'delivered');
  expect(
    hall
      .ownBodies('centre.answered')
      .map(({ ratingId }) => ratingId)
      .sort(),
  ).toEqual([...ids].sort());
  const seqs = hall.rows<{ seq: number }>(
    "SELECT seq FROM entry JOIN epoch ON epoch.id = epochId WHERE source LIKE '%/@%' ORDER BY entry.id",
  );
  expect(seqs.map(({ seq }) => seq)).toEqual(seqs.map((_, n) => n + 1));
});

test('an answer that cannot be written takes no other with it, and is asked for again under the same key', async () => {
  const { hall, ids } = await hallWithRatings(4);
  // The first is answered before the others, and committed alone; these share a commit.
  const poisonous = ids[2] ?? '';
  const others = ids.filter((id) => id !== poisonous);
  hall.run(
    `CREATE TRIGGER poison BEFORE UPDATE OF state ON forward WHEN NEW.ratingId = '${poisonous}' AND NEW.state = 'delivered' BEGIN SELECT RAISE(ABORT, 'poison'); END`,
  );
  const centre = new ScriptedCentre(hall, [{ kind: 'accepted' }]);
  const forwarder = startForwarder(hall, centre);
  for (const id of others) await becomes(hall, id, 'delivered');
  expect(row(hall, poisonous)).toMatchObject({ state: 'waiting', deliveredAt: null });
  expect(hall.ownBodies('centre.answered')).toHaveLength(3);

  hall.run('DROP TRIGGER poison');
  hall.clock.advance(30_001); // the claim of the answer that was lost
  forwarder.wake();
  await becomes(hall, poisonous, 'delivered');
  expect(centre.tries.filter(({ key }) => key === poisonous)).toHaveLength(2);
});
