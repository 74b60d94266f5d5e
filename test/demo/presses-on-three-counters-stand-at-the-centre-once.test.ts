import { expect, test, vi } from 'vitest';
import { demoOfTheFile } from './demo-at-work.js';

const hall = demoOfTheFile(3);

test('presses on three counters stand at the centre once, each with its level', async () => {
  const demo = hall();
  const presses = [
    { counter: 1, level: 5 },
    { counter: 2, level: 1 },
    { counter: 3, level: 3 },
  ];

  for (const round of ['a', 'b']) {
    await Promise.all(
      presses.map(async ({ counter, level }) => {
        expect(await demo.open(counter, `${round}-${counter}`)).toMatchObject({
          status: 201,
          body: { terminal: `t${counter}`, stage: 'completion' },
        });
        expect(await demo.press(counter, level)).toMatchObject({ status: 200, body: { result: 'accepted' } });
      }),
    );
    await vi.waitFor(
      async () => expect((await demo.ledger()).filter(({ caseNo }) => caseNo.startsWith(round))).toHaveLength(3),
      { timeout: 15_000, interval: 50 },
    );
  }

  const held = (await demo.ledger()).map(({ caseNo, satisfaction, terminal }) => ({ caseNo, satisfaction, terminal }));
  expect(held.sort((a, b) => (a.caseNo < b.caseNo ? -1 : 1))).toEqual(
    ['a', 'b'].flatMap((round) =>
      presses.map(({ counter, level }) => ({
        caseNo: `${round}-${counter}`,
        satisfaction: level,
        terminal: `t${counter}`,
      })),
    ),
  );
}, 120_000);

test('the session of a counter is told, its level never', async () => {
  const demo = hall();
  expect(await demo.ask('/api/terminals/1')).toMatchObject({
    status: 200,
    body: { terminal: 't1', board: 'connected', session: { state: 'idle', staffNo: '1001' } },
  });

  await demo.open(1, 'seen');
  expect(await demo.ask('/api/terminals/1')).toMatchObject({ body: { session: { state: 'invited', caseNo: 'seen' } } });
  await demo.press(1, 4);
  expect(JSON.stringify((await demo.ask('/api/terminals/1')).body)).not.toMatch(/level|satisfaction/);
}, 120_000);
