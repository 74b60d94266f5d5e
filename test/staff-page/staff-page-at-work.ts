/** The built staff page in a real browser, before a real counter. */
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, onTestFinished } from 'vitest';
import { sharedBrowser } from '../kiosk/chromium.js';
import { counterDesk, type CounterDesk } from './counter-desk.js';

/** As they ship. */
export const PAGES = resolve('dist/device/pages');
/** How long a hand rests on a key. */
const HAND_MS = 80;
/** How fast a scanner types, and how long a hand takes to reach for it. */
const SCANNER_MS = 8;
const REACH_MS = 500;

/** A page and its hands. */
export interface OpenPage {
  readonly page: Page;
  /** Types as a scanner does: fast, and Enter at the end. */
  scan(text: string): Promise<void>;
  /** Presses keys as a hand does: no two within a scanner's rhythm. */
  press(...keys: readonly string[]): Promise<void>;
  /** What went wrong inside the page: errors, and what its policy refused. */
  readonly faults: string[];
}

export interface StaffPageAtWork extends OpenPage, CounterDesk {}

export interface PageOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Asked in the page's address. */
  readonly language?: 'en' | 'xx';
}

export type DeskOptions = NonNullable<Parameters<typeof counterDesk>[1]> & PageOptions;

/** @returns what opens a page before a counter of its own. */
export function staffPages(): {
  readonly open: (o?: DeskOptions) => Promise<StaffPageAtWork>;
  /** The page alone, at an address with its secret. */
  readonly openAt: (url: string, o?: PageOptions) => Promise<OpenPage>;
} {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await sharedBrowser();
  });

  const openAt = async (url: string, { viewport = { width: 800, height: 600 }, language }: PageOptions = {}) => {
    if (browser === undefined) throw new Error('the browser is not there');
    const context = await browser.newContext({ viewport });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const keyboard = await context.newCDPSession(page);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // A refused or broken connection is told by the browser itself; the rest is the page's own.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        faults.push(message.text());
    });
    await page.goto(language === undefined ? url : url.replace('/#', `/?lang=${language}#`));
    await page.locator('.workplace').waitFor();
    return {
      page,
      faults,
      press: async (...keys: readonly string[]) => {
        for (const key of keys) await page.keyboard.press(key, { delay: HAND_MS });
      },
      scan: async (text: string) => {
        // Its rhythm is given, so that a busy computer does not make a hand of it.
        const beginMs = Date.now() + REACH_MS;
        const keys = [...text].map((key) => ({ key, text: key }));
        const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' };
        await Promise.all(
          [...keys, enter].flatMap((key, index) => {
            const timestamp = (beginMs + index * SCANNER_MS) / 1_000;
            return [
              keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, ...key }),
              keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, key: key.key }),
            ];
          }),
        );
      },
    };
  };
  const open = async ({ viewport, language, ...rest }: DeskOptions = {}): Promise<StaffPageAtWork> => {
    const desk = await counterDesk(PAGES, rest);
    const opened = await openAt(desk.url, {
      ...(viewport === undefined ? {} : { viewport }),
      ...(language === undefined ? {} : { language }),
    });
    return Object.assign(desk, opened);
  };
  return { open, openAt };
}
