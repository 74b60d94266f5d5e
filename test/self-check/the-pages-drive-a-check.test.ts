import { expect, it, vi } from 'vitest';
import type { SelfCheckView } from '../../device/self-check/self-check-view.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { terminalCheck } from '../../device/self-check/terminal-check.js';
import { GatewayTime } from '../../device/sync/gateway-time.js';
import { atWork, expectProblem, type Answered } from '../device-session/local-at-work.js';
import { BOOT } from '../device-session/table-fixtures.js';
import { benchFolder, LOG_PROGRAM, SOURCE, TIME_ZONE } from './check-bench.js';

/** The local interface with a check behind it, all real but the board. */
async function checkAtWork() {
  const work = await atWork({
    selfCheckOf: ({ counter, terminalLog, logFile, time, logger, board, facts }) => {
      const gatewayTime = new GatewayTime(time, 2_000);
      gatewayTime.hear(time.wallMs(), null);
      board.link = 'connected';
      return terminalCheck({
        counter,
        log: terminalLog,
        logFile,
        source: SOURCE,
        dataDir: benchFolder(),
        clock: time,
        gatewayTime,
        clockToleranceMs: 2_000,
        bootId: BOOT,
        randomness: nodeRandomness,
        timers: time,
        logger,
        timeZone: TIME_ZONE,
        facts,
        hallFile: undefined,
        certificates: null,
        network: () => 'connected',
        screen: () => 'connected',
        keypad: () => 'absent',
        sound: null,
        printer: null,
        systemRoot: benchFolder(),
        logProgram: LOG_PROGRAM,
      });
    },
  });
  const view = async () => (await work.call('GET', '/v1/desk', { as: 'staff' })).json['selfCheck'] as SelfCheckView;
  const screen = async () => (await work.call('GET', '/v1/screen', { as: 'kiosk' })).json['selfCheck'];
  const staff = (method: string, path: string, body?: unknown): Promise<Answered> =>
    work.call(method, path, { as: 'staff', ...(body === undefined ? {} : { body }) });
  const automaticIsOver = () =>
    vi.waitFor(async () => expect((await view()).running?.step?.name).not.toBe('automatic'), { timeout: 10_000 });
  return { ...work, view, screen, staff, automaticIsOver };
}

it('from the start to the record, both pages shown what is asked', async () => {
  const { staff, call, view, screen, automaticIsOver, board, follow, time, entries } = await checkAtWork();
  const lines = await follow('kiosk');
  expect((await view()).last).toMatchObject({ result: 'missing' });
  const started = await staff('POST', '/v1/self-check', { staffNo: 'A1' });
  expect(started).toMatchObject({ status: 201, json: { ok: true } });
  expectProblem(await staff('POST', '/v1/self-check'), 409, 'selfcheck-running');
  expect(await screen()).toEqual({ step: 'automatic', target: null });
  await automaticIsOver();
  expect((await view()).running).toMatchObject({
    id: started.json['id'],
    startedAt: time.wallMs(),
    remainingMs: 90_000,
    step: { name: 'keys', attempt: 1, ask: 'press', target: 'key-5' },
    total: 38,
  });
  expectProblem(
    await staff('POST', '/v1/self-check/answer', { step: 'lamps', target: 'lamp-fault', ok: true }),
    409,
    'selfcheck-step',
  );
  board.press(1);
  expect((await staff('POST', '/v1/self-check/again')).status).toBe(200);
  expect((await view()).running?.step).toMatchObject({ name: 'keys', attempt: 2, target: 'key-5' });
  for (const level of [5, 4, 3, 2, 1] as const) board.press(level);
  for (const lamp of ['lamp-invited', 'lamp-accepted', 'lamp-fault']) {
    expect(await screen()).toEqual({ step: 'lamps', target: lamp });
    await staff('POST', '/v1/self-check/answer', { step: 'lamps', target: lamp, ok: true });
  }
  expectProblem(
    await call('POST', '/v1/self-check/touch', { as: 'kiosk', body: { target: 'touch-2' } }),
    409,
    'selfcheck-step',
  );
  for (const point of [1, 2, 3, 4, 5]) {
    const touched = await call('POST', '/v1/self-check/touch', { as: 'kiosk', body: { target: `touch-${point}` } });
    expect(touched.status).toBe(200);
  }
  for (const target of ['red', 'green', 'blue', 'white', 'black'])
    await staff('POST', '/v1/self-check/answer', { step: 'screen', target, ok: true });
  expect(await view()).toMatchObject({ running: null, last: { result: 'pass', staffNo: 'A1', since: time.wallMs() } });
  expect(await screen()).toBeNull();
  expect(entries().at(-1)).toMatchObject({ kind: 'selfcheck', body: { result: 'pass' } });
  const shown = lines.flatMap((line) =>
    line['type'] === 'delta' ? [(line['set'] as Record<string, unknown>)['selfCheck']] : [],
  );
  expect(shown).toContainEqual({ step: 'touch', target: 'touch-3' });
  expect(shown).toContainEqual({ step: 'screen', target: 'white' });
  await vi.waitFor(() => expect(lines.at(-1)).toMatchObject({ set: { selfCheck: null } }));
});

it('is broken off, skipped with a reason, and refused while a service is open', async () => {
  const { staff, view } = await checkAtWork();
  expectProblem(await staff('DELETE', '/v1/self-check'), 409, 'selfcheck-absent');
  expectProblem(await staff('POST', '/v1/self-check/again'), 409, 'selfcheck-absent');
  await staff('POST', '/v1/self-check');
  expectProblem(await staff('POST', '/v1/self-check/skip', { reason: 'no time' }), 409, 'selfcheck-running');
  expect((await staff('DELETE', '/v1/self-check')).status).toBe(200);
  expect((await view()).last).toMatchObject({ result: 'skipped', reason: 'unfinished' });
  expectProblem(await staff('POST', '/v1/self-check/skip', { reason: ' ' }), 400, 'request-malformed');
  expectProblem(await staff('POST', '/v1/self-check/skip', {}), 400, 'request-malformed');
  await staff('POST', '/v1/self-check/skip', { reason: '停电' });
  expect((await view()).last).toMatchObject({ result: 'skipped', reason: '停电' });
  await staff('POST', '/v1/duty', { staffNo: 'A1' });
  await staff('POST', '/v1/services', { caseNo: '1' });
  expectProblem(await staff('POST', '/v1/self-check'), 409, 'selfcheck-busy');
});

it("each page has its own secret's routes", async () => {
  const { call } = await checkAtWork();
  const staffOnly = [
    ['POST', '/v1/self-check'],
    ['DELETE', '/v1/self-check'],
    ['POST', '/v1/self-check/answer'],
    ['POST', '/v1/self-check/again'],
    ['POST', '/v1/self-check/skip'],
  ] as const;
  for (const [method, path] of staffOnly)
    expectProblem(await call(method, path, { as: 'kiosk' }), 401, 'credentials-missing');
  expectProblem(await call('POST', '/v1/self-check/touch', { as: 'staff' }), 401, 'credentials-missing');
});

it('the screen is there while a page follows, and lost five seconds after the last one went', async () => {
  const { follow, pages, time, entries, call, watch, followers } = await checkAtWork();
  const screen = async () => (await call('GET', '/v1/desk', { as: 'staff' })).json['parts'] as Record<string, string>;
  const gone = async () => {
    pages.at(-1)?.destroy();
    await vi.waitFor(() => expect(followers.now).toBe(0));
  };
  expect(await screen()).toMatchObject({ screen: 'lost', keypad: 'absent', sound: 'absent' });
  // A staff page is no screen of the citizen's.
  await follow('staff');
  expect((await screen())['screen']).toBe('lost');
  pages.at(-1)?.destroy();
  await vi.waitFor(() => expect(time.waiting).toBe(0));
  await follow('kiosk');
  await gone();
  time.advance(4_999);
  // It loaded again.
  await follow('kiosk');
  time.advance(60_000);
  expect((await screen())['screen']).toBe('connected');
  await gone();
  time.advance(5_000);
  expect((await screen())['screen']).toBe('lost');
  expect(entries().map(({ body }) => body)).toEqual([
    { part: 'screen', state: 'connected' },
    { part: 'screen', state: 'lost', code: 'screen-lost' },
  ]);
  watch.stop();
});
