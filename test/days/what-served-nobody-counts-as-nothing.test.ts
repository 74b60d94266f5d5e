import { expect, test } from 'vitest';
import { POLICY } from '../api/hall-edge.js';
import { openService } from '../support/open-service.js';
import { DaysHall } from './days-hall.js';

test('never opened, taken back, a stage that opens nothing: each is over, and counts as nothing', async () => {
  const stages = { ...POLICY.stages, intake: { ...POLICY.stages.intake, opens: 'nothing' as const } };
  const hall = await DaysHall.open({ stages });
  const chain = await hall.terminal('t1');
  const open = (serviceId: string) =>
    openService(hall.desk, { serviceId, caseNo: `case-${serviceId}`, stage: 'completion', terminal: 't1' }, serviceId);
  // The terminal's cancelling reaches us before our own, and after it.
  await open('taken-back');
  chain.opened('taken-back');
  await hall.desk.cancel('taken-back');
  chain.append('unrated', { serviceId: 'taken-back', cause: 'cancelled' });
  await open('told-first');
  chain.opened('told-first');
  chain.append('unrated', { serviceId: 'told-first', cause: 'cancelled' });
  const cancelling = hall.desk.cancel('told-first');
  await hall.sendAll(chain);
  await cancelling;
  chain.opened('broken-off-by-staff');
  chain.append('unrated', { serviceId: 'broken-off-by-staff', cause: 'cancelled' });
  chain.append('service.opened', {
    serviceId: 'failed-intake',
    caseNo: 'case-failed-intake',
    stage: 'intake',
    origin: 'local',
    policy: 'default@1',
  });
  await hall.sendAll(chain);
  hall.reachable = false;
  await expect(open('never-opened')).rejects.toMatchObject({ code: 'unreachable' });
  await hall.live(9);
  expect(hall.said().toSorted()).toEqual([
    'broken-off-by-staff 3',
    'failed-intake null',
    'never-opened null',
    'taken-back null',
    'told-first null',
  ]);
  expect(hall.closed().every(({ expiredAt }) => expiredAt !== null)).toBe(true);
});

test('by a policy that counts nothing, nothing is counted', async () => {
  const hall = await DaysHall.open({ expiry: { countsAs: null } });
  const chain = await hall.terminal('t1');
  chain.opened('s-1');
  await hall.sendAll(chain);
  await hall.live(9);
  expect(hall.said()).toEqual(['s-1 null']);
  expect(hall.closed()).toMatchObject([{ defaultLevel: null, ratingId: null }]);
});

test('what is asked for at this very moment is left to the next look', async () => {
  const hall = await DaysHall.open();
  const chain = await hall.terminal('t1');
  const again = () =>
    openService(hall.desk, { serviceId: 's-1', caseNo: 'case-s-1', stage: 'completion', terminal: 't1' }, 's-1');
  hall.reachable = false;
  await expect(again()).rejects.toMatchObject({ code: 'unreachable' });
  await hall.live(7.5);
  hall.pass(3 * 3_600_000);
  await expect(again()).rejects.toMatchObject({ code: 'unreachable' });
  hall.pass(POLICY.terminal.commandValidMs - 1);
  await hall.days.look();
  expect(hall.said()).toEqual([]);
  hall.pass(1);
  await hall.days.look();
  expect(hall.said()).toEqual(['s-1 null']);
  expect(chain.headSeq).toBe(1);
});
