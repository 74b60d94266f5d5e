/**
 * What the citizen's screen takes, in the real browser before a real terminal, with the processor kept busy by a
 * second process: touch or key → painted; bytes over the wire; first paint; memory of the page over many sessions.
 * Painted: the second animation frame after the document changed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import type { Level } from '../../protocol/index.js';
import { Hall, until, type Counter } from '../support/hall.js';
import { quantile } from './quantiles.js';

interface Watched {
  readonly pushed: number[];
  readonly received: number[];
}

/** Runs in the page: notes when something was painted, in ms since 1970. */
function watch(): void {
  const seen: { pushed: number[]; received: number[] } = { pushed: [], received: [] };
  Object.assign(globalThis, { pjqSeen: seen });
  const painted = (into: number[]) =>
    requestAnimationFrame(() => requestAnimationFrame(() => into.push(performance.timeOrigin + performance.now())));
  let received = false;
  new MutationObserver(() => {
    const now = document.querySelector('.received') !== null;
    if (now && !received) painted(seen.received);
    received = now;
  }).observe(document, { subtree: true, childList: true, attributes: true });
  // The push is an animation that the page starts in the handler; it is on screen with the next frame.
  addEventListener('pointerdown', (event) => {
    if ((event.target as Element).closest('.target') !== null) painted(seen.pushed);
  });
}

const nowMs = () => performance.timeOrigin + performance.now();

export async function benchScreen(sessions: number): Promise<string[]> {
  const hall = await new Hall().start();
  const browser = await chromium.launch({
    executablePath: process.env['PJQ_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    const counter = hall.counter(1);
    const secret = readFileSync(join(counter.dataDir, 'kiosk-secret'), 'utf8').trim();
    const context = await browser.newContext({ viewport: { width: 800, height: 480 }, hasTouch: true });
    const page = await context.newPage();
    const wire = await wireBytes(page);
    await page.goto(`http://127.0.0.1:${counter.port}/kiosk/#${secret}`);
    await page.locator('.stage > section').waitFor();
    const firstPaintMs = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    );
    const bytes = wire();
    // The loader names functions by a helper that a page does not have.
    await page.evaluate('globalThis.__name = (made) => made');
    await page.evaluate(watch);
    const touch = await measure(hall, counter, page, 200, 'touch');
    const key = await measure(hall, counter, page, 200, 'key');
    const heap = await heapOver(hall, counter, page, sessions);
    const worst = (values: readonly number[]) =>
      `p50 ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms, n ${values.length}`;
    return [
      `kiosk page over the wire, without fonts: ${(bytes.page / 1000).toFixed(1)} kB (promised: <= 120), fonts ${(bytes.fonts / 1000).toFixed(0)} kB; first contentful paint ${firstPaintMs.toFixed(0)} ms (promised: <= 1 s)`,
      `touch -> pushed look painted:   ${worst(touch.feedback)} (promised: p95 <= 100 ms)`,
      `touch lifted -> 已收到 painted: ${worst(touch.received)} (promised: p95 <= 150 ms)`,
      `key edge -> 已收到 painted:     ${worst(key.received)} (promised: p95 <= 100 ms feedback, 150 ms 已收到)`,
      `page memory (JS heap after gc): ${heap.map((mb) => mb.toFixed(2)).join(' -> ')} MB over ${sessions} sessions`,
    ];
  } finally {
    busy.kill('SIGKILL');
    await browser.close();
    await hall.stop();
  }
}

async function measure(hall: Hall, counter: Counter, page: Page, samples: number, by: 'touch' | 'key') {
  const feedback: number[] = [];
  const received: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    const level = ((n % 5) + 1) as Level;
    await invite(hall, counter, page, `${by}-${n}`);
    const before = await seen(page);
    let begunMs: number;
    if (by === 'key') {
      begunMs = nowMs();
      counter.board.press(level);
    } else {
      const box = await page
        .locator('.targets > button')
        .nth(5 - level)
        .boundingBox();
      if (box === null) throw new Error('the target is not there');
      begunMs = nowMs();
      await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    }
    await until('it is painted', async () => (await seen(page)).received.length > before.received.length);
    const after = await seen(page);
    received.push((after.received.at(-1) ?? 0) - begunMs);
    if (by === 'touch') feedback.push((after.pushed.at(-1) ?? 0) - begunMs);
    if (by === 'key') counter.board.release(level);
    await page.locator('.received').waitFor({ state: 'detached' });
  }
  return { feedback, received };
}

async function invite(hall: Hall, counter: Counter, page: Page, caseNo: string): Promise<void> {
  const { status } = await hall.local(counter, 'POST', '/v1/services', { caseNo });
  if (status >= 300) throw new Error(`opening answered ${status}`);
  await page.locator('.case', { hasText: caseNo }).waitFor();
}

function seen(page: Page): Promise<Watched> {
  return page.evaluate(() => (globalThis as unknown as { pjqSeen: Watched }).pjqSeen);
}

/** Counts what really came over the wire. */
async function wireBytes(page: Page): Promise<() => { page: number; fonts: number }> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const types = new Map<string, string>();
  const total = { page: 0, fonts: 0 };
  session.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const part = types.get(requestId) === 'Font' ? 'fonts' : 'page';
    total[part] += encodedDataLength;
  });
  return () => ({ ...total });
}

/**
 * Whole sessions by the local interface, shown on the page, which nothing else touches meanwhile (a test tool's own
 * handles grow, too). The first quarter is warming up.
 */
async function heapOver(hall: Hall, counter: Counter, page: Page, sessions: number): Promise<number[]> {
  const tool = await page.context().newCDPSession(page);
  const heap: number[] = [];
  const shownBefore = (await seen(page)).received.length;
  for (let n = 0; n < sessions; n += 1) {
    await hall.local(counter, 'POST', '/v1/services', { caseNo: `heap-${n}` });
    await wait(20);
    await hall.local(counter, 'POST', '/v1/press', { level: (n % 5) + 1 }, 'kiosk');
    await wait(60);
    if ((n + 1) % Math.max(1, Math.floor(sessions / 4)) !== 0) continue;
    await tool.send('HeapProfiler.collectGarbage');
    heap.push((await tool.send('Runtime.getHeapUsage')).usedSize / 1e6);
  }
  const shown = (await seen(page)).received.length - shownBefore;
  if (shown < sessions * 0.95) throw new Error(`only ${shown} of ${sessions} sessions were shown`);
  return heap;
}
