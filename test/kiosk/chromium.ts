/** Debian's Chromium, with a touch screen. */
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { StandIn } from './stand-in.js';

export interface Panel {
  readonly width: number;
  readonly height: number;
}

const SMALLEST: Panel = { width: 800, height: 480 };
/** The panels that halls have: 7 inches, 10 inches, and one that stands upright. */
export const PANELS: readonly Panel[] = [SMALLEST, { width: 1280, height: 800 }, { width: 600, height: 1024 }];

/** @param environment what is set besides this process's own. */
export async function launch(environment: Readonly<Record<string, string>> = {}): Promise<Browser> {
  return chromium.launch({
    env: { ...definedOf(process.env), ...environment },
    executablePath: process.env['PJQ_CHROMIUM'] ?? '/usr/bin/chromium',
    // Tests may run as root, where Chromium has no sandbox; it opens nothing but our own page. It draws by itself:
    // a graphics card that is played by the processor takes longer.
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

let shared: Promise<Browser> | undefined;

/** One for all tests of a process, which ends with it; each test closes its own contexts. */
export async function sharedBrowser(): Promise<Browser> {
  const running = await shared;
  if (running?.isConnected() === true) return running;
  shared = launch();
  return shared;
}

/** A page in a context of its own, on a machine whose zone nobody has set; faults of the page end the test. */
export async function openPanel(
  browser: Browser,
  standIn: StandIn,
  { panel = SMALLEST, query = '' }: { readonly panel?: Panel; readonly query?: string } = {},
): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const context = await browser.newContext({ viewport: panel, hasTouch: true, timezoneId: 'UTC' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(standIn.address(query));
  await expect.poll(() => page.locator('.stage > section').count()).toBe(1);
  return { page, faults };
}

/** The target of a level: they stand from 5 to 1. */
export function target(page: Page, level: number) {
  return page.locator('.targets > button').nth(5 - level);
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
