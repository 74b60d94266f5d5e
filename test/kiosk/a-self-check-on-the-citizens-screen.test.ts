import { expect, it } from 'vitest';
import { PANELS } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { IDLE, INVITED } from './stand-in.js';

const { standIn, open } = kioskPage();
/** 20 mm: 7 inches of 800 × 480 (5.25 px/mm), 10 inches of 1280 × 800 (5.9), 7 inches upright (6.7). */
const TWENTY_MM_PX = [105, 118, 134];

it('five points are touched one after the other, the corners in the very corners', async () => {
  standIn.set({ ...IDLE, selfCheck: { step: 'touch', target: 'touch-1' } });
  const { page, faults } = await open();
  const point = page.locator('.check-point');
  const places: (readonly [number, number])[] = [];
  for (const target of ['touch-1', 'touch-2', 'touch-3', 'touch-4', 'touch-5']) {
    await page.locator(`.check-${target}`).waitFor();
    const box = await point.boundingBox();
    const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
    places.push([Math.round(x + width / 2), Math.round(y + height / 2)]);
    // Enter proves nothing of a touch screen, and beside the point is beside the point.
    await point.focus();
    await page.keyboard.press('Enter');
    await page.touchscreen.tap(target === 'touch-1' ? 120 : 400, 240);
    await point.tap();
  }
  await page.getByText('请等待工作人员邀请评价').waitFor();
  const touched = standIn.asked.filter(({ path }) => path === '/v1/self-check/touch').map(({ body }) => body);
  expect(touched).toEqual([1, 2, 3, 4, 5].map((index) => ({ target: `touch-${index}` })));
  expect(places).toEqual([
    [400, 240],
    [68, 68],
    [732, 68],
    [732, 412],
    [68, 412],
  ]);
  expect(faults).toEqual([]);
});

it.each(PANELS.map((panel, index) => ({ ...panel, least: TWENTY_MM_PX[index] ?? 0 })))(
  'a point is 20 mm or more on $width × $height',
  async ({ least, ...panel }) => {
    standIn.set({ ...IDLE, selfCheck: { step: 'touch', target: 'touch-3' } });
    const { page } = await open({ panel });
    const box = await page.locator('.check-point').boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(least);
  },
);

it.each([
  ['red', 'rgb(255, 0, 0)'],
  ['green', 'rgb(0, 255, 0)'],
  ['blue', 'rgb(0, 0, 255)'],
  ['white', 'rgb(255, 255, 255)'],
  ['black', 'rgb(0, 0, 0)'],
])('the whole panel is %s', async (target, colour) => {
  standIn.set({ ...IDLE, selfCheck: { step: 'screen', target } });
  const { page } = await open();
  const section = page.locator(`.check-${target}`);
  expect(await section.boundingBox()).toEqual({ x: 0, y: 0, width: 800, height: 480 });
  expect(await section.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(colour);
});

it('the key that is asked for is told by number, place and words, in both languages', async () => {
  standIn.set({ ...IDLE, selfCheck: { step: 'keys', target: 'key-2' } });
  const { page } = await open();
  for (const words of ['设备自检中', 'Self-check in progress', '请按 2 号键', 'Press key 2', '不满意', 'Dissatisfied'])
    await page.getByText(words, { exact: true }).waitFor();
  expect(await page.locator('.check-key').allInnerTexts()).toEqual(['5', '4', '3', '2', '1']);
  // What a keypad of the page presses goes to the terminal as any press; whose it is, the terminal knows.
  await page.keyboard.press('2', { delay: 80 });
  await expect.poll(() => standIn.paths()).toContain('/v1/press');
});

it.each(['lamps', 'sound', 'printer', 'automatic'] as const)('the rest is calm: %s', async (step) => {
  standIn.set({ ...IDLE, selfCheck: { step, target: step === 'automatic' ? null : `${step}-anything` } });
  const { page, faults } = await open();
  await page.getByText('请稍候，马上就好').waitFor();
  expect(faults).toEqual([]);
});

it('an invitation that comes meanwhile shows at once, also before the check is known to be over', async () => {
  standIn.set({ ...IDLE, selfCheck: { step: 'screen', target: 'black' } });
  const { page } = await open();
  await page.locator('.check-black').waitFor();
  standIn.set({ ...INVITED, selfCheck: { step: 'screen', target: 'black' } });
  await page.getByText('请您评价本次服务').waitFor();
  expect(await page.locator('.header').count()).toBe(1);
  expect(await page.locator('.targets > button').count()).toBe(5);
});
