import { expect, test } from 'vitest';
import { HallLog } from '../ingest/hall-log.js';
import { OldHall } from '../retention/old-hall.js';
import { repair } from './repairing.js';

const DUTY = "SELECT duty FROM terminal WHERE terminal = 't1'";
const STAFF = 'SELECT serviceId, dutyStaffNo FROM service ORDER BY serviceId';

test('whoever is on duty at the damage served nobody before they signed on', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.ratedService('s-1');
  chain.append('duty.on', { staffNo: '1001' });
  chain.ratedService('s-2');
  chain.append('duty.off', { staffNo: '1001' });
  chain.ratedService('s-3');
  chain.append('duty.on', { staffNo: '1002' });
  await hall.send(chain, chain.batch());
  const { folder, key } = hall;
  const before = [hall.rows(DUTY), hall.rows(STAFF)];
  expect(before).toEqual([
    [{ duty: '1002' }],
    [
      { serviceId: 's-1', dutyStaffNo: null },
      { serviceId: 's-2', dutyStaffNo: '1001' },
      { serviceId: 's-3', dutyStaffNo: null },
    ],
  ]);
  await hall.close();
  await repair({ folder, key });
  const after = await HallLog.open({ folder, key });
  expect([after.rows(DUTY), after.rows(STAFF)]).toEqual(before);
});

test('a duty whose entries were let go is kept as the registry has it', async () => {
  const hall = await OldHall.open();
  const chain = await hall.terminal('t1');
  chain.append('duty.on', { staffNo: '1001' });
  chain.ratedService('s-1');
  await hall.sendAll(chain);
  await hall.deliverAll();
  hall.pass(401);
  chain.ratedService('s-2');
  await hall.sendAll(chain);
  await hall.prune();
  expect(hall.log.rows("SELECT 1 FROM entry WHERE kind = 'duty.on'")).toEqual([]);
  const { folder, key } = hall.log;
  const before = [hall.log.rows(DUTY), hall.log.rows(STAFF)];
  expect(before[0]).toEqual([{ duty: '1001' }]);
  await hall.log.close();
  await repair({ folder, key });
  const after = await HallLog.open({ folder, key });
  expect([after.rows(DUTY), after.rows(STAFF)]).toEqual(before);
});
