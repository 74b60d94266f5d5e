import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, test, vi } from 'vitest';
import { policySchema } from '../../protocol/index.js';
import type { HallView } from '../../simulator/demo/hall-view.js';
import { readScenario } from '../../simulator/scenario/scenario-file.js';
import { demoOfTheFile, type DemoAtWork } from './demo-at-work.js';

const hall = demoOfTheFile(1, { env: { PJQ_CHROMIUM: '' } });
const POLICY = policySchema.parse(
  parse(readFileSync(fileURLToPath(new URL('../../gateway/policies/default.yaml', import.meta.url)), 'utf8')),
);
const PATIENCE = { timeout: 20_000, interval: 50 };
const CHECK = '/api/terminals/1/self-check';
const DONE = { status: 200, body: { ok: true } };

/** What is done at counter 1; each must be answered as said. */
class Bench {
  readonly demo: DemoAtWork;

  constructor(demo: DemoAtWork) {
    this.demo = demo;
  }

  board(deed: unknown) {
    return this.demo.tell('/api/terminals/1/board', deed);
  }

  printer(deed: unknown) {
    return this.demo.tell('/api/terminals/1/printer', deed);
  }

  staff(deed: unknown) {
    return this.demo.tell('/api/terminals/1/staff', deed);
  }

  async counter() {
    return (await this.demo.ask('/api/terminals/1')).body as Record<string, unknown>;
  }

  async trouble() {
    return ((await this.demo.ask('/api/hall')).body as HallView).counters[0]?.bench;
  }

  async becomes(expected: Record<string, unknown>) {
    await vi.waitFor(async () => expect(await this.counter()).toMatchObject(expected), PATIENCE);
  }
}

test('the bench breaks and mends each piece of hardware, and no rating comes of it but by a press', async () => {
  const demo = hall();
  const bench = new Bench(demo);
  const ledger = async () => (await demo.ledger()).map(({ caseNo, satisfaction }) => [caseNo, satisfaction]);
  expect(await bench.trouble()).toEqual({
    board: { stuck: 0, bouncing: false, hung: false },
    printer: { paper: 'ok', cover: 'closed', cutter: 'ok', online: true, hung: false },
  });

  // Two keys at once are none, and an edge that bounces is one press.
  await demo.open(1, 'bounced');
  for (const deed of [
    { do: 'chord', levels: [5, 1] },
    { do: 'bounce', on: true },
  ])
    expect(await bench.board(deed)).toMatchObject(DONE);
  expect(await bench.trouble()).toMatchObject({ board: { bouncing: true } });
  expect(await bench.counter()).toMatchObject({ state: 'invited', lamps: { invited: true, accepted: false } });
  expect(await demo.press(1, 4)).toMatchObject({ status: 200, body: { result: 'accepted' } });
  expect(await bench.board({ do: 'bounce', on: false })).toMatchObject(DONE);
  await vi.waitFor(async () => expect(await ledger()).toEqual([['bounced', 4]]), PATIENCE);

  // How many keys are stuck is told, which is not; the other keys go on.
  expect(await bench.board({ do: 'stick', level: 2, on: true })).toMatchObject(DONE);
  expect(await bench.trouble()).toMatchObject({ board: { stuck: 1 } });
  expect(JSON.stringify((await demo.ask('/api/hall')).body)).not.toMatch(/level/i);
  expect(await bench.board({ do: 'free' })).toMatchObject(DONE);
  expect(await bench.trouble()).toMatchObject({ board: { stuck: 0 } });

  // A piece that is missing from a hall that stood is a fault, and no start.
  expect(await demo.tell('/api/switches', { part: 'board', terminal: 1, state: 'cut' })).toMatchObject(DONE);
  await bench.becomes({ board: 'lost' });
  expect((await demo.ask('/api/hall')).body).toMatchObject({ starting: [], counters: [{ parts: { board: 'lost' } }] });
  expect(await demo.tell('/api/switches', { part: 'board', terminal: 1, state: 'on' })).toMatchObject(DONE);

  // After a hang, noise and a reset the board is found again.
  expect(await bench.board({ do: 'hang', on: true })).toMatchObject(DONE);
  expect(await bench.trouble()).toMatchObject({ board: { hung: true } });
  for (const deed of [{ do: 'hang', on: false }, { do: 'garbage', seed: 7 }, { do: 'reset' }])
    expect(await bench.board(deed)).toMatchObject(DONE);
  await vi.waitFor(async () => expect(await demo.open(1, 'found again')).toMatchObject({ status: 201 }), PATIENCE);
  // A press before it was found is none; the last one is the rating in any case.
  await vi.waitFor(async () => expect(await demo.press(1, 1)).toMatchObject({ status: 200 }), PATIENCE);
  await vi.waitFor(
    async () =>
      expect(await ledger()).toEqual([
        ['bounced', 4],
        ['found again', 1],
      ]),
    PATIENCE,
  );

  for (const deed of [
    {},
    { do: 'explode' },
    { do: 'stick', level: 6, on: true },
    { do: 'stick', level: 3 },
    { do: 'chord', levels: [3, 3] },
  ])
    expect(await bench.board(deed)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  expect(await demo.tell('/api/terminals/7/board', { do: 'reset' })).toMatchObject({ status: 404 });
}, 120_000);

test('a printer that is open, off line or out of paper holds its slips, and the roll has every one of them', async () => {
  const demo = hall();
  const bench = new Bench(demo);
  const slips = async () => (await demo.ask('/api/terminals/1/slips')).body as { n: number; text: string }[];
  expect(await slips()).toEqual([]);
  await bench.becomes({ slips: 0, paper: 'ok' });
  let printed = 0;
  for (const [broken, mended] of [
    [{ cover: 'open' }, { cover: 'closed' }],
    [{ online: false }, { online: true }],
    [{ paper: 'out' }, { paper: 'ok' }],
  ]) {
    expect(await bench.printer(broken)).toMatchObject(DONE);
    expect((await bench.trouble())?.printer).toMatchObject(broken ?? {});
    await demo.open(1, `slip ${printed + 1}`);
    expect(await demo.tell('/api/terminals/1/later', {})).toMatchObject({ status: 200 });
    expect(await slips()).toHaveLength(printed);
    expect(await bench.printer(mended)).toMatchObject(DONE);
    printed += 1;
    await vi.waitFor(
      async () =>
        expect((await slips()).at(-1)).toMatchObject({
          n: printed,
          complete: true,
          again: false,
          text: expect.stringContaining(`slip ${printed}`),
        }),
      PATIENCE,
    );
  }
  expect((await slips()).map(({ n }) => n)).toEqual([1, 2, 3]);
  await bench.becomes({ slips: 3 });
  for (const [m, type] of [
    [1, 'image/png'],
    [9, 'application/problem+json'],
  ] as const) {
    const picture = await fetch(`http://127.0.0.1:${demo.ports.page}/api/terminals/1/slips/${m}.png`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([type === 'image/png' ? 200 : 404, type]);
  }

  expect(await bench.printer({ do: 'hang', on: true })).toMatchObject(DONE);
  expect(await bench.trouble()).toMatchObject({ printer: { hung: true } });
  expect(await bench.printer({ do: 'hang', on: false })).toMatchObject(DONE);
  expect(await bench.printer({ do: 'garbage', seed: 3 })).toMatchObject(DONE);
  await bench.becomes({ parts: { printer: 'connected' }, paper: 'ok' });
  for (const deed of [{}, { paper: 'pink' }, { do: 'hang' }, { paper: 'ok', ink: 'red' }])
    expect(await bench.printer(deed)).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  // Rating needs no printer: a hall whose printer's program keeps dying is ready all the same.
  await vi.waitFor(
    async () => {
      const { body } = await demo.ask('/api/hall');
      const printer = (body as HallView).processes.find(({ name }) => name === 'printer-1');
      if (printer?.pid !== null) await demo.tell('/api/processes/printer-1/kill', {});
      expect(printer?.pid).toBeNull();
      expect(await demo.ask('/api/ready')).toEqual({ status: 200, body: { ready: true, missing: [] } });
      expect(await demo.pidOf('printer-1')).toBeUndefined();
    },
    { timeout: 20_000, interval: 20 },
  );
}, 120_000);

test('staff sign on and off, pause and call off by the bench; what was done is a scenario that can be played again', async () => {
  const demo = hall();
  const bench = new Bench(demo);
  await bench.becomes({ duty: '1001', state: 'idle', parts: { printer: 'connected' } });
  expect(await bench.staff({ do: 'cancel' })).toMatchObject({ status: 409, body: { code: 'session-absent' } });
  expect(await bench.staff({ do: 'dance' })).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  expect(await demo.tell('/api/actions/clear', {})).toMatchObject(DONE);

  expect(await bench.staff({ do: 'pause', reason: '盘点' })).toMatchObject(DONE);
  await bench.becomes({ state: 'paused' });
  expect(await bench.staff({ do: 'resume' })).toMatchObject(DONE);
  expect(await bench.staff({ do: 'sign-off' })).toMatchObject(DONE);
  await bench.becomes({ duty: null, state: 'offDuty' });
  expect(await bench.staff({ do: 'sign-on', staffNo: '1002' })).toMatchObject(DONE);
  await bench.becomes({ duty: '1002' });
  // Who has a PIN needs it, or the badge.
  for (const pin of [undefined, '135790'])
    expect(await bench.staff({ do: 'sign-on', staffNo: '1004', pin })).toMatchObject({
      status: 403,
      body: { code: 'pin-wrong' },
    });
  expect(await bench.staff({ do: 'sign-on', staffNo: '1004', pin: '246810' })).toMatchObject(DONE);
  await bench.becomes({ duty: '1004' });
  expect(await bench.staff({ do: 'sign-on', badge: 'DEMO-BADGE-1002' })).toMatchObject(DONE);
  await bench.becomes({ duty: '1002' });
  // A key that the self-check asks for is no rating, and one that nobody asks for is refused at once.
  expect(await demo.tell(CHECK, { do: 'answer', step: 'lamps', ok: true })).toMatchObject({ status: 400 });
  expect(await demo.tell(CHECK, { do: 'start' })).toMatchObject({ status: 201 });
  const step = async () => ((await demo.ask(CHECK)).body as { running: { step: unknown } }).running.step;
  await vi.waitFor(async () => expect(await step()).toMatchObject({ name: 'keys', target: 'key-5' }), PATIENCE);
  expect(await demo.press(1, 5)).toMatchObject({ status: 200, body: { result: 'checked' } });
  await vi.waitFor(async () => expect(await step()).toMatchObject({ target: 'key-4' }), PATIENCE);
  expect(await demo.tell(CHECK, { do: 'stop' })).toMatchObject(DONE);
  await bench.becomes({ selfCheck: { last: { result: 'skipped', staffNo: '1002' }, running: null } });
  expect(await demo.ledger()).toEqual([]);
  expect(await demo.open(1, 'called off')).toMatchObject({ status: 201 });
  expect(await bench.staff({ do: 'invite' })).toMatchObject(DONE);
  expect(await bench.staff({ do: 'cancel' })).toMatchObject(DONE);
  await bench.becomes({ state: 'idle' });
  expect(await demo.press(1, 5)).toMatchObject({ status: 409 });
  expect(await bench.printer({ paper: 'near-end' })).toMatchObject(DONE);
  expect(await demo.tell('/api/switches', { part: 'printer', terminal: 1, state: 'cut' })).toMatchObject(DONE);
  expect(await demo.tell('/api/processes/terminal-1/kill', {})).toMatchObject({ status: 200 });
  // There is neither a page nor a Chromium that could show a screen.
  expect(await demo.tell('/api/switches', { part: 'screen', terminal: 1, state: 'cut' })).toMatchObject({
    status: 503,
    body: { code: 'screen-lost' },
  });

  const actions = (await demo.ask('/api/actions')).body as Record<string, unknown>[];
  const times = actions.map(({ atMs }) => Number(atMs));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const steps = [
    { staff: { terminal: 1, do: 'pause', reason: '盘点' } },
    { staff: { terminal: 1, do: 'resume' } },
    { staff: { terminal: 1, do: 'sign-off' } },
    { staff: { terminal: 1, do: 'sign-on', staffNo: '1002' } },
    { staff: { terminal: 1, do: 'sign-on', staffNo: '1004', pin: '246810' } },
    { staff: { terminal: 1, do: 'sign-on', badge: 'DEMO-BADGE-1002' } },
    { 'self-check': { terminal: 1, do: 'start' } },
    { press: { terminal: 1, level: 5 } },
    { 'self-check': { terminal: 1, do: 'stop' } },
    { open: { terminal: 1, caseNo: 'called off' } },
    { staff: { terminal: 1, do: 'invite' } },
    { staff: { terminal: 1, do: 'cancel' } },
    { press: { terminal: 1, level: 5, result: 'refused' } },
    { printer: { terminal: 1, paper: 'near-end' } },
    { switch: { part: 'printer', terminal: 1, state: 'cut' } },
    { kill: 'terminal-1' },
  ];
  expect(actions.map(({ atMs: _, ...step }) => step)).toEqual(steps);
  const text = await (await fetch(`http://127.0.0.1:${demo.ports.page}/api/actions.yaml`)).text();
  expect(readScenario('recorded.yaml', text, POLICY).faults).toEqual([]);
  expect((parse(text) as { steps: Record<string, unknown>[] }).steps.filter((step) => !('wait' in step))).toEqual(
    steps,
  );
}, 120_000);
