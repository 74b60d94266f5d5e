/**
 * Services opened by the business system while a whole hall is at work: how long `POST /v1/services` takes at a steady
 * rate, counted from when each request was due, and how long it is from the request at one more window until its
 * citizen's screen, a real browser before a real terminal, shows the invitation.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { Agent, request } from 'undici';
import { Hall, SECRET, until } from '../support/hall.js';
import { registerTerminals } from './drain/backlog.js';
import { Load } from './drain/load.js';
import { row } from './quantiles.js';

const TERMINALS = 300;
const A_SECOND = 200;
const FOR_MS = 60_000;
/** Not counted. */
const WARM_UP_MS = 5_000;
const INVITE_EVERY_MS = 1_000;

export async function benchOpens(): Promise<string[]> {
  const hall = new Hall({ terminals: 1 });
  const terminals = Array.from({ length: TERMINALS }, (_, n) => `b${n + 1}`);
  await registerTerminals(hall.folder, terminals);
  let load: Load | undefined;
  const browser = await chromium.launch({
    executablePath: process.env['PJQ_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const agent = new Agent({ connections: 32, pipelining: 1 });
  try {
    await hall.start();
    load = new Load({ folder: hall.folder, terminals, mqttPort: hall.mqttPort, serve: true });
    await load.start();
    await load.go();
    await until('every terminal is connected', async () => (await connected(hall)) > TERMINALS, 60_000);
    const page = await openPage(browser.newPage(), hall);
    const painting: number[] = [];
    const opening: number[] = [];
    const failed: string[] = [];
    const begunMs = performance.now();
    const inviting = (async () => {
      for (let n = 0; performance.now() - begunMs < FOR_MS; n += 1) {
        painting.push(await invite(hall, page, `窗口-${n}`));
        await wait(INVITE_EVERY_MS);
      }
    })();
    const waiting: Promise<void>[] = [];
    for (let n = 0; performance.now() - begunMs < FOR_MS; n += 1) {
      const dueMs = begunMs + (n * 1_000) / A_SECOND;
      const restMs = dueMs - performance.now();
      if (restMs > 1) await wait(restMs);
      const terminal = terminals[n % TERMINALS] as string;
      waiting.push(
        open(hall, agent, terminal, `case-${n}`).then((status) => {
          if (status !== 201) failed.push(`${status}`);
          if (dueMs - begunMs > WARM_UP_MS) opening.push(performance.now() - dueMs);
        }),
      );
    }
    await Promise.all([...waiting, inviting]);
    return [
      `${A_SECOND} services opened a second for ${FOR_MS / 1_000} s, ${TERMINALS} terminals at work: ${row(opening, 'ms')} (promised: p99 <= 100 ms); not opened: ${failed.length}${failed.length === 0 ? '' : ` (${[...new Set(failed)].join(', ')})`}`,
      `request -> invitation painted, meanwhile: ${row(painting, 'ms')} (promised: p95 <= 300 ms)`,
    ];
  } finally {
    await load?.kill();
    await agent.close();
    await browser.close();
    await hall.stop();
  }
}

async function connected(hall: Hall): Promise<number> {
  const { body } = await hall.api('GET', '/v1/windows');
  const rows = (body as { windows?: { connection: string }[] }).windows ?? (body as { connection: string }[]);
  return rows.filter(({ connection }) => connection === 'connected').length;
}

/** The page of the real terminal, which notes when a case was painted: the second frame after it is in the document. */
async function openPage(opened: Promise<Page>, hall: Hall): Promise<Page> {
  const page = await opened;
  const counter = hall.counter(1);
  const secret = readFileSync(join(counter.dataDir, 'kiosk-secret'), 'utf8').trim();
  await page.setViewportSize({ width: 800, height: 480 });
  await page.goto(`http://127.0.0.1:${counter.port}/kiosk/#${secret}`);
  await page.locator('.stage > section').waitFor();
  await page.evaluate(`
    globalThis.pjqPainted = {};
    new MutationObserver(() => {
      const shown = document.querySelector('.case')?.textContent ?? '';
      const caseNo = /窗口-\\d+/.exec(shown)?.[0];
      if (caseNo === undefined || globalThis.pjqPainted[caseNo] !== undefined) return;
      globalThis.pjqPainted[caseNo] = 0;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        globalThis.pjqPainted[caseNo] = performance.timeOrigin + performance.now();
      }));
    }).observe(document, { subtree: true, childList: true, characterData: true });
  `);
  return page;
}

/** @returns ms from the request to the paint. */
async function invite(hall: Hall, page: Page, caseNo: string): Promise<number> {
  const begunMs = performance.timeOrigin + performance.now();
  await hall.open(1, caseNo);
  let paintedMs = 0;
  await until('the invitation is painted', async () => {
    paintedMs = await page.evaluate<number>(`globalThis.pjqPainted[${JSON.stringify(caseNo)}] ?? 0`);
    return paintedMs > 0;
  });
  return paintedMs - begunMs;
}

async function open(hall: Hall, dispatcher: Agent, terminal: string, caseNo: string): Promise<number> {
  const { statusCode, body } = await request(`http://127.0.0.1:${hall.gatewayPort}/v1/services`, {
    dispatcher,
    method: 'POST',
    headers: {
      authorization: `Bearer ${SECRET}`,
      'idempotency-key': `${terminal}-${caseNo}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ caseNo, terminal }),
  });
  await body.dump();
  return statusCode;
}
