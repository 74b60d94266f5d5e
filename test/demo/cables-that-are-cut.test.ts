import { expect, test, vi } from 'vitest';
import type { HallView } from '../../simulator/demo/hall-view.js';
import { demoOfTheFile, startDemo, type DemoAtWork } from './demo-at-work.js';

const hall = demoOfTheFile(1);
const PATIENCE = { timeout: 20_000, interval: 50 };

const hallOf = async (demo: DemoAtWork) => (await demo.ask('/api/hall')).body as HallView;
const held = async (demo: DemoAtWork) =>
  (await demo.ledger()).map(({ caseNo, satisfaction }) => [caseNo, satisfaction]);
const journeyOf = async (demo: DemoAtWork, caseNo: string) =>
  (await hallOf(demo)).journeys.find((journey) => journey.caseNo === caseNo);

async function turn(demo: DemoAtWork, part: string, state: 'on' | 'cut', terminal?: number): Promise<void> {
  expect(await demo.tell('/api/switches', { part, state, terminal })).toMatchObject({
    status: 200,
    body: { ok: true },
  });
}

const openLocally = (demo: DemoAtWork, counter: number, caseNo: string) =>
  demo.tell(`/api/terminals/${counter}/service`, { caseNo, locally: true });

test('a press while the gateway is cut off arrives once after its cable is back', async () => {
  const demo = hall();
  await turn(demo, 'gateway-network', 'cut');
  expect(await demo.open(1, 'by gateway')).toMatchObject({ status: 502, body: { code: 'gateway-unreachable' } });
  expect(await openLocally(demo, 1, 'cut off')).toMatchObject({ status: 201 });
  expect(await demo.press(1, 2)).toMatchObject({ status: 200, body: { result: 'accepted' } });
  // The session is over, and word of it has not left the terminal.
  await vi.waitFor(
    async () =>
      expect(await journeyOf(demo, 'cut off')).toMatchObject({ outcome: 'rated', atGateway: false, atCentre: false }),
    PATIENCE,
  );
  const cut = await hallOf(demo);
  expect(cut).toMatchObject({
    gateway: { answers: false, network: 'cut' },
    counters: [{ parts: { network: 'lost' } }],
  });
  expect(cut.counters[0]?.backlog).toBeGreaterThan(0);
  expect(await held(demo)).toEqual([]);

  await turn(demo, 'gateway-network', 'on');
  await vi.waitFor(async () => expect(await held(demo)).toEqual([['cut off', 2]]), PATIENCE);
  await vi.waitFor(
    async () =>
      expect(await hallOf(demo)).toMatchObject({ counters: [{ backlog: 0, parts: { network: 'connected' } }] }),
    PATIENCE,
  );
  expect(await demo.open(1, 'after')).toMatchObject({ status: 201 });
  expect(await demo.press(1, 4)).toMatchObject({ status: 200 });
  await vi.waitFor(
    async () =>
      expect(await held(demo)).toEqual([
        ['cut off', 2],
        ['after', 4],
      ]),
    PATIENCE,
  );
}, 120_000);

test('a press while the centre is cut off waits at the gateway and arrives once', async () => {
  const demo = hall();
  await turn(demo, 'centre-network', 'cut');
  expect(await demo.open(1, 'no centre')).toMatchObject({ status: 201 });
  expect(await demo.press(1, 1)).toMatchObject({ status: 200 });
  await vi.waitFor(
    async () =>
      expect(await journeyOf(demo, 'no centre')).toMatchObject({ outcome: 'rated', atGateway: true, atCentre: false }),
    PATIENCE,
  );
  await vi.waitFor(async () => expect(await hallOf(demo)).toMatchObject({ gateway: { waiting: 1 } }), PATIENCE);
  expect(await held(demo)).toEqual([]);

  await turn(demo, 'centre-network', 'on');
  await vi.waitFor(async () => expect(await held(demo)).toEqual([['no centre', 1]]), PATIENCE);
  await vi.waitFor(async () => expect(await hallOf(demo)).toMatchObject({ gateway: { waiting: 0 } }), PATIENCE);
}, 120_000);

test('one terminal without its network serves on, the other is not touched', async () => {
  const demo = await startDemo(2);
  await turn(demo, 'terminal-network', 'cut', 1);
  await vi.waitFor(
    async () => expect(await demo.open(1, 'unreachable')).toMatchObject({ status: 504, body: { code: 'unreachable' } }),
    PATIENCE,
  );
  expect(await openLocally(demo, 1, 'alone')).toMatchObject({ status: 201 });
  expect(await demo.press(1, 5)).toMatchObject({ status: 200 });
  expect(await demo.open(2, 'connected')).toMatchObject({ status: 201 });
  expect(await demo.press(2, 3)).toMatchObject({ status: 200 });
  await vi.waitFor(async () => expect(await journeyOf(demo, 'alone')).toMatchObject({ outcome: 'rated' }), PATIENCE);
  await vi.waitFor(async () => expect(await held(demo)).toEqual([['connected', 3]]), PATIENCE);

  await turn(demo, 'terminal-network', 'on', 1);
  await vi.waitFor(
    async () =>
      expect(await held(demo)).toEqual([
        ['connected', 3],
        ['alone', 5],
      ]),
    PATIENCE,
  );
}, 120_000);

test('an unplugged board lights no lamp; plugged in again it does', async () => {
  const demo = hall();
  await turn(demo, 'board', 'cut', 1);
  await vi.waitFor(
    async () => expect(await demo.ask('/api/terminals/1')).toMatchObject({ body: { board: 'lost' } }),
    PATIENCE,
  );
  await demo.open(1, 'no keys');
  expect(await demo.press(1, 4)).toMatchObject({ status: 504, body: { code: 'press-unwitnessed' } });

  await turn(demo, 'board', 'on', 1);
  await vi.waitFor(
    async () => expect(await demo.ask('/api/terminals/1')).toMatchObject({ body: { board: 'connected' } }),
    PATIENCE,
  );
  expect(await demo.press(1, 4)).toMatchObject({ status: 200 });
  await vi.waitFor(async () => expect(await held(demo)).toEqual([['no keys', 4]]), PATIENCE);
}, 120_000);

test('a switch that is not understood is told by its code', async () => {
  const demo = hall();
  for (const body of [
    {},
    { part: 'roof', state: 'cut' },
    { part: 'board', state: 'cut' },
    { part: 'gateway-network', terminal: 1, state: 'cut' },
    { part: 'board', terminal: 1, state: 'off' },
  ]) {
    expect(await demo.tell('/api/switches', body)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  }
  expect(await demo.tell('/api/switches', { part: 'board', terminal: 2, state: 'cut' })).toMatchObject({
    status: 404,
    body: { code: 'terminal-unknown' },
  });
}, 60_000);
