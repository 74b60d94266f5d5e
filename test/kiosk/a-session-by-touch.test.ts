import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { target } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { IDLE, INVITED } from './stand-in.js';

const { standIn, open } = kioskPage();

it('a citizen rates by touch: invited, pressed, changed, reasons, done, thanks, clear', async () => {
  const { page, faults } = await open();
  await page.getByText('请等待工作人员邀请评价').waitFor();

  standIn.set(INVITED);
  await page.getByText('居民身份证换领').waitFor();
  await target(page, 2).tap();
  await page.getByText('已收到').waitFor();
  await page.getByText('您的选择已保密').waitFor();

  await target(page, 4).tap();
  await expect.poll(() => standIn.pressed).toEqual([2, 4]);
  await page.locator('.chosen-level', { hasText: '满意' }).waitFor();

  await page.getByRole('button', { name: '选择原因' }).tap();
  await expect.poll(() => page.locator('.reason').count()).toBe(8);
  await page.getByRole('button', { name: '填写一张表单就可完成申报' }).tap();
  await page.getByRole('button', { name: '跑大厅一次办完' }).tap();
  await page.getByRole('button', { name: '填写一张表单就可完成申报' }).tap();
  const chosen = page.locator('.reason[aria-pressed=true]');
  await expect.poll(() => chosen.allInnerTexts()).toEqual(['跑大厅一次办完']);
  const opened = standIn.asked.filter(({ path }) => path === '/v1/reasons');
  await expect
    .poll(() => opened.at(-1) && standIn.seal.open((opened.at(-1)?.body as { sealed: string }).sealed))
    .toEqual({ codes: ['411'] });

  await page.getByRole('button', { name: '完成', exact: true }).tap();
  await page.getByText('感谢您的评价').waitFor();
  standIn.set({ ...IDLE, ended: 'rated' });
  await page.getByText('感谢您的评价').waitFor();
  standIn.set(IDLE);
  await page.getByText('请等待工作人员邀请评价').waitFor();
  expect(await page.locator('.targets').count()).toBe(0);
  expect(faults).toEqual([]);
});

it('shows nothing as received before the terminal says so', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  let commit: (value?: unknown) => void = () => undefined;
  standIn.commit = new Promise((resolve) => (commit = resolve));
  await page.evaluate(`new MutationObserver(() => {
    window.saidReceived ||= document.body.textContent.includes('已收到');
  }).observe(document.body, { childList: true, subtree: true, characterData: true })`);
  await target(page, 5).tap();
  await expect.poll(() => standIn.paths()).toContain('/v1/press');
  // The press is under way; a hundred paints pass and the screen is still the invitation.
  await page.evaluate(
    `new Promise((done) => { let left = 100; const next = () => (left-- ? requestAnimationFrame(next) : done(true)); next(); })`,
  );
  expect(await page.evaluate('window.saidReceived')).not.toBe(true);
  expect(await page.getByText('请您评价本次服务').count()).toBe(1);
  commit();
  await page.getByText('已收到').waitFor();
});

it('takes the phone instead: 稍后用手机评', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  await page.getByRole('button', { name: '稍后用手机评' }).tap();
  await page.getByText('正在打印小票').waitFor();
  standIn.change({ slip: 'printed' });
  await page.getByText('请取走').waitFor();
  standIn.change({ slip: 'failed', later: INVITED.later });
  await page.getByText('请扫屏幕上的二维码').waitFor();
  await page.locator('.message .code').waitFor();
  expect(standIn.pressed).toEqual([]);
});

it('any touch beside the targets keeps the session awake, and presses nothing', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  await page.locator('.question-title').tap();
  await expect.poll(() => standIn.paths()).toEqual(['/v1/touch']);
});

it('two fingers on two targets press nothing, and are told so', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  await touch(page, [5, 3]);
  await page.getByText('请只按一个键').waitFor();
  expect(standIn.paths()).toEqual(['/v1/chord']);
  expect(standIn.pressed).toEqual([]);
  // And afterwards one finger presses again.
  await target(page, 3).tap();
  await expect.poll(() => standIn.pressed).toEqual([3]);
});

it('a finger that rests on a target presses it once', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  const lift = await touch(page, [2], false);
  await page.getByText('已收到').waitFor();
  await lift();
  await page.getByText('您的选择已保密').waitFor();
  expect(standIn.pressed).toEqual([2]);
});

it('a press where nothing can be rated is answered with a kind sentence that goes away again', async () => {
  const { page } = await open();
  await page.keyboard.press('5');
  await page.getByRole('status').getByText('请等待工作人员邀请').waitFor();
  await expect.poll(() => page.getByRole('status').innerText(), { timeout: 5_000 }).toBe('');
});

it('a press that does not reach the terminal is said to be lost', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  await page.route('**/v1/press', (route) => route.abort());
  await target(page, 1).tap();
  await page.getByRole('status').getByText('请再按一次').waitFor();
});

/** Puts fingers on levels at the same time, and lifts them unless they are to rest. */
async function touch(page: Page, levels: readonly number[], lifted = true): Promise<() => Promise<unknown>> {
  const touchPoints: { x: number; y: number; id: number }[] = [];
  const screen = await page.context().newCDPSession(page);
  for (const level of levels) {
    const box = await target(page, level).boundingBox();
    if (box === null) throw new Error(`level ${level} is not on the screen`);
    touchPoints.push({ x: box.x + box.width / 2, y: box.y + box.height / 2, id: level });
    await screen.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  }
  const lift = () => screen.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  if (lifted) await lift();
  return lift;
}
