import jsqr from 'jsqr';
import sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { receiptTokenSchema } from '../../protocol/index.js';
import type { HallView } from '../../simulator/demo/hall-view.js';
import { demoOfTheFile, type DemoAtWork } from './demo-at-work.js';
import { chromiumPath } from './page-at-work.js';

const byInterface = demoOfTheFile(1, { env: { PJQ_CHROMIUM: '' } });
const byPage = demoOfTheFile(1, { env: { PJQ_CHROMIUM: chromiumPath() } });
const PATIENCE = { timeout: 20_000, interval: 50 };

async function qrOf(demo: DemoAtWork): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${demo.ports.page}/api/terminals/1/paper.png`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
  const picture = sharp(Buffer.from(await response.arrayBuffer()))
    .ensureAlpha()
    .raw();
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

const paperText = async (demo: DemoAtWork) => {
  const response = await fetch(`http://127.0.0.1:${demo.ports.page}/api/terminals/1/paper.txt`);
  return response.status === 200 ? await response.text() : undefined;
};

test.for([
  { by: 'interface', hall: byInterface },
  { by: 'page', hall: byPage },
])(
  'by the $by 稍后用手机评 prints a slip whose code can be scanned, and a touch is the rating',
  { timeout: 120_000 },
  async ({ by, hall }) => {
    const demo = hall();
    expect(await demo.ask('/api/terminals/1/paper.png')).toMatchObject({ status: 404 });
    expect(await demo.tell('/api/terminals/1/later', {})).toMatchObject({
      status: 409,
      body: { code: 'session-absent' },
    });

    await demo.open(1, `slip by ${by}`);
    expect(await demo.tell('/api/terminals/1/later', {})).toMatchObject({ status: 200, body: { ok: true, by } });
    await vi.waitFor(async () => expect(await paperText(demo)).toContain(`slip by ${by}`), PATIENCE);
    await vi.waitFor(
      async () =>
        expect((await demo.ask('/api/hall')).body as HallView).toMatchObject({
          counters: [{ slip: { complete: true } }],
        }),
      PATIENCE,
    );
    const [, address, token] = /^(.*)\/([^/]+)$/.exec((await qrOf(demo)) ?? '') ?? [];
    expect(address).toBe(`http://127.0.0.1:${demo.ports.phone}/r`);
    expect(receiptTokenSchema.safeParse(token).success).toBe(true);
    // The hall knows the terminal's key: whoever scans it may rate.
    expect((await fetch(`${address}/${token}`)).status).toBe(200);

    for (const [index, level] of [4, 2].entries()) {
      await demo.open(1, `touch ${level}`);
      expect(await demo.tell('/api/terminals/1/touch', { level })).toMatchObject({
        status: 200,
        body: { ok: true, by },
      });
      await vi.waitFor(
        async () =>
          expect((await demo.ledger()).map(({ satisfaction }) => satisfaction)).toEqual([4, 2].slice(0, index + 1)),
        PATIENCE,
      );
    }
    expect(await demo.tell('/api/terminals/1/touch', { level: 9 })).toMatchObject({ status: 400 });
  },
);

test('the hand finds the screen again after the terminal was killed', async () => {
  const demo = byPage();
  await demo.open(1, 'before');
  expect(await demo.tell('/api/terminals/1/touch', { level: 5 })).toMatchObject({ body: { by: 'page' } });
  const { kiosk } = (await demo.ask('/api/terminals/1/pages')).body as { kiosk: string };
  const pid = await demo.pidOf('terminal-1');
  expect(await demo.tell('/api/processes/terminal-1/kill', {})).toMatchObject({ body: { ok: true, killed: true } });
  await vi.waitFor(async () => {
    expect(await demo.ask('/api/ready')).toMatchObject({ status: 200 });
    expect(await demo.pidOf('terminal-1')).not.toBe(pid);
  }, PATIENCE);
  // Its secret is of the machine's boot, so the page that is open goes on.
  expect(((await demo.ask('/api/terminals/1/pages')).body as { kiosk: string }).kiosk).toBe(kiosk);

  await demo.open(1, 'after');
  expect(await demo.tell('/api/terminals/1/touch', { level: 1 })).toMatchObject({ status: 200, body: { by: 'page' } });
  await vi.waitFor(
    async () => expect((await demo.ledger()).map(({ caseNo }) => caseNo)).toEqual(['before', 'after']),
    PATIENCE,
  );
  expect(await demo.tell('/api/processes/roof/kill', {})).toMatchObject({
    status: 404,
    body: { code: 'route-unknown' },
  });
});

test('a screen that is pulled out is missed while the keys go on, and is there again after', async () => {
  const demo = byPage();
  const turn = (state: 'on' | 'cut') => demo.tell('/api/switches', { part: 'screen', terminal: 1, state });
  const screenIs = (state: string) =>
    vi.waitFor(
      async () => expect(await demo.ask('/api/terminals/1')).toMatchObject({ body: { parts: { screen: state } } }),
      PATIENCE,
    );
  expect(await turn('on')).toMatchObject({ status: 200 });
  await screenIs('connected');
  expect(await turn('cut')).toMatchObject({ status: 200 });
  await screenIs('lost');
  expect((await demo.ask('/api/hall')).body).toMatchObject({ counters: [{ switches: { screen: 'cut' } }] });
  expect(await demo.ask('/api/ready')).toMatchObject({ status: 200 });
  await demo.open(1, 'by keys');
  for (const what of ['later', 'touch'] as const)
    expect(await demo.tell(`/api/terminals/1/${what}`, what === 'touch' ? { level: 5 } : {})).toMatchObject({
      status: 503,
      body: { code: 'screen-lost' },
    });
  expect(await demo.press(1, 2)).toMatchObject({ status: 200 });
  await vi.waitFor(async () => expect(await demo.ledger()).toHaveLength(1), PATIENCE);
  expect(await turn('on')).toMatchObject({ status: 200 });
  await screenIs('connected');
  await demo.open(1, 'by touch');
  expect(await demo.tell('/api/terminals/1/touch', { level: 4 })).toMatchObject({ body: { ok: true, by: 'page' } });
  expect(await demo.tell('/api/switches', { part: 'screen', state: 'cut' })).toMatchObject({ status: 400 });
  expect(await demo.tell('/api/switches', { part: 'screen', terminal: 2, state: 'cut' })).toMatchObject({
    status: 404,
  });
}, 120_000);

test('without paper a slip waits, and comes out once when there is a new roll', async () => {
  const demo = byInterface();
  const paper = async () => ((await demo.ask('/api/hall')).body as HallView).counters[0]?.paper;
  expect(await demo.tell('/api/terminals/1/paper', { paper: 'out' })).toMatchObject({ status: 200 });
  await vi.waitFor(async () => expect(await paper()).toBe('out'), PATIENCE);
  const before = await paperText(demo);
  await demo.open(1, 'no paper');
  expect(await demo.tell('/api/terminals/1/later', {})).toMatchObject({ status: 200 });
  expect(await paperText(demo)).toBe(before);

  expect(await demo.tell('/api/terminals/1/paper', { paper: 'ok' })).toMatchObject({ status: 200 });
  await vi.waitFor(async () => expect(await paperText(demo)).toContain('no paper'), PATIENCE);
  expect(await demo.tell('/api/terminals/1/paper', { paper: 'pink' })).toMatchObject({ status: 400 });
}, 120_000);
