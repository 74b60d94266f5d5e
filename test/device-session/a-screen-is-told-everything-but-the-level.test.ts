import { describe, expect, it, vi } from 'vitest';
import { Seal } from '../../device/local/seal.js';
import { LEVELS, reasonsOf, serviceReferenceOf, verifyReceiptToken, type Level } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { codePicture } from '../../device/receipt/code-picture.js';
import { atWork, expectProblem, PHOTO, RECEIPT_KEY, TERMINAL_NUMBER } from './local-at-work.js';

type Desk = Awaited<ReturnType<typeof atWork>>;

async function onDuty(work: Desk): Promise<void> {
  await work.call('POST', '/v1/duty', { as: 'staff', body: { staffNo: 'A1' } });
}

const open = (work: Desk, serviceId: string, more: object = {}) =>
  work.call('POST', '/v1/services', { as: 'staff', body: { serviceId, caseNo: `case ${serviceId}`, ...more } });

const view = async (work: Desk) => (await work.call('GET', '/v1/screen', { as: 'kiosk' })).json;

describe("the citizen's screen", () => {
  it('shows who serves, where, and what; the neutral label instead of the name', async () => {
    const work = await atWork();
    expect(await view(work)).toMatchObject({ v: 1, state: 'offDuty', staff: null, later: null });
    await onDuty(work);
    expect(await view(work)).toEqual({
      v: 1,
      state: 'idle',
      hall: { zh: '测试市政务服务大厅', en: 'Test Hall' },
      window: '12',
      timeZone: 'Asia/Shanghai',
      staff: { staffNo: 'A1', name: '李明', post: '综合受理', title: '科员', photo: true },
      service: null,
      remainingMs: null,
      totalMs: null,
      pausedFor: null,
      canChange: false,
      reasonsOpen: false,
      reasons: null,
      things: [],
      marking: null,
      later: null,
      ended: null,
      choice: null,
      slip: null,
      parts: { keys: 'lost', printer: 'absent' },
      keypad: null,
      selfCheck: null,
    });
    await open(work, 'S1', { matter: { name: '离婚登记', label: '婚姻登记' } });
    expect(await view(work)).toMatchObject({
      state: 'invited',
      service: { caseNo: 'case S1', matter: '婚姻登记', stage: 'completion' },
      remainingMs: 60_000,
      totalMs: 60_000,
    });
    expect(JSON.stringify(await view(work))).not.toContain('离婚');
  });

  it('shows the photo of those who have one, to those who have a secret', async () => {
    const work = await atWork();
    const photo = await work.call('GET', '/v1/staff/A1/photo', { as: 'kiosk' });
    expect(photo).toMatchObject({ status: 200, type: 'image/svg+xml', text: PHOTO });
    expect(photo.headers['content-security-policy']).toContain('sandbox');
    expectProblem(await work.call('GET', '/v1/staff/B2/photo', { as: 'staff' }), 404, 'staff-unknown');
    expectProblem(await work.call('GET', '/v1/staff/..%2f..%2flog/photo', { as: 'staff' }), 400, 'request-malformed');
  });

  it('has the code that verifies, until a rating stands', async () => {
    const work = await atWork();
    await onDuty(work);
    await open(work, 'S1');
    const opened = work.book.service('S1');
    const shown = (await view(work))['later'];
    const url = work.codes.urlOf('S1', opened?.openedAtMs ?? 0);
    expect(shown).toEqual(codePicture(url));
    const claim = verifyReceiptToken(nodeSuite, url.slice(-43), () => RECEIPT_KEY.key);
    expect(claim).toMatchObject({
      terminalNumber: TERMINAL_NUMBER,
      serviceReference: serviceReferenceOf(nodeSuite, 'S1'),
    });
    await work.call('POST', '/v1/press', { as: 'kiosk', body: { level: 3 } });
    expect((await view(work))['later']).toBeNull();
    work.time.advance(5_000);
    expect(await view(work)).toMatchObject({ state: 'idle', ended: 'rated', later: null });
    // Unrated, it stays for the policy's time, and the thanks are over before.
    await open(work, 'S2');
    work.time.advance(60_000);
    expect(await view(work)).toMatchObject({ state: 'idle', ended: 'unrated' });
    work.time.advance(8_000);
    expect(await view(work)).toMatchObject({ ended: null, later: { size: expect.any(Number) } });
    work.time.advance(52_000);
    expect((await view(work))['later']).toBeNull();
  });

  it('takes the phone instead of the keys', async () => {
    const work = await atWork();
    await onDuty(work);
    await open(work, 'S1');
    expect(await work.call('POST', '/v1/later', { as: 'kiosk' })).toMatchObject({ status: 200 });
    expect(await view(work)).toMatchObject({ state: 'idle', ended: 'later', later: { size: expect.any(Number) } });
    expect(work.entries().slice(-2)).toMatchObject([
      { kind: 'unrated', body: { serviceId: 'S1', cause: 'later' } },
      { kind: 'receipt', body: { serviceId: 'S1', copy: 1, occasion: 'later', state: 'queued' } },
    ]);
    expectProblem(await work.call('POST', '/v1/later', { as: 'kiosk' }), 409, 'session-absent');
  });

  it('gives its reasons sealed, and those of another level are refused', async () => {
    const work = await atWork();
    const seal = new Seal(work.secret('kiosk'));
    await onDuty(work);
    await open(work, 'S1');
    const press = { sealed: seal.close({ level: 2 }) };
    expect(await work.call('POST', '/v1/press', { as: 'kiosk', body: press })).toMatchObject({ status: 200 });
    expect(seal.open((await view(work))['choice'] as string)).toEqual({ level: 2, reasons: [] });
    await work.call('POST', '/v1/reasons/open', { as: 'kiosk' });
    expect(await view(work)).toMatchObject({ reasonsOpen: true, remainingMs: 20_000, totalMs: 20_000 });
    const reasons = (codes: string[]) =>
      work.call('POST', '/v1/reasons', { as: 'kiosk', body: { sealed: seal.close({ codes }) } });
    expectProblem(await reasons(['510']), 409, 'reason-unknown');
    expect((await reasons(['207', '214'])).status).toBe(200);
    expect(seal.open((await view(work))['choice'] as string)).toEqual({ level: 2, reasons: ['207', '214'] });
    expectProblem(
      await work.call('POST', '/v1/press', { as: 'kiosk', body: { sealed: 'A'.repeat(166) } }),
      400,
      'request-malformed',
    );
    work.time.advance(5_000);
    expectProblem(await work.call('POST', '/v1/press', { as: 'kiosk', body: press }), 409, 'rating-stands');
    await work.call('POST', '/v1/done', { as: 'kiosk' });
    expect(work.entries().at(-1)).toMatchObject({
      kind: 'rating',
      body: { level: 2, reasons: ['207', '214'], cause: 'time-over' },
    });
  });

  it('and its pages are served under a policy that lets nothing else in', async () => {
    const work = await atWork({ framedBy: ['http://127.0.0.1:7300'] });
    for (const page of ['kiosk', 'staff']) {
      const answer = await work.call('GET', `/${page}/`);
      expect(answer).toMatchObject({ status: 200, text: `<!doctype html><title>${page}</title>` });
      expect(answer.headers['cache-control']).toBe('no-store');
      const policy = answer.headers['content-security-policy'] as string;
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain('frame-ancestors http://127.0.0.1:7300');
      expect((await work.call('GET', `/${page}`)).headers.location).toBe(`/${page}/`);
    }
    expect((await work.call('GET', '/assets/main-abc.js')).headers['cache-control']).toContain('immutable');
    for (const path of [
      '/kiosk/../kiosk-secret',
      '/kiosk/%2e%2e/%2e%2e/kiosk-secret',
      '/assets/..%2f..%2fstaff-secret',
    ])
      expect((await work.call('GET', path)).status).not.toBe(200);
    expect((await (await atWork()).call('GET', '/kiosk/')).headers['content-security-policy']).toContain(
      "frame-ancestors 'none'",
    );
  });
});

describe('the staff page', () => {
  it('knows the matters, the roster and what became of services, never a level', async () => {
    const work = await atWork();
    await onDuty(work);
    await open(work, 'S1', { matter: { code: 'M1', name: '户口迁移' } });
    await work.call('POST', '/v1/press', { as: 'kiosk', body: { level: 1 } });
    work.time.advance(5_000);
    await open(work, 'S2');
    work.time.advance(60_000);
    const desk = (await work.call('GET', '/v1/desk', { as: 'staff' })).json;
    expect(desk).toMatchObject({
      state: 'idle',
      staff: { name: '李明' },
      service: null,
      matters: [
        { code: 'M1', name: '户口迁移' },
        { code: 'M2', label: '婚姻登记' },
      ],
      roster: [
        { staffNo: 'A1', name: '李明', post: '综合受理' },
        { staffNo: 'B2', name: '王芳', post: null },
      ],
      recent: [
        { serviceId: 'S2', caseNo: 'case S2', matter: null, outcome: 'not-rated' },
        { serviceId: 'S1', matter: '户口迁移', outcome: 'rated' },
      ],
      parts: { board: 'lost', network: 'lost', printer: 'absent' },
      paper: 'absent',
    });
    expect(JSON.stringify(desk)).not.toMatch(/level|满意|"press/);
  });

  it('invites again with the same answer before and after a press', async () => {
    const work = await atWork();
    await onDuty(work);
    await open(work, 'S1');
    work.time.advance(30_000);
    const before = await work.call('POST', '/v1/services/S1/invite', { as: 'staff' });
    expect(await view(work)).toMatchObject({ remainingMs: 60_000 });
    await work.call('POST', '/v1/press', { as: 'kiosk', body: { level: 5 } });
    const after = await work.call('POST', '/v1/services/S1/invite', { as: 'staff' });
    expect(after.text).toBe(before.text);
    expectProblem(await work.call('POST', '/v1/services/S9/invite', { as: 'staff' }), 409, 'session-absent');
  });

  it('sees nothing move when the citizen presses, changes their mind, reads reasons', async () => {
    const work = await atWork();
    await onDuty(work);
    work.backlog.entries = 4;
    const lines = await work.follow('staff');
    await open(work, 'S1');
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    const seal = new Seal(work.secret('kiosk'));
    for (const [path, body] of [
      ['/v1/press', { level: 5 }],
      ['/v1/press', { level: 1 }],
      ['/v1/reasons/open', undefined],
      ['/v1/reasons', { sealed: seal.close({ codes: ['115'] }) }],
      ['/v1/touch', undefined],
    ] as const) {
      work.backlog.entries += 1;
      expect((await work.call('POST', path, { as: 'kiosk', body })).status).toBe(200);
      work.time.advance(600);
    }
    expect((await work.call('GET', '/v1/desk', { as: 'staff' })).json['backlog']).toBe(4);
    work.time.advance(1_000);
    await work.call('POST', '/v1/done', { as: 'kiosk' });
    work.time.advance(5_000);
    await vi.waitFor(() => expect(lines.at(-1)).toMatchObject({ set: { state: 'idle' } }));
    expect(lines.filter(({ type }) => type !== 'beat')).toHaveLength(3);
  });

  it('prints again only where there is a printer', async () => {
    const printed: string[] = [];
    const work = await atWork({ printAgain: (serviceId) => printed.push(serviceId) });
    expect((await work.call('POST', '/v1/services/S1/receipt', { as: 'staff' })).status).toBe(202);
    expect(printed).toEqual(['S1']);
    expectProblem(await (await atWork()).call('POST', '/v1/services/S1/receipt', { as: 'staff' }), 503, 'printer-lost');
  });
});

/** All that the pages hear and are answered in a session of one level, with what is random or a time taken out. */
async function recorded(level: Level): Promise<string> {
  const work = await atWork();
  await onDuty(work);
  const kiosk = await work.follow('kiosk');
  const staff = await work.follow('staff');
  const seal = new Seal(work.secret('kiosk'));
  const answers: unknown[] = [];
  const act = async (as: 'kiosk' | 'staff', path: string, body?: unknown) => {
    const { status, text, headers } = await work.call('POST', path, { as, body });
    answers.push([path, status, text, headers['content-length']]);
    const [screen, desk] = await Promise.all([
      work.call('GET', '/v1/screen', { as: 'kiosk' }),
      work.call('GET', '/v1/desk', { as: 'staff' }),
    ]);
    answers.push(screen.text, desk.text);
  };
  await act('staff', '/v1/services', { serviceId: 'S1', caseNo: '2026-0001', matter: { name: '户口迁移' } });
  await act('kiosk', '/v1/press', { sealed: seal.close({ level }) });
  work.time.advance(1_500);
  await act('kiosk', '/v1/reasons/open');
  await act('kiosk', '/v1/reasons', {
    sealed: seal.close({ codes: [reasonsOf(level)[0]?.code, reasonsOf(level)[4]?.code] }),
  });
  await act('kiosk', '/v1/done');
  work.time.advance(5_000);
  await act('staff', '/v1/services', { serviceId: 'S2', caseNo: '2026-0002' });
  await vi.waitFor(() => expect(kiosk.at(-1)).toMatchObject({ set: { service: { caseNo: '2026-0002' } } }));
  await vi.waitFor(() => expect(staff.at(-1)).toMatchObject({ set: { service: { caseNo: '2026-0002' } } }));
  const sealed = /choice\\?":\\?"[A-Za-z0-9_-]{166}/g;
  const text = JSON.stringify({ kiosk, staff, answers, lines: work.lines, story: work.story });
  expect([...text.matchAll(sealed)].length).toBeGreaterThan(3);
  return text.replace(sealed, 'choice sealed').replace(/\\"time\\":\\"[^"\\]*\\"/g, '');
}

describe('five sessions, one a level', () => {
  it('read the same to both pages, in every answer and in the log lines (I6)', async () => {
    const [first, ...others] = await Promise.all(LEVELS.map(recorded));
    for (const other of others) expect(other).toBe(first);
  });
});
