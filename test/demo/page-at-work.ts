/** The demo's page in a real browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { findChromium } from '../../simulator/demo/kiosk-hand.js';
import { sharedBrowser } from '../kiosk/chromium.js';
import type { DemoAtWork } from './demo-at-work.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function chromiumPath(): string {
  const path = findChromium(process.env);
  if (path === undefined) throw new Error('Chromium is needed: apt-get install chromium, or PJQ_CHROMIUM=/path');
  return path;
}

export interface PageAtWork {
  readonly page: Page;
  /** What the page has complained of. */
  readonly complaints: string[];
}

/** The page of a demo that was started with it, in a window of that size, on a machine set to another zone than the hall. */
export async function openPage(demo: DemoAtWork, size: { width: number; height: number }): Promise<PageAtWork> {
  const context = await (
    await sharedBrowser()
  ).newContext({ viewport: size, locale: 'zh-CN', timezoneId: 'Asia/Tokyo' });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${demo.ports.page}/`);
  await page
    .getByRole('article')
    .nth(demo.terminals - 1)
    .waitFor();
  return { page, complaints };
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
