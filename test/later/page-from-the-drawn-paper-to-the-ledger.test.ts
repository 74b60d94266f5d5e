/** Real programs, the slip's paper read as a picture, and the page in Chromium as on a phone. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installedFont } from '../../simulator/printer/font/font-slices.js';
import { GlyphCells } from '../../simulator/printer/font/glyph-cells.js';
import { SlipPicture } from '../../simulator/printer/slip-picture.js';
import { launch } from '../kiosk/chromium.js';
import { freePorts, Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';
import { greyOf, readCode } from './read-paper.js';

const PAPER_DOTS = 384;

let hall: Hall;
let browser: Browser;
let publicUrl: string;
const pictures = new SlipPicture(PAPER_DOTS, new GlyphCells(installedFont()));

beforeAll(async () => {
  const [pagePort] = (await freePorts(1)) as [number];
  publicUrl = `http://127.0.0.1:${pagePort}/r`;
  browser = await launch();
  hall = await new Hall({
    plugs: true,
    receiptUrl: publicUrl,
    policy: { more: 'later:\n  changeSeconds: 5\n' },
    gatewaySettings: { rate: { port: pagePort, publicUrl } },
  }).start();
  const key = await Program.run(['dist/device/main.js', 'receipt-key', '--config', `${hall.folder}/t1.yaml`]);
  const added = await Program.run(
    ['dist/gateway/pjq.js', 'terminal', 'receipt-key', 'add', 't1', '--config', hall.gatewayConfig],
    { input: key.stdout },
  );
  expect(added.code, added.stderr).toBe(0);
});
afterAll(async () => {
  await browser.close();
  await hall.stop();
});

/** What a camera reads of the newest slip's paper. */
async function scanned(slips: number): Promise<string> {
  const roll = hall.counter(1).plugs?.mechanism.roll;
  await until('the slip has fallen', () => (roll?.slips.filter(({ complete }) => complete).length ?? 0) >= slips);
  const slip = roll?.slips.at(-1);
  if (slip === undefined) throw new Error('no slip');
  return readCode(await greyOf(await pictures.png(slip)));
}

async function rateByPhone(address: string, level: number): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await until('the page knows the code', async () => (await page.goto(`${address}?lang=zh`))?.status() === 200);
  await page.locator(`label[for=l${level}]`).tap();
  await page.locator('.send').tap();
  await expect.poll(() => page.locator('h1').innerText()).toBe('已收到您的评价');
  await context.close();
}

test('the code on the paper leads to a page whose rating stands in the ledger of the centre', async () => {
  const serviceId = await hall.open(1, 'CASE-BUS-STOP');
  const address = await scanned(1);
  expect(address).toMatch(new RegExp(`^${publicUrl}/[\\w-]{43}$`));
  expect(address.length).toBeLessThanOrEqual(110);
  await rateByPhone(address, 2);
  await hall.api('POST', `/v1/services/${serviceId}/cancel`);
  await until('the rating is at the centre', async () => (await hall.ledger()).length === 1);
  expect((await hall.ledger())[0]).toMatchObject({ serviceId, satisfaction: 2, channel: 3 });
});

test('also while the terminal is cut off: it stands at once, and is forwarded when the log has come', async () => {
  hall.counter(1).plugs?.plug('network', 'out');
  const serviceId = await hall.openLocally(1, 'CASE-CUT-OFF');
  await rateByPhone(await scanned(2), 4);
  await hall.local(hall.counter(1), 'POST', `/v1/services/${serviceId}/cancel`);
  expect(await hall.ledger()).toHaveLength(1);
  hall.counter(1).plugs?.plug('network', 'in');
  await until('both are at the centre', async () => (await hall.ledger()).length === 2);
  expect((await hall.ledger()).find((one) => one.serviceId === serviceId)).toMatchObject({
    satisfaction: 4,
    channel: 3,
  });
  const lines = JSON.stringify(hall.gateway.lines);
  expect(lines).toContain('/r/:pass');
  expect(lines).not.toMatch(/\/r\/[\w-]{43}/);
});
