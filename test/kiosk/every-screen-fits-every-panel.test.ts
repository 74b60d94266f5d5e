/** Nothing scrolls and no words leave their place, also in a language that is a third longer. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPanel, PANELS, sharedBrowser, target } from './chromium.js';
import { INVITED, StandIn } from './stand-in.js';
import { STATES, type ScreenState } from './states.js';
import { textFaults } from './text-faults.js';

/** 20 mm on the smallest panel (7 inches, 5.25 px/mm) is 105 px; the keys' caps are larger. */
const SMALLEST_TARGET = { width: 130, height: 150 };

describe('every screen fits every panel', () => {
  const standIn = new StandIn();
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedBrowser();
    await standIn.start();
  });
  afterAll(async () => {
    await standIn.stop();
  });

  it.each(['zh', 'xx'])('%s', async (language) => {
    standIn.set(INVITED);
    const { page, faults } = await openPanel(browser, standIn, { query: `?lang=${language}` });
    const found: Record<string, string[]> = {};
    const show = async (state: ScreenState) => {
      state.set(standIn);
      await page.reload();
      await page.locator(state.shows).first().waitFor();
      await state.then?.(standIn, page);
    };
    for (const state of STATES) {
      // What is only said once is gone before there would be another panel: it is said for each.
      const isSaidOnce = state.then !== undefined;
      if (!isSaidOnce) await show(state);
      for (const panel of PANELS) {
        await page.setViewportSize(panel);
        if (isSaidOnce) await show(state);
        const wrong = await textFaults(page);
        if (wrong.length > 0) found[`${state.name}, ${panel.width} × ${panel.height}`] = wrong;
      }
    }
    expect(found).toEqual({});
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows five equal targets that an old hand hits', async () => {
    standIn.set(INVITED);
    const { page } = await openPanel(browser, standIn);
    const boxes = await Promise.all([5, 4, 3, 2, 1].map((level) => target(page, level).boundingBox()));
    const [first] = boxes;
    expect(first?.width).toBeGreaterThanOrEqual(SMALLEST_TARGET.width);
    expect(first?.height).toBeGreaterThanOrEqual(SMALLEST_TARGET.height);
    const lefts = boxes.map((box) => box?.x ?? 0);
    expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
    for (const box of boxes) {
      expect(box?.width).toBeCloseTo(first?.width ?? 0, 1);
      expect(box?.height).toBeCloseTo(first?.height ?? 0, 1);
      expect(box?.y).toBe(first?.y);
    }
    await page.context().close();
  });

  it.each(PANELS)('draws the code large enough to be scanned on $width × $height', async (panel) => {
    standIn.set(INVITED);
    const { page } = await openPanel(browser, standIn, { panel });
    const box = await page.locator('.later .code').boundingBox();
    // The smallest module that phones read from a hand's distance is about half a millimetre.
    expect((box?.width ?? 0) / ((INVITED.later?.size ?? 0) + 8)).toBeGreaterThanOrEqual(2.5);
    await page.context().close();
  });
});
