import { expect, test } from 'vitest';
import { closeExpired } from '../../gateway/days/close-expired.js';
import { becomes, ScriptedCentre, startForwarder } from '../forward/hall-forwarding.js';
import type { HallLog } from '../ingest/hall-log.js';
import { DAY_MS, MINUTE_MS, opened, POLICY, POLICY_ID, pressed, RatedHall, repaired } from './rated-hall.js';

/** What figures and the centre rest on; times are corrected anew by what is known of the clocks now. */
function tables(log: HallLog): Record<string, unknown> {
  return {
    services: log.rows(
      'SELECT serviceId, state, ratingId, dutyStaffNo, staffNo, coveredAt, expiredAt, defaultLevel, endCause FROM service ORDER BY serviceId',
    ),
    ratings: log.rows(
      'SELECT ratingId, serviceId, level, channel, cause, at, verified, reasons, text FROM rating ORDER BY ratingId',
    ),
    beside: log.rows(
      'SELECT ratingId, serviceId, level, channel, cause, at, verified, reasons, text, code FROM aside ORDER BY ratingId',
    ),
    queue: log.rows('SELECT ratingId, state, corrects FROM forward ORDER BY ratingId'),
  };
}

test('a hall that is made anew from its entries has the same acts counting, and the same beside them', async () => {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  chain.append('duty.on', { staffNo: '1002' });
  for (const name of ['s-terminal', 's-phone', 's-corrected', 's-late', 's-default']) opened(chain, name);
  chain.append('duty.off', { staffNo: '1002' });
  opened(chain, 's-unsigned');
  pressed(chain, 's-terminal', 2);
  await hall.log.send(chain, chain.batch());
  let sent = chain.headSeq;
  const corrected = pressed(chain, 's-corrected', 1);
  pressed(chain, 's-phone', 1);
  hall.advance(MINUTE_MS, chain);
  await hall.rate({ serviceId: 's-terminal' });
  await hall.rate({ serviceId: 's-phone' });
  const { ratingId: phoned } = await hall.rate({ serviceId: 's-corrected', reasons: ['510'] });
  // By phone, and let go to the centre before the terminal was heard of.
  hall.log.run(`UPDATE forward SET state = 'waiting' WHERE ratingId = '${phoned}'`);
  const centre = new ScriptedCentre(hall.log, [{ kind: 'accepted' }]);
  const forwarder = startForwarder(hall.log, centre);
  await becomes(hall.log, phoned, 'delivered');
  await forwarder.stop();
  const { bootId } = chain;
  const mono = chain.clock.monoMs();
  const echo = { gatewayTime: hall.log.clock.wallMs(), mono };
  const time = { bootId, mono, at: chain.clock.wallMs(), echo };
  await hall.log.send(chain, chain.batch(sent + 1, chain.headSeq, { time }));
  sent = chain.headSeq;
  expect(hall.queue(corrected)).toMatchObject({ state: 'waiting', corrects: phoned });
  hall.advance(9 * DAY_MS, chain);
  await hall.rate({ serviceId: 's-late' });
  opened(chain, 's-held');
  await hall.log.send(chain, chain.batch(sent + 1));
  await hall.rate({ serviceId: 's-held' });
  const { store, clock } = hall.log;
  await closeExpired({ store, clock, policy: POLICY, policyId: POLICY_ID }, 100);
  const before = tables(hall.log);
  expect(hall.asides('s-late')).toMatchObject([{ code: 'rating-window-over' }]);
  expect(hall.log.rows("SELECT dutyStaffNo, staffNo FROM service WHERE serviceId IN ('s-late', 's-unsigned')")).toEqual(
    [
      { dutyStaffNo: '1002', staffNo: '1001' },
      { dutyStaffNo: null, staffNo: '1001' },
    ],
  );

  const again = await repaired(hall);
  expect(tables(again.log)).toEqual(before);
  expect(again.verified()).toMatchObject({ ok: true, faults: [] });
});
