import { expect, test } from 'vitest';
import { serviceReferenceOf, verifyReceiptToken } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { until } from '../support/hall.js';
import { RealCounter, RECEIPT_URL } from './real-counter.js';

test('rates by keys, by touch and by keyboard, prints what scans, and comes back after a kill', async () => {
  const counter = await new RealCounter().start();
  const { page } = counter;
  const received = page.getByRole('heading', { name: '已收到' });
  const thanks = page.getByText('感谢您的评价');

  // By a key: the lamp, and the screen.
  await counter.open('CASE-1');
  await counter.pressKey(2);
  await received.waitFor();
  await thanks.waitFor();

  // By touch: the same lamp.
  await counter.open('CASE-2');
  const lamp = counter.lamp();
  await page.getByRole('button', { name: /^非常满意/ }).tap();
  await lamp;
  await received.waitFor();
  await thanks.waitFor();

  // By keyboard alone (a USB keypad is one).
  await counter.open('CASE-3');
  await page.keyboard.press('4');
  await received.waitFor();
  await thanks.waitFor();

  // 稍后用手机评: the slip's code is the screen's, and it verifies under this terminal's key.
  await counter.open('CASE-4');
  await page.getByRole('button', { name: /稍后用手机评/ }).tap();
  await until('the slip is out', async () => (await counter.printer.text()).includes('-- cut --'));
  const scanned = (await counter.printer.scan()) ?? '';
  expect(scanned.startsWith(`${RECEIPT_URL}/`)).toBe(true);
  const claim = verifyReceiptToken(nodeSuite, scanned.slice(RECEIPT_URL.length + 1), (terminal) =>
    terminal === 7 ? counter.receiptKey : undefined,
  );
  expect(claim.serviceReference).toBe(serviceReferenceOf(nodeSuite, 'CASE-4'));

  expect(await counter.outcomes()).toEqual(['CASE-4 not-rated', 'CASE-3 rated', 'CASE-2 rated', 'CASE-1 rated']);

  // Killed in a session: the page waits, the session goes on, and the press of before the kill is the rating.
  await counter.open('CASE-5');
  await counter.pressKey(1);
  await counter.program.kill();
  await counter.program.start();
  // The page finds it again by itself.
  await page.getByText('正在恢复').waitFor({ state: 'detached' });
  await page.getByText('李明').waitFor();
  await until('it is rated', async () => (await counter.outcomes())[0] === 'CASE-5 rated');
  expect(counter.faults).toEqual([]);
});

test('two keys at once, a press too late and one too early are answered kindly', async () => {
  const counter = await new RealCounter().start();
  const { page, board } = counter;
  await page.getByText('请等待工作人员邀请评价').waitFor();
  board.press(3);
  await page.getByRole('status').filter({ hasText: /./ }).first().waitFor();
  board.release(3);
  await counter.open('CASE-1');
  board.press(2);
  board.press(4);
  await page.getByText('请只按一个键').waitFor();
  board.release(2);
  board.release(4);
  expect(await counter.outcomes()).toEqual([]);
});
