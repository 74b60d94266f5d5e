import { expect, test, vi } from 'vitest';
import { receiptsAtWork } from './receipts-at-work.js';

const CHECK = { title: '自检', lines: ['2026-11-21 08:30', '窗口 3'], code: 'pjq-check-1a2b' };

test('it is printed with its code, and the log knows nothing of it', async () => {
  const work = await receiptsAtWork();
  expect(await work.desk.printCheckSlip(CHECK)).toEqual({ outcome: 'printed' });
  expect(await work.printer.lines()).toEqual(expect.arrayContaining(['自检', '窗口 3', '[QR pjq-check-1a2b]']));
  expect(await work.printer.scan()).toBe('pjq-check-1a2b');
  expect(work.told()).toEqual([]);
});

test('it waits for the slip that is printing, and delays those of citizens by one slip at most', async () => {
  const work = await receiptsAtWork();
  await work.printer.set({ paperAfterLines: 3 });
  for (const serviceId of ['S1', 'S2', 'S3']) {
    work.open(serviceId);
    work.later(serviceId);
  }
  // At the very turn: the paper is out a moment later.
  while (work.desk.slipOf('S1') !== 'printing') await new Promise(setImmediate);
  // While the first is printing; a second check slip has to wait until the first one is through.
  const first = work.desk.printCheckSlip({ ...CHECK, title: 'check 1' });
  expect(await work.desk.printCheckSlip(CHECK)).toEqual({
    outcome: 'not-printed',
    reason: 'another check slip waits',
  });
  await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
  await work.printer.set({ paper: 'ok' });
  expect(await first).toEqual({ outcome: 'printed' });
  const second = work.desk.printCheckSlip({ ...CHECK, title: 'check 2' });
  expect(await second).toEqual({ outcome: 'printed' });
  await vi.waitFor(async () => expect(await work.slips()).toHaveLength(5), { timeout: 20_000 });
  const order = (await work.slips()).map((slip) => /SZ-2026-(S\d)|(check \d)/.exec(slip)?.[0].replace('SZ-2026-', ''));
  expect(order).toEqual(['S1', 'check 1', 'S2', 'check 2', 'S3']);
  // A slip is on paper a moment before the printer has said so.
  await vi.waitFor(() => expect(work.told().filter((line) => line.endsWith('printed'))).toHaveLength(3));
});

test.each([
  [{ paper: 'out' }, 'the printer has no paper'],
  [{ cover: 'open' }, 'the cover of the printer is open'],
  [{ cutter: 'error' }, 'the cutter of the printer is jammed'],
  [{ online: false }, 'the printer is offline or reports an error'],
] as const)(
  'a printer that cannot print says why, also when it has only just happened: %j',
  async (trouble, reason) => {
    const work = await receiptsAtWork();
    await work.printer.set(trouble);
    expect(await work.desk.printCheckSlip(CHECK)).toEqual({ outcome: 'not-printed', reason });
    // Nothing of it comes out later.
    await work.printer.set({ paper: 'ok', cover: 'closed', cutter: 'ok', online: true });
    work.open('S1');
    work.later('S1');
    await work.becomes('S1 1 queued', 'S1 1 printed');
    expect(await work.slips()).toHaveLength(1);
  },
);

test('a check that waits when the terminal is stopped gets its answer', async () => {
  const work = await receiptsAtWork();
  await work.printer.set({ paperAfterLines: 2 });
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.slipOf('S1')).toBe('printing'), { timeout: 10_000 });
  const waiting = work.desk.printCheckSlip(CHECK);
  await work.die();
  expect(await waiting).toEqual({ outcome: 'not-printed', reason: 'the terminal is being stopped' });
});
