import { expect, test } from 'vitest';
import { retryQuarantine } from '../../gateway/ingest/quarantine.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { REASONS_VERSION } from '../../protocol/index.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';
import type { TerminalChain } from './terminal-chain.js';

const press = (changes: object = {}) => ({
  id: nodeRandomness.newId(),
  serviceId: 's-1',
  level: 4,
  via: 'key',
  ...changes,
});

const WRONG: readonly (readonly [what: string, code: string, append: (chain: TerminalChain) => number])[] = [
  ['an unknown kind', 'meaning-unknown', (chain) => chain.appendAnything({ kind: 'weather', body: { degrees: 3 } })],
  [
    'a kind named like a property of every object',
    'meaning-unknown',
    (chain) => chain.appendAnything({ kind: 'constructor', body: {} }),
  ],
  [
    'a malformed body',
    'meaning-malformed',
    (chain) => chain.appendAnything({ kind: 'press', body: press({ level: 6 }) }),
  ],
  [
    'a body that lacks a field',
    'meaning-malformed',
    (chain) => chain.appendAnything({ kind: 'rating', body: { serviceId: 's-1', level: 4 } }),
  ],
  ['no JSON', 'meaning-malformed', (chain) => chain.appendBytes(nodeSuite.utf8Encode('{"kind":'))],
  ['no UTF-8', 'meaning-malformed', (chain) => chain.appendBytes(Uint8Array.of(0xff, 0xfe, 0x00, 0x80))],
  [
    'an envelope of another seq',
    'entry-misplaced',
    (chain) => chain.appendAnything({ seq: 99, kind: 'press', body: press() }),
  ],
  [
    'an envelope of another epoch',
    'entry-misplaced',
    (chain) => chain.appendAnything({ epoch: 'AAAAAAAAAAB', kind: 'press', body: press() }),
  ],
  [
    'an envelope of another source',
    'entry-misplaced',
    (chain) => chain.appendAnything({ source: 'demo/t2', kind: 'press', body: press() }),
  ],
  [
    'a press of an unknown service',
    'service-unknown',
    (chain) => chain.appendAnything({ kind: 'press', body: press({ serviceId: 'nobody' }) }),
  ],
  ['a rating of an unknown service', 'service-unknown', (chain) => chain.rating('nobody', 4, nodeRandomness.newId())],
  ['a rating without its press', 'press-unknown', (chain) => chain.rating('s-1', 4, nodeRandomness.newId())],
  [
    'a rating with a press of another service',
    'press-unknown',
    (chain) => {
      chain.opened('s-2');
      return chain.rating('s-1', 4, chain.press('s-2', 4));
    },
  ],
  [
    'a rating that contradicts its press',
    'rating-contradicts-press',
    (chain) => chain.rating('s-1', 5, chain.press('s-1', 1)),
  ],
  [
    'reasons of another level',
    'reason-unknown',
    (chain) =>
      chain.append('reasons', {
        pressId: chain.press('s-1', 4),
        serviceId: 's-1',
        codes: ['510'],
        list: REASONS_VERSION,
      }),
  ],
  [
    'reasons of a press that nobody made',
    'press-unknown',
    (chain) =>
      chain.append('reasons', {
        pressId: nodeRandomness.newId(),
        serviceId: 's-1',
        codes: ['406'],
        list: REASONS_VERSION,
      }),
  ],
  [
    'a rating with other reasons than were given',
    'rating-contradicts-press',
    (chain) =>
      chain.append('rating', {
        id: chain.press('s-1', 4),
        serviceId: 's-1',
        level: 4,
        cause: 'time-over',
        reasons: ['406'],
      }),
  ],
  [
    'an opening that is another case',
    'service-exists',
    (chain) =>
      chain.append('service.opened', {
        serviceId: 's-1',
        caseNo: 'another',
        stage: 'completion',
        origin: 'local',
        policy: 'default@1',
      }),
  ],
];

test.each(WRONG)('%s is set aside as %s while its entry stands and the log goes on', async (_what, code, append) => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.opened('s-1');
  const seq = append(chain);
  chain.ratedService('s-9', 3);
  expect(await hall.send(chain, chain.batch())).toMatchObject([{ throughSeq: chain.headSeq }]);
  expect(hall.setAside()).toEqual([{ seq, code }]);
  expect(hall.quarantined).toEqual([code]);
  expect(
    hall
      .rows<{ bytes: Buffer }>(
        'SELECT bytes FROM entry JOIN epoch ON epoch.id = epochId WHERE source = ? AND seq = ?',
        chain.source,
        seq,
      )
      .map(({ bytes }) => bytes.equals(chain.entry(seq))),
  ).toEqual([true]);
  expect(hall.rows('SELECT serviceId, level FROM rating')).toEqual([{ serviceId: 's-9', level: 3 }]);
  expect(hall.total('forward')).toBe(1);
  expect(verifyFile(`${hall.folder}/hall.db`, { suite: nodeSuite, publicKeys: [hall.key.publicKey] })).toMatchObject({
    ok: true,
  });
});

test('a second rating of a service is no wrong meaning: it is kept beside the first one, which stands', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const first = chain.ratedService('s-1', 2);
  await hall.send(chain, chain.batch());
  hall.clock.advance(1);
  const second = chain.press('s-1', 5);
  chain.rating('s-1', 5, second);
  expect(await hall.send(chain, chain.batch(5))).toMatchObject([{ throughSeq: 6 }]);
  expect([hall.setAside(), hall.quarantined]).toEqual([[], []]);
  expect(hall.rows('SELECT ratingId, level, code FROM aside')).toEqual([
    { ratingId: second, level: 5, code: 'service-already-rated' },
  ]);
  expect(hall.rows('SELECT ratingId, level FROM rating')).toEqual([{ ratingId: first, level: 2 }]);
  expect(hall.rows('SELECT ratingId FROM forward')).toEqual([{ ratingId: first }]);
});

test('the standing rating said again with another level is set aside, and said again as it was changes nothing', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const id = chain.ratedService('s-1', 2);
  chain.rating('s-1', 2, id);
  chain.rating('s-1', 5, id);
  await hall.send(chain, chain.batch());
  expect(hall.setAside()).toEqual([{ seq: 6, code: 'rating-contradicts-press' }]);
  expect(hall.rows('SELECT ratingId, level FROM rating')).toEqual([{ ratingId: id, level: 2 }]);
  expect(hall.total('forward')).toBe(1);
});

test('a terminal speaks of its own services only', async () => {
  const hall = await HallLog.open();
  const [owner, other] = [await hall.terminal('t1'), await hall.terminal('t2')];
  owner.opened('s-1');
  await hall.send(owner, owner.batch());
  const id = other.press('s-1', 1);
  other.rating('s-1', 1, id);
  other.append('unrated', { serviceId: 's-1', cause: 'time-over' });
  await hall.send(other, other.batch());
  expect(hall.setAside()).toEqual([
    { seq: 2, code: 'wrong-terminal' },
    { seq: 3, code: 'wrong-terminal' },
    { seq: 4, code: 'wrong-terminal' },
  ]);
  expect(hall.rows('SELECT state, ratingId FROM service')).toEqual([{ state: 'open', ratingId: null }]);
  const right = owner.press('s-1', 5);
  owner.rating('s-1', 5, right);
  await hall.send(owner, owner.batch(3));
  expect(hall.rows('SELECT ratingId, level FROM rating')).toEqual([{ ratingId: right, level: 5 }]);
});

test('what was set aside is projected when what it waited for has come, once however often it is tried', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const parts = { store: hall.store, suite: nodeSuite, clock: hall.clock };
  const id = chain.press('s-1', 3);
  chain.rating('s-1', 3, id);
  chain.appendAnything({ kind: 'weather', body: {} });
  await hall.send(chain, chain.batch());
  expect(hall.setAside().map(({ code }) => code)).toEqual(['service-unknown', 'service-unknown', 'meaning-unknown']);
  expect(await retryQuarantine(parts)).toEqual({ tried: 3, resolved: 0 });
  expect(hall.total('quarantine')).toBe(3);

  const other = await hall.terminal('t2');
  other.ratedService('s-2');
  await hall.send(other, other.batch());
  chain.leave(chain.headSeq);
  chain.opened('s-1');
  await hall.send(chain, chain.batch());
  expect(await retryQuarantine(parts)).toEqual({ tried: 3, resolved: 2 });
  expect(await retryQuarantine(parts)).toEqual({ tried: 1, resolved: 0 });
  expect(hall.setAside().map(({ code }) => code)).toEqual(['meaning-unknown']);
  expect(hall.rows("SELECT ratingId, level FROM rating WHERE serviceId = 's-1'")).toEqual([{ ratingId: id, level: 3 }]);
  expect(hall.total('forward', `ratingId = '${id}'`)).toBe(1);
});
