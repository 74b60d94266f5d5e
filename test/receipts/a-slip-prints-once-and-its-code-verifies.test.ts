import { expect, test } from 'vitest';
import { serviceReferenceOf, verifyReceiptToken } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { KEY, receiptsAtWork, URL_BASE } from './receipts-at-work.js';

test('the slip says what the citizen needs, and an independent reader finds a code on it that verifies', async () => {
  const work = await receiptsAtWork();
  work.open('S1');
  work.later('S1');
  await work.becomes('S1 1 queued', 'S1 1 printed');
  const [slip = '', ...more] = await work.slips();
  expect(more).toEqual([]);
  for (const words of [
    '测试市政务服务大厅',
    '受理回执',
    '婚姻登记',
    'SZ-2026-S1',
    '1001',
    '2026-11-21 09:30',
    '请扫码评价本次服务',
  ])
    expect(slip).toContain(words);
  expect(slip).not.toContain('离婚');
  expect(slip).not.toContain('补打');
  const scanned = (await work.printer.scan()) ?? '';
  expect(scanned.startsWith(`${URL_BASE}/`)).toBe(true);
  const claim = verifyReceiptToken(nodeSuite, scanned.slice(URL_BASE.length + 1), (terminal, key) =>
    terminal === 12 && key === 1 ? KEY : undefined,
  );
  expect(claim.serviceReference).toBe(serviceReferenceOf(nodeSuite, 'S1'));
  expect((await work.printer.state())['unknown']).toEqual([]);
  expect(work.desk.slipOf('S1')).toBe('printed');
});

test('a slip printed after the rating carries no code', async () => {
  const work = await receiptsAtWork();
  work.open('S1');
  work.log.append([
    { kind: 'press', body: { id: 'press000001', serviceId: 'S1', level: 1, via: 'key' } },
    { kind: 'rating', body: { id: 'press000001', serviceId: 'S1', level: 1, cause: 'time-over' } },
  ]);
  work.desk.printAgain('S1');
  await work.becomes('S1 1 queued', 'S1 1 printed');
  const [slip = ''] = await work.slips();
  expect(slip).toContain('本次服务已评价');
  expect(slip).not.toMatch(/QR|https|满意/);
});

test('in a session the slip carries the code whether or not there is a press (I6)', async () => {
  const work = await receiptsAtWork();
  work.open('S1');
  work.desk.printAgain('S1');
  await work.becomes('S1 1 queued', 'S1 1 printed');
  work.log.append([{ kind: 'press', body: { id: 'press000001', serviceId: 'S1', level: 1, via: 'key' } }]);
  work.desk.printAgain('S1');
  await work.becomes('S1 1 queued', 'S1 1 printed', 'S1 2 queued', 'S1 2 printed');
  const [before = '', after = ''] = await work.slips();
  expect(after.replace('（补打）', '').replace(/\s/g, '')).toBe(before.replace(/\s/g, ''));
  expect(after).toContain('补打');
});

test('of a service that nobody knows no slip is printed', async () => {
  const work = await receiptsAtWork();
  expect(() => work.desk.printAgain('nobody')).toThrow(expect.objectContaining({ code: 'service-unknown' }));
  expect(work.told()).toEqual([]);
});
