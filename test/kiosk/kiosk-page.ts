/** A browser and a terminal for the tests of a file. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openPanel, sharedBrowser } from './chromium.js';
import { IDLE, StandIn } from './stand-in.js';

export interface KioskPage {
  readonly standIn: StandIn;
  open(options?: Parameters<typeof openPanel>[2]): Promise<{ readonly page: Page; readonly faults: string[] }>;
}

export function kioskPage(): KioskPage {
  const standIn = new StandIn();
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await sharedBrowser();
    await standIn.start();
  });
  const closeAll = async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  };
  beforeEach(async () => {
    await closeAll();
    standIn.commit = Promise.resolve();
    standIn.asked.length = 0;
    standIn.pressed.length = 0;
    standIn.set(IDLE);
  });
  afterAll(async () => {
    await closeAll();
    await standIn.stop();
  });
  return {
    standIn,
    open: async (options) => {
      if (browser === undefined) throw new Error('the browser is not there');
      return openPanel(browser, standIn, options);
    },
  };
}
