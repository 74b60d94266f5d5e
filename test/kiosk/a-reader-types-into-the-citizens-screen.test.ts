/** A badge reader or a scanner that was plugged into the terminal types into the page that has the keyboard: this one. */
import type { CDPSession, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { target } from './chromium.js';
import { kioskPage } from './kiosk-page.js';
import { IDLE, INVITED } from './stand-in.js';

const { standIn, open } = kioskPage();
const LETTERS = { KeyA: 5, KeyB: 4, KeyC: 3, KeyD: 2, KeyE: 1 } as const;
/** USB of low speed: a report each 8 ms, one for down and one for up. */
const REPORT_MS = 8;
/** The strokes lie ahead, so that none is late when it is sent. */
const AHEAD_MS = 300;

interface Key {
  readonly key: string;
  readonly code: string;
}

const keyOf = (sign: string): Key =>
  /\d/.test(sign) ? { key: sign, code: `Digit${sign}` } : { key: sign, code: `Key${sign.toUpperCase()}` };
const ENTER = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' };

/** Sends strokes with times of their own, so that a busy computer changes no rhythm. */
async function send(
  keyboard: CDPSession,
  strokes: readonly { readonly key: Key; readonly at: number; readonly type: 'keyDown' | 'keyUp' }[],
): Promise<void> {
  const beginMs = Date.now() + AHEAD_MS;
  for (const { key, at, type } of strokes)
    await keyboard.send('Input.dispatchKeyEvent', { type, timestamp: (beginMs + at) / 1_000, ...key });
}

async function read(page: Page, text: string): Promise<void> {
  const keys: readonly Key[] = [...[...text].map(keyOf), ENTER];
  const strokes = keys.flatMap((key, index) => [
    { key, at: index * 2 * REPORT_MS, type: 'keyDown' as const },
    { key, at: index * 2 * REPORT_MS + REPORT_MS, type: 'keyUp' as const },
  ]);
  await send(await page.context().newCDPSession(page), strokes);
}

it('what a reader types is no press, and its Enter presses nothing', async () => {
  standIn.set(INVITED);
  const { page, faults } = await open();
  await target(page, 2).focus();
  for (const badge of ['0004711352', '5', '135', 'b12345']) await read(page, badge);
  // A finger afterwards: when it has come, what was before would have, too.
  await target(page, 4).tap();
  await page.getByText('已收到').waitFor();
  expect(standIn.pressed).toEqual([4]);
  expect(standIn.paths().filter((path) => path === '/v1/press' || path === '/v1/chord')).toEqual(['/v1/press']);
  expect(faults).toEqual([]);
});

it('the keys of a keypad press by their place, whatever they type; the digits are none of them then', async () => {
  standIn.set({ ...INVITED, keypad: { keys: LETTERS } });
  const { page } = await open();
  await page.keyboard.press('3', { delay: 80 });
  await page.keyboard.press('d', { delay: 80 });
  await page.getByText('已收到').waitFor();
  expect(standIn.pressed).toEqual([2]);
  const { body } = standIn.asked.find(({ path }) => path === '/v1/press') ?? {};
  expect(standIn.seal.open((body as { sealed: string }).sealed)).toEqual({ level: 2, via: 'key' });

  // A keypad that makes a stroke of no length presses, too; two keys at once press none.
  standIn.set({ ...INVITED, keypad: { keys: LETTERS } });
  await page.getByText('请您评价本次服务').waitFor();
  await page.keyboard.press('a');
  await page.getByText('已收到').waitFor();
  expect(standIn.pressed).toEqual([2, 5]);
  for (const key of ['a', 'b']) await page.keyboard.down(key);
  for (const key of ['a', 'b']) await page.keyboard.up(key);
  await page.getByText('请只按一个键').waitFor();
  expect(standIn.pressed).toEqual([2, 5]);
});

it('a keypad that the terminal names later is heard at once', async () => {
  standIn.set(INVITED);
  const { page } = await open();
  standIn.change({ keypad: { keys: LETTERS } });
  await expect
    .poll(async () => {
      await page.keyboard.press('e', { delay: 80 });
      return standIn.pressed.at(-1);
    })
    .toBe(1);
});

it('a stuck key is forgotten after half a minute, and the others work on', async () => {
  standIn.set({ ...IDLE, keypad: { keys: LETTERS } });
  const { page } = await open();
  await page.clock.install();
  const keyboard = await page.context().newCDPSession(page);
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'a', code: 'KeyA' });
  // A finger that rests is a press; here of nothing, since nothing is open.
  await page.clock.runFor(1_000);
  await expect.poll(() => standIn.paths()).toContain('/v1/press');
  await page.getByText('现在没有需要评价的业务').waitFor();
  await page.clock.runFor(40_000);
  standIn.set({ ...INVITED, keypad: { keys: LETTERS } });
  await page.getByText('请您评价本次服务').waitFor();
  standIn.asked.length = 0;
  await page.keyboard.down('c');
  await page.clock.runFor(100);
  await page.keyboard.up('c');
  await expect
    .poll(async () => {
      await page.clock.runFor(100);
      return standIn.pressed;
    })
    .toEqual([3]);
});
