/** I6: what stands on the screen a second after the press is the same for every level, in the document and in light. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { target } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { IDLE, INVITED, PRESSED } from './stand-in.js';

const { standIn, open } = kioskPage();
const LEVELS = [5, 4, 3, 2, 1] as const;
const SHOWN_FOR_MS = 1_000;

/** Where a level could be left: the whole document, the focus, the address, what the page stored, what still moves. */
const REMAINS = `[
  document.documentElement.outerHTML.replace(/blob:[^"]*/g, '').replace(/\\d+ 秒|\\d\\d:\\d\\d/g, ''),
  document.activeElement.outerHTML.slice(0, 200), location.href, document.title, Object.keys({ ...localStorage }),
  Object.keys({ ...sessionStorage }), document.getAnimations().map(({ effect }) => effect.target.className),
].map(String)`;

interface Remains {
  readonly remains: readonly string[];
  readonly light: Buffer;
  readonly requests: readonly string[];
}

/** What was moved a moment ago is drawn anew with roundings of its own: one step of 255, which no eye sees. */
const ROUNDING = 1;

function expectAlike(all: readonly Remains[]): void {
  const [first] = all;
  for (const { remains, light, requests } of all) {
    expect(remains).toEqual(first?.remains);
    expect(requests).toEqual(first?.requests);
    expect(light.length).toBe(first?.light.length);
    const differing = light.filter((value, at) => Math.abs(value - (first?.light[at] ?? 0)) > ROUNDING);
    expect(differing.length, 'points of light that differ').toBe(0);
  }
}

/** In a page that was loaded anew, as for the next citizen, with all that the earlier ones left in its stores. */
async function remainsOf(
  page: Page,
  level: number,
  press: (page: Page) => Promise<unknown>,
  keypad: (typeof INVITED)['keypad'] = null,
): Promise<Remains> {
  standIn.set({ ...INVITED, keypad });
  await page.reload();
  await page.locator('.served-by img').waitFor();
  await page.evaluate(`new MutationObserver(() => {
    const shown = document.querySelector('.chosen-level') !== null;
    if (shown && window.hiddenInTime === undefined) {
      window.hiddenInTime = null;
      // The page's own second: a busy machine makes it late, and what is hidden before it just as late.
      setTimeout(() => (window.hiddenInTime = document.querySelector('.chosen-level') === null), ${SHOWN_FOR_MS});
    }
  }).observe(document.body, { childList: true, subtree: true })`);
  await press(page);
  await page.getByText('您选择了').waitFor();
  await page.getByText('您的选择已保密').waitFor();
  const hiddenInTime = () => page.evaluate('window.hiddenInTime');
  await expect.poll(hiddenInTime, { message: `level ${level} is hidden within a second` }).toBe(true);
  // The mouse leaves no trace of where it was; a finger has none.
  const remains = await page.evaluate<string[]>(REMAINS);
  const light = await sharp(await page.locator('.targets').screenshot())
    .raw()
    .toBuffer();
  const requests = standIn.asked.map(({ path, body }) => `${path} ${JSON.stringify(body).length}`);
  standIn.asked.length = 0;
  return { remains, light, requests };
}

it('after a touch', async () => {
  const { page } = await open();
  const all: Remains[] = [];
  for (const level of LEVELS) all.push(await remainsOf(page, level, (page) => target(page, level).tap()));
  expect(standIn.pressed).toEqual([...LEVELS]);
  expectAlike(all);
});

it('after a finger that does not let go', async () => {
  // Each in a screen of its own: the finger rests.
  const all: Remains[] = [];
  for (const level of LEVELS)
    all.push(
      await remainsOf((await open()).page, level, async (page) => {
        const box = await target(page, level).boundingBox();
        const screen = await page.context().newCDPSession(page);
        const touchPoints = [{ x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 40 }];
        await screen.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
      }),
    );
  expect(standIn.pressed).toEqual([...LEVELS]);
  expectAlike(all);
});

it('after Enter on a target', async () => {
  const { page } = await open();
  const all: Remains[] = [];
  for (const level of LEVELS)
    all.push(
      await remainsOf(page, level, async (page) => {
        await target(page, level).focus();
        await page.keyboard.press('Enter');
      }),
    );
  expect(standIn.pressed).toEqual([...LEVELS]);
  expectAlike(all);
});

it('after a key of a keypad', async () => {
  const { page } = await open();
  const all: Remains[] = [];
  const letters = { 5: 'KeyA', 4: 'KeyB', 3: 'KeyC', 2: 'KeyD', 1: 'KeyE' } as const;
  const keypad = { keys: Object.fromEntries(LEVELS.map((level) => [letters[level], level])) };
  for (const level of LEVELS)
    all.push(await remainsOf(page, level, (page) => page.keyboard.press(letters[level], { delay: 80 }), keypad));
  expect(standIn.pressed).toEqual([...LEVELS]);
  expectAlike(all);
});

it('in the reasons only while they are open, and not while the terminal is lost', async () => {
  standIn.set({ ...PRESSED, reasonsOpen: true, choice: standIn.choice(1, ['108']) });
  const { page } = await open();
  await page.getByText('在办事指南之外增加新的审批条件').waitFor();
  standIn.change({ reasonsOpen: false });
  await expect.poll(() => page.locator('.reason').count()).toBe(0);
  standIn.change({ reasonsOpen: true });
  await page.locator('.reason').first().waitFor();
  await standIn.stop();
  await page.getByText('正在恢复').waitFor();
  expect(await page.locator('.reason').count()).toBe(0);
  await standIn.restart();
  await page.getByText('在办事指南之外增加新的审批条件').waitFor();
  standIn.set(IDLE);
  await page.getByText('请等待工作人员邀请评价').waitFor();
  expect(await page.evaluate<string>('document.documentElement.outerHTML')).not.toMatch(/审批条件|非常不满意/);
});
