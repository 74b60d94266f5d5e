/** A rating that came to the gateway itself may be changed by whoever made it: it keeps its place in the order of acts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { becomes, ScriptedCentre, settle, startForwarder } from '../forward/hall-forwarding.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { exactTime, faultsAfter, opened, POLICY, pressed, RatedHall, repaired } from './rated-hall.js';

const CHANGE_MS = POLICY.later.changeSeconds * 1_000;
const SECOND_MS = 1_000;
const accepted: CentreOutcome = { kind: 'accepted' };

async function hallWithService(policy = POLICY) {
  const hall = await RatedHall.open(policy);
  const chain = await hall.terminal();
  opened(chain, 's-1');
  await hall.log.send(chain, chain.batch());
  return { hall, chain };
}

/** The terminal is heard of from its third entry on, and what it says of the time is exact. */
async function hear(hall: RatedHall, chain: TerminalChain): Promise<void> {
  await hall.log.send(chain, chain.batch(3, chain.headSeq, exactTime(hall, chain)));
}

/** Rates, and some time later changes it. @returns the ids. */
async function changed(hall: RatedHall, ...levels: readonly (1 | 2 | 3 | 4 | 5)[]): Promise<string[]> {
  const ids: string[] = [];
  for (const level of levels) {
    const replaces = ids.at(-1);
    const { ratingId } = await hall.rate({ serviceId: 's-1', level, ...(replaces === undefined ? {} : { replaces }) });
    ids.push(ratingId);
    hall.advance(20 * SECOND_MS);
  }
  return ids;
}

test('the last word within the seconds counts, and the others stand beside it as replaced', async () => {
  const { hall } = await hallWithService();
  const [first, second, third] = await changed(hall, 1, 5, 4);
  expect(hall.standing('s-1')).toMatchObject({ ratingId: third, level: 4 });
  expect(hall.asides('s-1')).toEqual([
    { ratingId: first, code: 'rating-replaced' },
    { ratingId: second, code: 'rating-replaced' },
  ]);
  expect([first, second].map((id) => hall.queue(id as string)?.state)).toEqual(['withdrawn', 'withdrawn']);
  expect(hall.log.ownBodies('rating.made').map(({ replaces }) => replaces)).toEqual([undefined, first, second]);
  // A minute after the last of them it is too late, and nothing is written.
  hall.advance(CHANGE_MS - 20 * SECOND_MS + 1);
  const before = hall.log.total('entry');
  await expect(hall.rate({ serviceId: 's-1', replaces: third as string })).rejects.toMatchObject({
    code: 'change-too-late',
  });
  expect(hall.log.total('entry')).toBe(before);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

describe('a press at the terminal that is heard of later', () => {
  test.each([
    ['made before it was rated by phone, comes before all its changes', 'before', 'terminal'],
    ['made between the rating and its change, comes after both', 'between', 'phone'],
  ] as const)('%s', async (_what, when, counts) => {
    const { hall, chain } = await hallWithService();
    hall.advance(SECOND_MS, chain);
    let press = when === 'before' ? pressed(chain, 's-1', 2) : '';
    hall.advance(SECOND_MS, chain);
    const { ratingId: first } = await hall.rate({ serviceId: 's-1', level: 1 });
    hall.advance(10 * SECOND_MS, chain);
    if (when === 'between') press = pressed(chain, 's-1', 2);
    hall.advance(10 * SECOND_MS, chain);
    const { ratingId: second } = await hall.rate({ serviceId: 's-1', level: 5, replaces: first });
    await hear(hall, chain);
    expect(hall.standing('s-1')?.ratingId).toBe(counts === 'terminal' ? press : second);
    expect(hall.asides('s-1')).toContainEqual({ ratingId: first, code: 'rating-replaced' });
    const beside =
      counts === 'terminal'
        ? { ratingId: second, code: 'rating-displaced' }
        : { ratingId: press, code: 'service-already-rated' };
    expect(hall.asides('s-1')).toContainEqual(beside);
    expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
  });

  test('before the change: what counts no longer is not brought back by changing it', async () => {
    const { hall, chain } = await hallWithService();
    hall.advance(SECOND_MS, chain);
    const press = pressed(chain, 's-1', 2);
    hall.advance(SECOND_MS, chain);
    const { ratingId: first } = await hall.rate({ serviceId: 's-1', level: 1 });
    hall.advance(SECOND_MS, chain);
    await hear(hall, chain);
    const change = await hall.rate({ serviceId: 's-1', level: 5, replaces: first });
    expect(change).toMatchObject({ counts: false, code: 'service-already-rated' });
    expect(hall.standing('s-1')?.ratingId).toBe(press);
    expect(hall.asides('s-1').map(({ code }) => code)).toEqual(['rating-displaced', 'service-already-rated']);
    expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
  });
});

test('of two changes of one rating the first to come counts', async () => {
  const { hall } = await hallWithService();
  const [first] = await changed(hall, 3);
  const replaces = first as string;
  const [one, two] = [
    await hall.rate({ serviceId: 's-1', level: 1, replaces, id: 'zzzzzzzzzzz' }),
    await hall.rate({ serviceId: 's-1', level: 5, replaces, id: 'AAAAAAAAAAA' }),
  ];
  expect([one, two]).toMatchObject([{ counts: true }, { counts: false, code: 'service-already-rated' }]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('nobody changes what is not their own', async () => {
  const { hall, chain } = await hallWithService();
  opened(chain, 's-2');
  const press = pressed(chain, 's-2', 2);
  await hear(hall, chain);
  const { ratingId } = await hall.rate({ serviceId: 's-1' });
  const before = hall.log.total('entry');
  for (const act of [
    { serviceId: 's-2', replaces: ratingId },
    { serviceId: 's-2', replaces: press },
    { serviceId: 's-1', replaces: ratingId, verified: false },
  ])
    await expect(hall.rate(act)).rejects.toMatchObject({ code: 'request-malformed' });
  expect(hall.log.total('entry')).toBe(before);
});

test('a change of what never arrived is an act of its own, and what arrives afterwards comes second', async () => {
  const { hall } = await hallWithService();
  const lost = nodeRandomness.newId();
  const { ratingId } = await hall.rate({ serviceId: 's-1', level: 2, replaces: lost });
  hall.advance(SECOND_MS);
  await hall.rate({ id: lost, serviceId: 's-1', level: 5 });
  expect(hall.standing('s-1')).toMatchObject({ ratingId, level: 2 });
  expect(hall.asides('s-1')).toEqual([{ ratingId: lost, code: 'service-already-rated' }]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('where the policy has no seconds nothing is changed, and nothing waits for it', async () => {
  const { hall, chain } = await hallWithService({ ...POLICY, later: { ...POLICY.later, changeSeconds: 0 } });
  chain.append('unrated', { serviceId: 's-1', cause: 'later' });
  await hear(hall, chain);
  const taken = await hall.rate({ serviceId: 's-1' });
  expect(taken).toMatchObject({ counts: true, changeableUntilMs: null });
  expect(hall.queue(taken.ratingId)?.state).toBe('waiting');
  await expect(hall.rate({ serviceId: 's-1', replaces: taken.ratingId })).rejects.toMatchObject({
    code: 'change-too-late',
  });
});

test('nothing leaves while it may be changed, and the centre hears of the last word only', async () => {
  const { hall, chain } = await hallWithService();
  chain.append('unrated', { serviceId: 's-1', cause: 'later' });
  await hear(hall, chain);
  const [, last] = await changed(hall, 1, 4);
  const centre = new ScriptedCentre(hall.log, [accepted]);
  const forwarder = startForwarder(hall.log, centre);
  hall.advance(CHANGE_MS - 20 * SECOND_MS - 1);
  await settle(hall.log, forwarder);
  expect(centre.tries).toEqual([]);
  hall.advance(1);
  forwarder.wake();
  await becomes(hall.log, last as string, 'delivered');
  expect(centre.tries.map(({ key, rating }) => [key, rating.satisfaction, rating.corrects])).toEqual([
    [last, 4, undefined],
  ]);
});

test('what left after all, since a clock was set back, is corrected at the centre', async () => {
  const { hall, chain } = await hallWithService();
  chain.append('unrated', { serviceId: 's-1', cause: 'later' });
  await hear(hall, chain);
  const { ratingId } = await hall.rate({ serviceId: 's-1', level: 1 });
  hall.log.run(`UPDATE forward SET state = 'waiting', nextAt = 0 WHERE ratingId = '${ratingId}'`);
  const centre = new ScriptedCentre(hall.log, [accepted, accepted]);
  const forwarder = startForwarder(hall.log, centre);
  await becomes(hall.log, ratingId, 'delivered');
  const { ratingId: last } = await hall.rate({ serviceId: 's-1', level: 5, replaces: ratingId });
  hall.advance(CHANGE_MS);
  forwarder.wake();
  await becomes(hall.log, last, 'delivered');
  expect(centre.tries.map(({ key, rating }) => [key, rating.corrects])).toEqual([
    [ratingId, undefined],
    [last, ratingId],
  ]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('a hall that is made anew has the same changes, and who writes to the database is found out', async () => {
  const { hall, chain } = await hallWithService();
  const [first, , third] = await changed(hall, 1, 5, 4);
  const late = pressed(chain, 's-1', 2);
  hall.advance(SECOND_MS, chain);
  await hear(hall, chain);
  expect(hall.asides('s-1').find(({ ratingId }) => ratingId === late)?.code).toBe('service-already-rated');
  const all = () => hallTables(hall);
  const before = all();
  const again = await repaired(hall);
  expect(hallTables(again)).toEqual(before);
  expect(again.verified()).toMatchObject({ ok: true, faults: [] });
  await again.log.close();
  const database = readFileSync(join(again.log.folder, 'hall.db'));
  const made = { database, publicKeys: [again.log.key.publicKey] };
  for (const [change, named] of [
    [`UPDATE aside SET code = 'rating-displaced' WHERE ratingId = '${first}'`, /kept aside .* but comes before/],
    [`UPDATE aside SET code = 'rating-replaced' WHERE ratingId = '${late}'`, /no act, or more than one/],
    [`UPDATE rating SET orderedAs = NULL WHERE ratingId = '${third}'`, /\(correctedLowMs/],
    [`UPDATE rating SET orderedAs = '${third}' WHERE ratingId = '${third}'`, /\(orderedAs\)/],
    [`UPDATE rating SET latestMs = latestMs + 1 WHERE ratingId = '${third}'`, /\(latestMs\)/],
    [`UPDATE rating SET replaces = '${first}' WHERE ratingId = '${third}'`, /\(replaces\)/],
    [`UPDATE rating SET marks = '[]' WHERE ratingId = '${third}'`, /\(marks\)/],
    [
      `UPDATE rating SET orderedAs = NULL, correctedLowMs = at, correctedHighMs = at, latestMs = at WHERE ratingId = '${third}'`,
      /no act, or more than one/,
    ],
  ] as const)
    expect(faultsAfter(made, change)).toMatch(named);
});

function hallTables({ log }: RatedHall): unknown[] {
  return [
    log.rows('SELECT * FROM rating ORDER BY ratingId'),
    log.rows('SELECT * FROM aside ORDER BY ratingId'),
    log.rows('SELECT * FROM provisional ORDER BY serviceId'),
    log.rows('SELECT ratingId, state, corrects FROM forward ORDER BY ratingId'),
    log.rows('SELECT serviceId, ratingId, coveredAt, reference FROM service ORDER BY serviceId'),
  ];
}
