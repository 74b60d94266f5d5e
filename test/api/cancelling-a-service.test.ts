import { afterEach, beforeEach, expect, test } from 'vitest';
import { HallEdge, POLICY } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

const FACTS = { caseNo: '1', terminal: 't1', serviceId: 'svc-1' };
const cancel = () => hall.call('POST', '/v1/services/svc-1/cancel');

test('an open service is taken back at its terminal, once', async () => {
  await hall.open(FACTS);
  expect((await cancel()).status).toBe(200);
  expect(hall.terminals.sent[1]).toMatchObject({
    type: 'service.cancel',
    serviceId: 'svc-1',
    validUntil: hall.nowMs + POLICY.terminal.commandValidMs,
  });
  hall.nowMs += POLICY.ratedDelayMs;
  const again = await cancel();
  expect(again).toMatchObject({ status: 200, body: { state: 'closed', rated: false } });
  expect(hall.terminals.sent).toHaveLength(2);
  expect(await hall.ownEntries('service.closed')).toEqual([{ serviceId: 'svc-1', cause: 'cancelled' }]);
  expect(await hall.service('svc-1')).toMatchObject({ state: 'closed', endCause: 'cancelled' });
});

test('a rating that stands goes on standing', async () => {
  await hall.open(FACTS);
  await hall.close('svc-1', { level: 4 });
  hall.nowMs += POLICY.ratedDelayMs;
  expect(await cancel()).toMatchObject({ status: 200, body: { state: 'closed', rated: true } });
  expect(hall.terminals.sent).toHaveLength(1);
  expect(await hall.ownEntries('service.closed')).toEqual([]);
  expect(await hall.service('svc-1')).toMatchObject({ endCause: 'time-over' });
});

test('an invitation that nobody saw is taken back without its terminal', async () => {
  hall.terminals.mode = 'absent';
  await hall.open(FACTS);
  expect((await cancel()).status).toBe(200);
  hall.nowMs += POLICY.ratedDelayMs;
  expect((await hall.call('GET', '/v1/services/svc-1')).body).toMatchObject({ state: 'closed', rated: false });
  expect(await hall.ownEntries('service.closed')).toHaveLength(1);
  // A terminal that had shown it after all reports its rating: it stands.
  await hall.store.db
    .updateTable('service')
    .set({ ratingId: 'R'.repeat(11) })
    .execute();
  expect((await hall.call('GET', '/v1/services/svc-1')).body).toMatchObject({ rated: true });
});

test('an invitation that is on a screen is not, and the caller hears it', async () => {
  await hall.open(FACTS);
  hall.terminals.mode = 'absent';
  expect(await cancel()).toMatchObject({ status: 504, body: { code: 'unreachable' } });
  expect(await hall.service('svc-1')).toMatchObject({ state: 'open', endCause: null });
  expect(await hall.ownEntries('service.closed')).toEqual([]);
});

test('a session that is over at the terminal is left to its log', async () => {
  await hall.open(FACTS);
  hall.terminals.refusesWith = 'service-over';
  expect((await cancel()).status).toBe(200);
  expect(await hall.service('svc-1')).toMatchObject({ state: 'open' });
  hall.terminals.refusesWith = 'internal';
  expect(await cancel()).toMatchObject({ status: 500, body: { code: 'internal' } });
  hall.terminals.refusesWith = 'session-absent';
  expect((await cancel()).status).toBe(200);
  expect(await hall.service('svc-1')).toMatchObject({ state: 'closed' });
});

test('an opening that a cancelling overtook is over, not open', async () => {
  let letGo = () => {};
  hall.terminals.gate = new Promise((resolve) => {
    letGo = resolve;
  });
  const opening = hall.open(FACTS);
  await expect.poll(() => hall.terminals.sent.length).toBe(1);
  hall.terminals.gate = undefined;
  await cancel();
  hall.nowMs += POLICY.ratedDelayMs;
  letGo();
  expect(await opening).toMatchObject({ status: 409, body: { code: 'service-over' } });
  expect(await hall.service('svc-1')).toMatchObject({ state: 'closed' });
});

test('a service that nobody knows cannot be cancelled or looked at', async () => {
  expect(await cancel()).toMatchObject({ status: 404, body: { code: 'service-unknown' } });
  expect(await hall.call('GET', '/v1/services/svc-1')).toMatchObject({
    status: 404,
    body: { code: 'service-unknown' },
  });
  expect(await hall.call('GET', '/v1/services/%20')).toMatchObject({
    status: 400,
    body: { code: 'request-malformed', errors: [{ path: 'serviceId' }] },
  });
});
