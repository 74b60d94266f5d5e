import { expect, it } from 'vitest';
import { profileWith, RECEIPT, RECEIPT_URL, rowsOf, slipSaying, startPrinter, until } from './bench-printer.js';

it('and only then is it printed, once and whole', async () => {
  // Patient, so that a busy machine asks for nothing twice.
  const timeouts = { answerMs: 5_000, settleMs: 5_000, acceptMs: 5_000, confirmMs: 20_000 };
  const { peer, printer } = await startPrinter(profileWith({ timeouts }));
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed' });
  expect(peer.slips).toHaveLength(1);
  expect(rowsOf(peer, 0)).toEqual([
    '甘孜州政务服务中心',
    '受理回执',
    '-'.repeat(32),
    '事项 居民身份证换领',
    '办件编号 513300202611210001',
    '窗口 12',
    '工号 0231',
    '办理时间 2026-11-21 09:30',
    '-'.repeat(32),
    '请扫码评价本次服务',
    `[QR ${RECEIPT_URL}]`,
    '评价内容对窗口人员保密',
    '工本费￥20，凭此回执领取证件',
  ]);
  expect(peer.garbage).toEqual([]);
  // Before the first slip of a connection what the printer holds is asked for, then the slip itself.
  expect(peer.confirmations).toBe(2);
});

it('tells what nobody has a character for', async () => {
  const { peer, printer } = await startPrinter();
  // Private use: by definition no font of a system has them.
  expect(await printer.print(slipSaying('\u{10fff0}\u{10fff1}中'))).toMatchObject({
    outcome: 'printed',
    unprintable: ['\u{10fff0}', '\u{10fff1}'],
  });
  expect(rowsOf(peer, 0)[0]).toBe('〓〓中');
});

it('stays unknown when it is never confirmed, and a late answer confirms no other slip', async () => {
  const timeouts = { answerMs: 100, settleMs: 150, acceptMs: 1_000, confirmMs: 300 };
  const { peer, printer } = await startPrinter(profileWith({ timeouts }));
  expect(await printer.print(slipSaying('first'))).toEqual({ outcome: 'printed' });
  peer.answersConfirmation = false;
  expect(await printer.print(slipSaying('second'))).toEqual({
    outcome: 'unknown',
    reason: 'the printer did not confirm the slip in time',
  });
  await until(() => peer.connections === 2 && printer.status.link === 'connected');
  const third = printer.print(slipSaying('third'));
  expect(await third).toEqual({ outcome: 'not-printed', reason: 'the printer still holds something from before' });
  expect(peer.slips).toHaveLength(2);
  peer.answersConfirmation = true;
  expect(await printer.print(slipSaying('third'))).toEqual({ outcome: 'printed' });
  expect(peer.slips.map(({ rows }) => rows[0])).toEqual(['first', 'second', 'third']);
});

it('takes one at a time', async () => {
  const { peer, printer } = await startPrinter();
  const first = printer.print(slipSaying('first'));
  expect(await printer.print(slipSaying('second'))).toEqual({
    outcome: 'not-printed',
    reason: 'another slip is being printed',
  });
  expect(await first).toEqual({ outcome: 'printed' });
  expect(peer.slips).toHaveLength(1);
});
