/**
 * `npm run screenshots`: starts a demo on free ports, uses it as people would, and writes docs/screenshots/*.png.
 * Needs Chromium (PJQ_CHROMIUM, or Debian's) and built pages.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import jsqr from 'jsqr';
import { chromium, type Browser, type Page } from 'playwright-core';
import sharp from 'sharp';
import { findChromium } from '../simulator/demo/kiosk-hand.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const OUT = join(ROOT, 'docs', 'screenshots');
const READY_TIMEOUT_MS = 60_000;
/** A larger one is given a palette. */
const SMALL_BYTES = 150 * 1024;
const COUNTER_SCREEN = { width: 800, height: 480 };

const chromiumPath = findChromium(process.env);
if (chromiumPath === undefined) throw new Error('Chromium is needed: apt-get install chromium, or PJQ_CHROMIUM=/path');
mkdirSync(OUT, { recursive: true });

const ports = await freePorts(9);
const demo = startDemo(ports);
const [pagePort = 0] = ports;
const browser = await chromium.launch({
  executablePath: chromiumPath,
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-gpu', '--hide-scrollbars'],
});
try {
  await ready();
  await counterPictures(browser);
  await demoPicture(browser);
} finally {
  await browser.close();
  demo.kill('SIGTERM');
}

/** One counter, from idle to thanks, the clerk's page and the slip. */
async function counterPictures(on: Browser): Promise<void> {
  const { kiosk, staff } = (await ask('GET', 'terminals/1/pages')) as { kiosk: string; staff: string };
  const screen = await open(on, kiosk, COUNTER_SCREEN);
  await settled(screen);
  await keep(screen, 'kiosk-idle');
  await ask('POST', 'terminals/1/service', { caseNo: '20261121-00017', matter: 'demo-0101' });
  await screen.getByRole('button', { name: /^非常满意/ }).waitFor();
  await settled(screen);
  await keep(screen, 'kiosk-invited');
  for (const panel of [
    { width: 1280, height: 800 },
    { width: 600, height: 1024 },
  ]) {
    const other = await open(on, kiosk, panel);
    await other.getByRole('button', { name: /^非常满意/ }).waitFor();
    await settled(other);
    await keep(other, `kiosk-invited-${panel.width}x${panel.height}`);
    await other.close();
  }
  await ask('POST', 'terminals/1/press', { level: 5 });
  await screen.getByText('已收到').first().waitFor();
  // The level is shown for a second at most; the picture is of what stays.
  await screen.waitForTimeout(1_300);
  await keep(screen, 'kiosk-pressed');
  await screen.getByRole('button', { name: /^选择原因/ }).tap();
  await screen.getByText('一窗受理一次办结').waitFor();
  await settled(screen);
  await keep(screen, 'kiosk-reasons');
  await screen.getByRole('button', { name: '完成' }).tap();
  await state(1, 'idle');
  await settled(screen);
  await keep(screen, 'kiosk-thanks');

  await ask('POST', 'terminals/1/service', { caseNo: '20261121-00018', matter: 'demo-0401' });
  const desk = await open(on, staff, { width: 1024, height: 768 });
  await desk.getByText('20261121-00018').first().waitFor();
  await settled(desk);
  await keep(desk, 'staff');
  await desk.close();
  await ask('POST', 'terminals/1/later');
  await hallUntil((hall) => hall.counters[0]?.slip?.complete === true);
  const slip = await fetch(`http://127.0.0.1:${pagePort}/api/terminals/1/paper.png`);
  const paper = Buffer.from(await slip.arrayBuffer());
  await write('slip', paper);
  await screen.close();
  await phonePictures(on, await readCode(paper));
}

/** The page behind the slip's code, on a phone: the form, a level chosen, received; and lying, in English. */
async function phonePictures(on: Browser, address: string): Promise<void> {
  const page = await open(on, `${address}?lang=en`, { width: 844, height: 390 });
  await settled(page);
  await keep(page, 'phone-landscape');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${address}?lang=zh`);
  await settled(page);
  await keep(page, 'phone');
  await page.locator('label[for=l4]').tap();
  await page.locator('label[for=r413]').tap();
  await settled(page);
  await write('phone-chosen', await page.screenshot({ fullPage: true }));
  await page.locator('.send').tap();
  await page.getByRole('heading', { name: '已收到您的评价' }).waitFor();
  await settled(page);
  await keep(page, 'phone-received');
  await page.close();
}

/** What a phone's camera reads of the paper. */
async function readCode(paper: Buffer): Promise<string> {
  const { data, info } = await sharp(paper).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const read = jsqr.default(new Uint8ClampedArray(data), info.width, info.height);
  if (read === null) throw new Error('no code can be read on the slip');
  return read.data;
}

/** The whole hall in the middle of a day: some ratings at the centre, one waiting behind a cut cable. */
async function demoPicture(on: Browser): Promise<void> {
  for (const [counter, level, caseNo] of [
    [2, 4, '20261121-00019'],
    [3, 5, '20261121-00020'],
  ] as const) {
    await ask('POST', `terminals/${counter}/service`, { caseNo, matter: 'demo-0201' });
    await ask('POST', `terminals/${counter}/press`, { level });
  }
  await hallUntil(({ centre }) => (centre.total ?? 0) >= 3);
  const page = await open(on, `http://127.0.0.1:${pagePort}/`, { width: 1280, height: 800 });
  await page.getByRole('article').nth(2).waitFor();
  await ask('POST', 'terminals/1/service', { caseNo: '20261121-00021', matter: 'demo-0301' });
  await settled(page);
  await write('demo', await page.screenshot({ fullPage: true }));
  await page.setViewportSize({ width: 1920, height: 1080 });
  await settled(page);
  await keep(page, 'demo-1920x1080');
  await page.close();
}

interface Hall {
  readonly counters: readonly {
    readonly session: { readonly state: string } | null;
    readonly slip: { readonly complete: boolean } | null;
  }[];
  readonly centre: { readonly total: number | null };
}

async function hallUntil(match: (hall: Hall) => boolean): Promise<void> {
  await until(async () => match((await ask('GET', 'hall')) as Hall));
}

async function state(counter: number, wanted: string): Promise<void> {
  await hallUntil(({ counters }) => counters[counter - 1]?.session?.state === wanted);
}

async function ready(): Promise<void> {
  await until(async () => ((await ask('GET', 'ready')) as { ready: boolean }).ready);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (!(await done().catch(() => false))) {
    if (demo.exitCode !== null) throw new Error('the demo has ended');
    if (performance.now() > deadlineMs) throw new Error('the demo did not come to where it should');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${pagePort}/api/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

async function open(on: Browser, address: string, viewport: { width: number; height: number }): Promise<Page> {
  const page = await on.newPage({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', hasTouch: true });
  await page.goto(address);
  return page;
}

/** Fonts and pictures are there, and what moves has come to rest. */
async function settled(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.waitForTimeout(1_200);
}

async function keep(page: Page, name: string): Promise<void> {
  await write(name, await page.screenshot());
}

async function write(name: string, picture: Buffer): Promise<void> {
  const best = await sharp(picture).png({ compressionLevel: 9, effort: 10 }).toBuffer();
  const bytes = best.length <= SMALL_BYTES ? best : await sharp(picture).png({ palette: true, effort: 10 }).toBuffer();
  writeFileSync(join(OUT, `${name}.png`), bytes);
  console.log(`docs/screenshots/${name}.png  ${Math.ceil(bytes.length / 1024)} kB`);
}

function startDemo([
  page,
  gateway,
  mqtt,
  centre,
  terminals,
  boards,
  printers,
  controls,
  phone,
]: readonly number[]): ChildProcess {
  const options = { page, gateway, mqtt, phone, centre, terminal: terminals, board: boards, printer: printers };
  const args = Object.entries(options).flatMap(([name, port]) => [`--${name}-port`, String(port)]);
  return spawn(
    process.execPath,
    [join(ROOT, 'dist/simulator/demo/main.js'), ...args, '--printer-control-port', String(controls)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/** First ports of `rows` rows of ten, free just now. */
async function freePorts(rows: number): Promise<number[]> {
  for (;;) {
    const first = 12_000 + Math.floor(Math.random() * 15_000);
    const firsts = Array.from({ length: rows }, (_, index) => first + 10 * index);
    const taken = await Promise.all(firsts.flatMap((port) => [port, port + 1, port + 2]).map(isTaken));
    if (!taken.includes(true)) return firsts;
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(true));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(false)));
  });
}
