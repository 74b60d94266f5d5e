import { expect, test, vi } from 'vitest';
import { receiptsAtWork } from './receipts-at-work.js';

test.each([
  [{ cover: 'open' }, { cover: 'closed' }, 'cover-open', 'cover-open'],
  [{ cutter: 'error' }, { cutter: 'ok' }, 'cutter-error', 'cutter-error'],
  [{ online: false }, { online: true }, 'printer-offline', 'printer-offline'],
  [{ paper: 'out' }, { paper: 'ok' }, 'paper-out', null],
  // Most sensors see no paper under an open cover.
  [{ paper: 'out', cover: 'open' }, { paper: 'ok', cover: 'closed' }, 'cover-open', 'cover-open'],
] as const)(
  '%o has its code in the log and for the desk, and holds the slips until %o',
  async (trouble, over, code, fault) => {
    const work = await receiptsAtWork();
    await vi.waitFor(() => expect(work.faults()).toEqual(['connected']));
    await work.printer.set(trouble);
    await vi.waitFor(() => expect(work.faults()).toEqual(['connected', `degraded ${code}`]), { timeout: 10_000 });
    expect(work.desk.fault).toBe(fault);
    work.open('S1');
    work.later('S1');
    await vi.waitFor(() => expect(work.desk.slipOf('S1')).toBe('failed'), { timeout: 10_000 });
    expect(await work.slips()).toHaveLength(0);
    await work.printer.set(over);
    await vi.waitFor(() => expect(work.told().at(-1)).toBe('S1 1 printed'), { timeout: 10_000 });
    expect(work.desk.fault).toBeNull();
    expect(work.faults()).toEqual(['connected', `degraded ${code}`, 'connected']);
    expect((await work.slips()).filter((slip) => slip.includes('补打'))).toEqual([]);
  },
);

test('a printer that hangs is at fault, then lost; what waited is printed once it speaks again', async () => {
  const work = await receiptsAtWork();
  await work.printer.post('/stall', { on: true });
  await vi.waitFor(() => expect(work.desk.fault).toBe('printer-fault'), { timeout: 10_000 });
  await work.printerIs('lost');
  expect(work.desk.fault).toBeNull();
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.slipOf('S1')).toBe('failed'), { timeout: 10_000 });
  await work.printer.post('/stall', { on: false });
  await work.becomes('S1 1 queued', 'S1 1 printed');
  expect(await work.slips()).toHaveLength(1);
  expect(work.faults().slice(0, 4)).toEqual(['connected', 'degraded', 'lost printer-lost', 'connected']);
});
