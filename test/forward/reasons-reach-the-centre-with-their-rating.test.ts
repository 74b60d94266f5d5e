import { expect, test } from 'vitest';
import { closeAbandoned } from '../../gateway/ingest/grace.js';
import { REASONS_VERSION } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { startCentre, startPort } from '../centre/centre-at-work.js';
import { HallLog, OWN_SOURCE, quiet } from '../ingest/hall-log.js';
import { becomes, startForwarder } from './hall-forwarding.js';

const reasons = (pressId: string, codes: string[], list = REASONS_VERSION) =>
  ({ pressId, serviceId: 's-1', codes, list }) as const;

test('the last reasons of the press that is the rating reach the centre, those of the press before do not', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.opened('s-1');
  chain.append('reasons', reasons(chain.press('s-1', 5), ['510']));
  const id = chain.press('s-1', 2);
  chain.append('reasons', reasons(id, ['207']));
  chain.append('reasons', reasons(id, ['207', '214']));
  chain.append('rating', { id, serviceId: 's-1', level: 2, cause: 'time-over', reasons: ['207', '214'] });
  await hall.send(chain, chain.batch());
  const centre = await startCentre();
  startForwarder(hall, startPort(centre.url));
  await becomes(hall, id, 'delivered');
  expect(await centre.ledger()).toMatchObject([{ ratingId: id, satisfaction: 2, reasons: ['207', '214'] }]);
});

test('reasons that were all taken back are none', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.opened('s-1');
  const id = chain.press('s-1', 4);
  chain.append('reasons', reasons(id, ['406']));
  chain.append('reasons', reasons(id, []));
  chain.rating('s-1', 4, id);
  await hall.send(chain, chain.batch());
  const centre = await startCentre();
  startForwarder(hall, startPort(centre.url));
  await becomes(hall, id, 'delivered');
  const [held] = await centre.ledger();
  expect(held).toMatchObject({ ratingId: id, satisfaction: 4 });
  expect(held).not.toHaveProperty('reasons');
});

test('a service that the gateway closes keeps the reasons of its last press', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.opened('s-1');
  const id = chain.press('s-1', 1);
  chain.append('reasons', reasons(id, ['115']));
  await hall.send(chain, chain.batch());
  hall.clock.advance(73 * 3_600_000);
  await closeAbandoned({
    store: hall.store,
    suite: nodeSuite,
    clock: hall.clock,
    graceMs: 72 * 3_600_000,
    ownSource: OWN_SOURCE,
    logger: quiet,
    onClosed: () => undefined,
  });
  expect(hall.ownBodies('rating')).toMatchObject([{ id, level: 1, cause: 'grace', reasons: ['115'] }]);
});
