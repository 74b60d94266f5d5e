import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { target } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { IDLE, INVITED, LATER } from './stand-in.js';

const { standIn, open } = kioskPage();
/** All but the clock and the seconds that are left: they go on by themselves. */
const WHOLE = `(() => {
  const body = document.body.cloneNode(true);
  for (const own of body.querySelectorAll('.clock, .countdown')) own.remove();
  return body.outerHTML.replace(/blob:[^"]*/g, '');
})()`;
const whole = (page: Page) => page.evaluate<string>(WHOLE);

it('keys that are gone change nothing on the screen, which takes touches all the same', async () => {
  for (const view of [IDLE, INVITED]) {
    standIn.set(view);
    const { page } = await open();
    await page.locator('.photo img').waitFor();
    const before = await whole(page);
    standIn.change({ parts: { keys: 'lost', printer: 'connected' } });
    // Something that is told after it: when it has come, the keys would have, too.
    standIn.say({ type: 'notice', notice: 'one-key-only' });
    await page.locator('.notice-said').waitFor();
    await page.locator('.notice:not(.notice-said)').waitFor({ state: 'attached' });
    expect(await whole(page)).toBe(before);
    if (view === INVITED) {
      await target(page, 5).tap();
      await page.getByText('已收到').waitFor();
    }
    await page.context().close();
  }
  expect(standIn.pressed).toEqual([5]);
});

it('without paper the code on the screen stays, and no slip is promised', async () => {
  standIn.set({ ...INVITED, parts: { keys: 'connected', printer: 'lost' } });
  const { page } = await open();
  await page.locator('.later .code').waitFor();
  await page.getByText('用手机扫这个二维码').waitFor();
  expect(await page.getByText('点这里取小票').count()).toBe(0);
  standIn.set({ ...IDLE, ended: 'later', later: LATER, slip: 'failed' });
  await page.locator('.message .code').waitFor();
  await page.getByText('请扫屏幕上的二维码').waitFor();
});
