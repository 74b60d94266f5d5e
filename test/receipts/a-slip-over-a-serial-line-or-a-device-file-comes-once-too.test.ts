/**
 * The device file of a USB printer (`/dev/usb/lp0`) is stood in for by a pty that is opened as a file: reading and
 * writing without blocking, and its going away, are real; the driver usblp is not.
 */
import { describe, expect, test, vi } from 'vitest';
import { hasSocat } from '../printer/pty.js';
import { receiptsAtWork } from './receipts-at-work.js';

describe.skipIf(!hasSocat()).each(['serial', 'file'] as const)('by the wire %s', (wire) => {
  test('paper out in mid slip: after the reload it is there once, unmarked', async () => {
    const work = await receiptsAtWork({ wire });
    await work.printer.set({ paperAfterLines: 5 });
    work.open('S1');
    work.later('S1');
    await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
    expect(work.told()).toEqual(['S1 1 queued']);
    await work.printer.set({ paper: 'ok' });
    await work.becomes('S1 1 queued', 'S1 1 printed');
    const slips = await work.slips();
    expect(slips).toHaveLength(1);
    expect(slips[0]).not.toContain('补打');
    expect(await work.printer.scan()).toContain('https://pj.example.gov.cn/r/');
    expect((await work.printer.state())['unknown']).toEqual([]);
  });

  test('a cable pulled out while the printer holds the slip: found again, and the next is marked', async () => {
    const work = await receiptsAtWork({ wire });
    await work.printer.set({ paperAfterLines: 4 });
    work.open('S1');
    work.later('S1');
    await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
    await work.pty?.cut();
    await vi.waitFor(() => expect(work.told()).toEqual(['S1 1 queued', 'S1 1 in-doubt']), { timeout: 20_000 });
    await work.printerIs('lost');
    await work.printer.set({ paper: 'ok' });
    await work.pty?.join();
    await work.becomes('S1 1 queued', 'S1 1 in-doubt', 'S1 1 printed');
    const slips = await work.slips();
    expect(slips.filter((slip) => !slip.includes('补打')).length).toBeLessThanOrEqual(1);
    expect(slips.filter((slip) => slip.includes('补打'))).toHaveLength(1);
  });

  test('a cable pulled out and put in again between slips: every slip once, unmarked', async () => {
    const work = await receiptsAtWork({ wire });
    for (const serviceId of ['S1', 'S2', 'S3']) {
      await work.pty?.cut();
      await work.printerIs('lost');
      work.open(serviceId);
      work.later(serviceId);
      await work.pty?.join();
      await vi.waitFor(() => expect(work.told().at(-1)).toBe(`${serviceId} 1 printed`), { timeout: 20_000 });
    }
    const slips = await work.slips();
    expect(slips.map((slip) => /SZ-2026-(S\d)/.exec(slip)?.[1])).toEqual(['S1', 'S2', 'S3']);
    expect(slips.filter((slip) => slip.includes('补打'))).toEqual([]);
  });
});
