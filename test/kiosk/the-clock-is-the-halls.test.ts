import { expect, it } from 'vitest';
import { kioskPage } from './kiosk-page.js';
import { IDLE } from './stand-in.js';

const { standIn, open } = kioskPage();

it('the screen shows the day and the time of the hall, whatever zone the machine is set to', async () => {
  const { page } = await open();
  // 23:30 in UTC is the next morning in Shanghai.
  await page.clock.setFixedTime(new Date('2026-03-02T23:30:00Z'));
  await page.reload();
  const [day, time] = [page.locator('.clock-day'), page.locator('.clock-time')];
  await expect.poll(() => time.innerText()).toBe('07:30');
  await expect.poll(() => day.innerText()).toMatch(/^3月3日/);
  // A minute after midnight is 00:01, in no language 24:01.
  await page.clock.setFixedTime(new Date('2026-03-02T16:01:00Z'));
  await page.reload();
  await expect.poll(() => time.innerText()).toBe('00:01');
  standIn.set({ ...IDLE, timeZone: 'Asia/Urumqi' });
  await expect.poll(() => time.innerText()).toBe('22:01');
});
