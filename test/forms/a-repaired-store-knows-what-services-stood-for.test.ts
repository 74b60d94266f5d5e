import { expect, test } from 'vitest';
import { readOpenRequest } from '../../gateway/core/open-request.js';
import { recordRequest } from '../support/record-request.js';
import { ReasonDesk } from '../../gateway/services/reason-desk.js';
import { HallLog } from '../ingest/hall-log.js';
import { repair } from '../repair/repairing.js';

const SERVICE = 'serviceId, form, cases, assessNumber, followsUp, attributedTo, department, daysFrom, requestedAt';

test('form, cases, follow-up, attribution, days and supplied reasons come back from the log', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  const cases = [{ caseNo: 'c-2' }, { caseNo: 'c-1', matter: { code: 'M-1' } }];
  const requests: Record<string, object> = {
    plain: { caseNo: 'c-0' },
    batch: { caseNo: 'c-1', form: 'batch', cases, handedOver: true, department: 'D-1' },
    again: { caseNo: 'c-1', form: 'batch', cases, followsUp: 'batch' },
  };
  for (const [serviceId, request] of Object.entries(requests)) {
    hall.clock.advance(1_000);
    const read = readOpenRequest({ terminal: 't1', serviceId, ...request }, { takesEvaluator: false });
    await recordRequest({ store: hall.store }, read, serviceId, hall.clock.wallMs(), 15_000);
  }
  chain.append('service.opened', {
    serviceId: 'batch',
    caseNo: 'c-1',
    stage: 'completion',
    origin: 'command',
    policy: 'default@1',
  });
  const ratingId = chain.press('batch', 1);
  chain.rating('batch', 1, ratingId);
  await hall.send(chain, chain.batch());
  hall.run(`UPDATE forward SET state = 'awaiting-reason'`);
  const { store, clock, folder, key } = hall;
  await new ReasonDesk({ store, clock }).supply(ratingId, { codes: ['115', '110'] });
  const rows = (from: HallLog) => [
    from.rows(`SELECT ${SERVICE} FROM service ORDER BY serviceId`),
    from.rows('SELECT ratingId, state, supplied FROM forward'),
  ];
  const before = rows(hall);
  expect(before[0]).toMatchObject([
    { serviceId: 'again', form: 'batch', assessNumber: 2, followsUp: 'batch', attributedTo: null },
    { serviceId: 'batch', attributedTo: 'department', department: 'D-1' },
    { serviceId: 'plain', form: null, cases: null },
  ]);
  expect(before[1]).toEqual([
    { ratingId, state: 'waiting', supplied: JSON.stringify({ by: 'callback', codes: ['115', '110'] }) },
  ]);
  await hall.close();
  await repair({ folder, key });
  expect(rows(await HallLog.open({ folder, key }))).toEqual(before);
});
