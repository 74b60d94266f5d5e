import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { RateServer } from '../../gateway/rate/rate-server.js';
import { windowPages } from '../../gateway/rate/window-pages.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { quiet } from '../ingest/hall-log.js';
import { CALLER, CASE_NO, policyWith, told, WINDOW, WindowHall } from './window-hall.js';

const LOCKED = 'window-code-locked';
const REFUSED = 'window-code-refused';
const MINUTE_MS = 60_000;

let hall: WindowHall;
beforeEach(async () => {
  hall = await WindowHall.open();
  await hall.serve();
});

/** Somebody else, from another block of addresses. */
const from = (n: number) => ({ caller: { ...CALLER, address: `198.51.${n}.7` } });

test('after the fifth wrong try the right one opens nothing, until the minutes are over', async () => {
  const desk = hall.desk();
  for (let n = 0; n < 5; n += 1) expect(await told(desk, CASE_NO, '000' + n)).toBe(REFUSED);
  expect(await told(desk, CASE_NO, '4321')).toBe(LOCKED);
  hall.edge.nowMs += 29 * MINUTE_MS;
  expect(await told(desk, CASE_NO, '4321')).toBe(LOCKED);
  hall.edge.nowMs += MINUTE_MS;
  expect(await told(desk, CASE_NO, '4321')).toHaveLength(39);
});

test('a case that there is not is locked alike', async () => {
  const desk = hall.desk();
  for (let n = 0; n < 5; n += 1) expect(await told(desk, 'nothing', '0000')).toBe(REFUSED);
  expect(await told(desk, 'nothing', '0000')).toBe(LOCKED);
});

test('neither a restart nor another address nor another spelling of the case gives new tries', async () => {
  for (let n = 0; n < 5; n += 1) await told(hall.desk(), ` ${CASE_NO}`, '0000', from(n));
  expect(await told(hall.desk(), CASE_NO, '4321', from(9))).toBe(LOCKED);
});

test('the right one gives all tries of its case back', async () => {
  const desk = hall.desk();
  for (let n = 0; n < 4; n += 1) await told(desk, CASE_NO, '0000');
  expect(await told(desk, CASE_NO, '4321')).toHaveLength(39);
  for (let n = 0; n < 4; n += 1) expect(await told(desk, CASE_NO, '0000')).toBe(REFUSED);
  expect(await told(desk, CASE_NO, '4321')).toHaveLength(39);
});

test('tries of yesterday count no more', async () => {
  const desk = hall.desk();
  for (let n = 0; n < 4; n += 1) await told(desk, CASE_NO, '0000');
  hall.edge.nowMs += 31 * MINUTE_MS;
  for (let n = 0; n < 4; n += 1) expect(await told(desk, CASE_NO, '0000')).toBe(REFUSED);
  expect(await told(desk, CASE_NO, '4321')).toHaveLength(39);
});

test('of a hundred guesses at once the sealed data is looked at for five', async () => {
  let looks = 0;
  const { evaluators } = hall.edge;
  const desk = hall.desk({
    evaluators: {
      evaluatorFor: (serviceId: string) => {
        looks += 1;
        return evaluators.evaluatorFor(serviceId);
      },
    } as typeof evaluators,
  });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => told(desk, CASE_NO, String(n).padStart(4, '0'), from(n))),
  );
  expect(looks).toBe(5);
  expect(answers.filter((answer) => answer === REFUSED)).toHaveLength(5);
  expect(answers.filter((answer) => answer === LOCKED)).toHaveLength(95);
});

test('whoever tries once at each of many cases is stopped by the block of addresses, and nobody else is', async () => {
  const desk = hall.desk();
  const answers: string[] = [];
  for (let n = 0; n < 60; n += 1)
    answers.push(await told(desk, `case-${n}`, '4321', { caller: { ...CALLER, address: `203.0.113.${n}` } }));
  expect(answers.indexOf(LOCKED)).toBe(50);
  expect(await told(desk, CASE_NO, '4321', from(1))).toHaveLength(39);
});

test('many blocks together are stopped by the window, and the next window is open', async () => {
  await hall.edge.addTerminal('t2', 'A13');
  await hall.serve({ caseNo: 'other', serviceId: 's-2', terminal: 't2' });
  const desk = hall.desk({ policy: policyWith({ attempts: 1 }) });
  const answers: string[] = [];
  for (let n = 0; n < 45; n += 1) answers.push(await told(desk, `case-${n}`, '4321', from(n)));
  expect(answers.indexOf(LOCKED)).toBe(40);
  expect(await told(desk, 'other', '4321', { ...from(99), window: 'A13' })).toHaveLength(39);
});

test('a clock that was years ahead when it locked shuts nobody out for years', async () => {
  const desk = hall.desk();
  hall.edge.nowMs += 5 * 365 * 86_400_000;
  for (let n = 0; n < 5; n += 1) await told(desk, CASE_NO, '0000');
  expect(await told(desk, CASE_NO, '0000')).toBe(LOCKED);
  hall.edge.nowMs -= 5 * 365 * 86_400_000;
  expect(await told(desk, CASE_NO, '4321')).toHaveLength(39);
});

test('what is locked writes nothing, however often it is tried', async () => {
  const desk = hall.desk();
  for (let n = 0; n < 5; n += 1) await told(desk, CASE_NO, '0000');
  const rows = () => hall.edge.store.db.selectFrom('attempt').selectAll().orderBy('subject').execute();
  const before = await rows();
  hall.edge.nowMs += MINUTE_MS;
  await Promise.all(Array.from({ length: 20 }, () => told(desk, CASE_NO, '4321')));
  expect(await rows()).toEqual(before);
});

test('tries that say nothing any more are let go of', async () => {
  await told(hall.desk(), CASE_NO, '0000', from(1));
  hall.edge.nowMs += 3 * 86_400_000;
  await told(hall.desk(), 'other', '0000', from(2));
  expect(await hall.edge.store.db.selectFrom('attempt').select('failures').execute()).toHaveLength(3);
});

test.each([
  [30, '请过 30 分钟再试', 'try again in 30 minutes,'],
  [1, '请过 1 分钟再试', 'try again in 1 minute,'],
  [1_440, '请过 24 小时再试', 'try again in 24 hours,'],
])('locked for %i minutes, the page says so', async (lockMinutes, zh, en) => {
  const desk = hall.desk({ policy: policyWith({ attempts: 1, lockMinutes }) });
  await told(desk, CASE_NO, '0000');
  const server = new RateServer({
    routes: windowPages(desk),
    basePath: '/r',
    log: quiet,
    randomness: nodeRandomness,
  });
  const { port } = await server.start({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.stop());
  const body = new URLSearchParams({ caseNo: CASE_NO, factor: '0000' });
  const pages = await Promise.all(
    ['zh', 'en'].map(async (lang) =>
      (await fetch(`http://127.0.0.1:${port}/r/w/${WINDOW}?lang=${lang}`, { method: 'POST', body })).text(),
    ),
  );
  expect(pages[0]).toContain(zh);
  expect(pages[1]).toContain(en);
});
