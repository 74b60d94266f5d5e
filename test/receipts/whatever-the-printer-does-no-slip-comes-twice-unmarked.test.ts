import { expect, test, vi } from 'vitest';
import { receiptsAtWork } from './receipts-at-work.js';

test('paper that runs out in the middle: after the reload the slip is there once, unmarked', async () => {
  const work = await receiptsAtWork();
  await work.printer.set({ paperAfterLines: 5 });
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
  expect(await work.slips()).toEqual([]);
  expect(work.told()).toEqual(['S1 1 queued']);
  await work.printer.set({ paper: 'ok' });
  await work.becomes('S1 1 queued', 'S1 1 printed');
  const slips = await work.slips();
  expect(slips).toHaveLength(1);
  expect(slips[0]).not.toContain('补打');
});

test('no paper from the start: the slip waits, the screen is told, and it prints once when there is some', async () => {
  const work = await receiptsAtWork();
  await work.printer.set({ paper: 'out' });
  await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.slipOf('S1')).toBe('failed'), { timeout: 10_000 });
  await work.printer.set({ paper: 'ok' });
  await work.becomes('S1 1 queued', 'S1 1 printed');
  expect((await work.slips()).map((slip) => slip.includes('补打'))).toEqual([false]);
});

test('a cable cut while the slip is held by the printer: nobody can tell, so the next is marked', async () => {
  const work = await receiptsAtWork();
  await work.printer.set({ paperAfterLines: 4 });
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
  await work.printer.drop();
  await vi.waitFor(() => expect(work.told()).toEqual(['S1 1 queued', 'S1 1 in-doubt']), { timeout: 20_000 });
  await work.printer.set({ paper: 'ok' });
  await work.becomes('S1 1 queued', 'S1 1 in-doubt', 'S1 1 printed');
  const slips = await work.slips();
  expect(slips.filter((slip) => !slip.includes('补打')).length).toBeLessThanOrEqual(1);
  expect(slips.filter((slip) => slip.includes('补打'))).toHaveLength(1);
});

test('a program that dies while printing does not know either: the next is marked', async () => {
  const work = await receiptsAtWork();
  await work.printer.set({ paperAfterLines: 4 });
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
  await work.die();
  await work.printer.set({ paper: 'ok' });
  work.start();
  await work.becomes('S1 1 queued', 'S1 1 printed');
  expect((await work.slips()).filter((slip) => slip.includes('补打'))).toHaveLength(1);
});

test('a program that dies before printing prints once, unmarked', async () => {
  const work = await receiptsAtWork();
  await work.printer.set({ paper: 'out' });
  await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.slipOf('S1')).toBe('failed'), { timeout: 10_000 });
  await work.die();
  await work.printer.set({ paper: 'ok' });
  work.start();
  await work.becomes('S1 1 queued', 'S1 1 printed');
  expect((await work.slips()).map((slip) => slip.includes('补打'))).toEqual([false]);
});

test('a slip that waited for longer than the policy allows is dropped with an entry', async () => {
  const work = await receiptsAtWork();
  work.policy = { ...work.policy, receipt: { ...work.policy.receipt, dropAfterMs: 0 } };
  await work.printer.set({ paper: 'out' });
  await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
  work.open('S1');
  work.later('S1');
  await work.becomes('S1 1 queued', 'S1 1 dropped');
  await work.printer.set({ paper: 'ok' });
  work.policy = { ...work.policy, receipt: { ...work.policy.receipt, dropAfterMs: 600_000 } };
  work.open('S2');
  work.later('S2');
  await work.becomes('S1 1 queued', 'S1 1 dropped', 'S2 1 queued', 'S2 1 printed');
  expect(await work.slips()).toHaveLength(1);
});

test('a printer that never tells prints each slip once, and what is not known is said', async () => {
  const work = await receiptsAtWork({ profile: 'escpos-58-mute' });
  work.open('S1');
  work.later('S1');
  await work.becomes('S1 1 queued', 'S1 1 printed');
  work.open('S2');
  work.later('S2');
  await work.becomes('S1 1 queued', 'S1 1 printed', 'S2 1 queued', 'S2 1 printed');
  await vi.waitFor(async () => expect(await work.slips()).toHaveLength(2), { timeout: 10_000 });
  expect(work.desk.slipOf('S2')).toBe('failed');
});

test('slips of several services come in the order they were asked for', async () => {
  const work = await receiptsAtWork();
  for (const serviceId of ['S1', 'S2', 'S3']) {
    work.open(serviceId);
    work.later(serviceId);
  }
  await vi.waitFor(async () => expect(await work.slips()).toHaveLength(3), { timeout: 20_000 });
  expect((await work.slips()).map((slip) => /SZ-2026-(S\d)/.exec(slip)?.[1])).toEqual(['S1', 'S2', 'S3']);
});
