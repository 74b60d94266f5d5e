/** The demo's page in a real browser. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { findChromium } from '../../simulator/demo/kiosk-hand.js';
import { startDemo, type DemoAtWork } from './demo-at-work.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function chromiumPath(): string {
  const path = findChromium(process.env);
  if (path === undefined) throw new Error('Chromium is needed: apt-get install chromium, or PJQ_CHROMIUM=/path');
  return path;
}

/** The page under test is the one that ships: bundled first. */
export function buildPage(): void {
  execFileSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--config', 'simulator/demo/page/vite.config.ts', '--logLevel', 'error'],
    { cwd: ROOT, stdio: 'inherit' },
  );
}

export interface PageAtWork {
  readonly demo: DemoAtWork;
  readonly browser: Browser;
  readonly page: Page;
  /** What the page has complained of. */
  readonly complaints: string[];
}

/** A ready demo, and its page in a window of that size. */
export async function openPage(size: { width: number; height: number }, counters = 3): Promise<PageAtWork> {
  buildPage();
  const demo = await startDemo(counters, { page: true });
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu'],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: size, locale: 'zh-CN' });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${demo.ports.page}/`);
  await page
    .getByRole('article')
    .nth(counters - 1)
    .waitFor();
  return { demo, browser, page, complaints };
}

export function counterOf(page: Page, number: number) {
  return page.getByRole('article').nth(number - 1);
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary: string }[];
  }[];
}

/** Fails with each rule that is violated, and where. Frames are pages of their own, with tests of their own. */
export async function expectAccessible(page: Page): Promise<void> {
  // By the debugger, which the page's own policy on scripts does not bind.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResult>('axe.run(document, { iframes: false })');
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
  expect(found).toEqual([]);
}
