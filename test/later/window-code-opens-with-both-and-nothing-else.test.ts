import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { eraseServices } from '../../gateway/evaluator/erase.js';
import { readWindowPass } from '../../gateway/rate/window-code-pass.js';
import { servicesOfCase } from '../../gateway/rate/window-code-services.js';
import { serviceReferenceOf } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { CASE_NO, PHONE, told, WINDOW, WindowHall } from './window-hall.js';

const REFUSED = 'window-code-refused';
const DAY_MS = 86_400_000;

let hall: WindowHall;
beforeEach(async () => {
  hall = await WindowHall.open();
});

const opens = (pass: string) => readWindowPass(hall.digest, pass, hall.edge.nowMs);

test('case number and the last four digits give a pass for that service', async () => {
  await hall.serve();
  const pass = await told(hall.desk(), CASE_NO, '4321');
  expect(opens(pass)).toBe(serviceReferenceOf(nodeSuite, 's-1'));
  expect(pass).toHaveLength(39);
});

test.each([
  ['blanks and full-width digits', ` ${CASE_NO.slice(0, 6)} ${CASE_NO.slice(6)}`, '４３２１ '],
  ['letters in the other case', 'sz-2026-1', '4321'],
])('%s are as good', async (_what, typed, factor) => {
  await hall.serve({ caseNo: typed.startsWith('sz') ? 'SZ-2026-1' : CASE_NO });
  expect(opens(await told(hall.desk(), typed, factor))).toBe(serviceReferenceOf(nodeSuite, 's-1'));
});

test.each([
  ['four other digits', async () => hall.serve(), CASE_NO, '4322', WINDOW],
  ['the whole number', async () => hall.serve(), CASE_NO, PHONE, WINDOW],
  ['nothing', async () => hall.serve(), CASE_NO, '', WINDOW],
  ['no such case', async () => hall.serve(), '513300202611219999', '4321', WINDOW],
  ['the case of another window', async () => hall.serve(), CASE_NO, '4321', 'A13'],
  ['no phone, and nothing typed', async () => hall.serve({ evaluator: { name: '张三' } }), CASE_NO, '', WINDOW],
  ['nobody known', async () => hall.serve({ evaluator: null }), CASE_NO, '', WINDOW],
  [
    'a service whose days are over',
    async () => {
      await hall.serve();
      hall.edge.nowMs += 9 * DAY_MS;
    },
    CASE_NO,
    '4321',
    WINDOW,
  ],
  [
    'a service that was taken back',
    async () => {
      await hall.serve();
      expect(
        (await hall.edge.call('POST', '/v1/services/s-1/cancel', { headers: { 'idempotency-key': 'k' } })).status,
      ).toBeLessThan(300);
    },
    CASE_NO,
    '4321',
    WINDOW,
  ],
  [
    'somebody whose data was erased',
    async () => {
      await hall.serve();
      const { store, nowMs } = hall.edge;
      await store.db.transaction().execute((trx) => eraseServices(trx, store, ['s-1'], 'asked', nowMs));
    },
    CASE_NO,
    '4321',
    WINDOW,
  ],
])('%s is refused, in the same words', async (_what, before, caseNo, factor, window) => {
  await before();
  expect(await told(hall.desk(), caseNo, factor, { window })).toBe(REFUSED);
  expect(hall.refused).toEqual([REFUSED]);
});

test('of two services of a case the one that can still be rated is meant, then the newer one', async () => {
  await hall.serve({ serviceId: 's-1' });
  hall.edge.nowMs += DAY_MS;
  await hall.serve({ serviceId: 's-2' });
  expect(opens(await told(hall.desk(), CASE_NO, '4321'))).toBe(serviceReferenceOf(nodeSuite, 's-2'));
  await hall.edge.close('s-2', { level: 1 });
  expect(opens(await told(hall.desk(), CASE_NO, '4321'))).toBe(serviceReferenceOf(nodeSuite, 's-1'));
  await hall.edge.store.db.updateTable('service').set({ ratingId: 'x' }).execute();
  expect(opens(await told(hall.desk(), CASE_NO, '4321'))).toBe(serviceReferenceOf(nodeSuite, 's-2'));
});

test('a service of a version that kept no days has its days from when it was asked for', async () => {
  await hall.serve();
  await hall.edge.store.db.updateTable('service').set({ daysFrom: null }).execute();
  expect(opens(await told(hall.desk(), CASE_NO, '4321'))).toBe(serviceReferenceOf(nodeSuite, 's-1'));
  hall.edge.nowMs += 9 * DAY_MS;
  expect(await told(hall.desk(), CASE_NO, '4321')).toBe(REFUSED);
});

test('a case is found by its index, whatever the hall has served', async () => {
  const query = servicesOfCase(hall.edge.store.db, { window: WINDOW, caseNo: CASE_NO }, 0);
  expect(JSON.stringify(await query.explain(undefined, sql`query plan`))).toContain('USING INDEX serviceByCase');
});

test('what was tried stands nowhere: subjects are digests', async () => {
  await told(hall.desk(), 'a-case-that-nobody-has', '1234');
  const rows = await hall.edge.store.db.selectFrom('attempt').selectAll().execute();
  expect(rows).toHaveLength(3);
  expect(hall.edge.onDisk('a-case-that-nobody-has')).toBe(false);
  expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|1234|nobody/);
});

test('every answer takes the same time, also that of a case that there is not', async () => {
  await hall.serve();
  const desk = hall.desk({}, 120);
  for (const [caseNo, factor] of [
    [CASE_NO, '4321'],
    [CASE_NO, '0000'],
    ['nothing', '0000'],
  ] as const) {
    const fromMs = performance.now();
    await told(desk, caseNo, factor);
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(120);
  }
});
