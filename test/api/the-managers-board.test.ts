import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import axe from 'axe-core';
import { launch } from '../kiosk/chromium.js';
import { BOARD_SECRET, HallEdge, SECRET } from './hall-edge.js';

const PAGES = join(import.meta.dirname, '../../dist/gateway/pages');
const HEALTH = JSON.stringify({
  v: 1,
  at: 1,
  parts: { board: 'connected', printer: 'lost', network: 'connected' },
  duty: 'on',
  service: 'idle',
  backlog: 0,
  rssBytes: 1,
});

let browser: Browser;
let hall: HallEdge;
beforeAll(async () => {
  expect(existsSync(join(PAGES, 'board/index.html')), 'the pages are built by npm test').toBe(true);
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  hall = new HallEdge();
  hall.pagesDir = PAGES;
  await hall.start();
  await hall.addTerminal('t1', '1', { health: HEALTH });
  await hall.addTerminal('t2', '2', { state: 'lost' });
  await hall.addTerminal('t3', '10', { health: HEALTH.replace('lost', 'connected') });
  await fault('t1', 'printer', 'lost', 'printer-lost');
  await checked('t3', 'pass', '[]');
});
afterEach(() => hall.remove());

function fault(terminal: string, part: string, state: string, code: string | null) {
  return hall.store.db
    .insertInto('part')
    .values({ terminal, part, state, code, since: hall.nowMs - 60_000 })
    .execute();
}

function checked(terminal: string, result: string, items: string) {
  return hall.store.db
    .insertInto('selfCheck')
    .values({
      checkId: `check-of-${terminal}`,
      terminal,
      staffNo: '1001',
      result,
      reason: null,
      startedAt: hall.nowMs - 90_000,
      endedAt: hall.nowMs - 30_000,
      items,
    })
    .execute();
}

async function open(hash: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${hall.port}/board/${hash}`);
  return page;
}

test('its secret reads how the terminals are, and nothing else', async () => {
  const headers = { authorization: `Bearer ${BOARD_SECRET}` };
  const answer = await hall.call('GET', '/v1/terminals', { headers });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    at: hall.nowMs,
    terminals: [
      {
        terminal: 't1',
        parts: [
          { part: 'board', state: 'connected' },
          { part: 'printer', state: 'lost', code: 'printer-lost', since: hall.nowMs - 60_000 },
        ],
        selfCheck: { result: 'missing' },
      },
      { terminal: 't2', connection: 'lost', parts: [] },
      { terminal: 't3', selfCheck: { result: 'pass', since: hall.nowMs - 30_000 } },
    ],
  });
  for (const path of ['/v1/windows', '/v1/windows/1', '/v1/services/s-1'])
    expect((await hall.call('GET', path, { headers })).status).toBe(401);
  expect((await hall.call('GET', '/v1/terminals', { headers: { authorization: `Bearer ${SECRET}` } })).status).toBe(
    200,
  );
  expect((await hall.call('GET', '/v1/terminals', { headers: { authorization: 'Bearer x' } })).status).toBe(401);
});

test('it shows those first that need somebody, with since when, and that a check is missing', async () => {
  const page = await open(`#${BOARD_SECRET}`);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
  const rows = await page.locator('tbody tr').allInnerTexts();
  expect(await page.locator('tbody tr').evaluateAll((all) => all.map((row) => row.dataset['terminal']))).toEqual([
    't2',
    't1',
    't3',
  ]);
  expect(rows[0]).toContain('离线');
  expect(rows[1]).toMatch(/今天还没有自检.*自 .*起/s);
  expect(rows[1]).toMatch(/打印机: 离线 printer-lost 自 \d\d:\d\d 起/);
  expect(rows[2]).toMatch(/通过/);
  expect(rows[2]).toContain('全部正常');
  await page.getByRole('button', { name: 'English' }).click();
  expect(await page.locator('tbody tr').nth(1).innerText()).toContain('not checked today');
});

test('without a secret, or with a wrong one, it says what to do', async () => {
  const without = await open('');
  await expect.poll(() => without.getByRole('alert').innerText()).toContain('pjq board');
  const wrong = await open('#wrong');
  await expect.poll(() => wrong.getByRole('alert').innerText()).toContain('密钥不对');
});

test('when the gateway goes away it keeps what was known and says so', async () => {
  const page = await open(`#${BOARD_SECRET}`);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
  await hall.stop();
  await expect.poll(() => page.getByRole('alert').innerText(), { timeout: 15_000 }).toContain('暂时连不上');
  expect(await page.locator('tbody tr').count()).toBe(3);
});

test('axe finds nothing, on a desk and on a phone', async () => {
  const page = await open(`#${BOARD_SECRET}`);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    expect(found.violations.map(({ id, nodes }) => [id, nodes.length])).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
