import { expect, test, vi } from 'vitest';
import { receiptsAtWork } from './receipts-at-work.js';

test('garbage in mid slip: the slip counts as printed only when it is on paper, and is there once', async () => {
  const work = await receiptsAtWork();
  const SERVICES = 3;
  for (let seed = 1; seed <= SERVICES; seed += 1) {
    const serviceId = `S${seed}`;
    await work.printer.set({ paperAfterLines: 4 });
    work.open(serviceId);
    work.later(serviceId);
    await vi.waitFor(() => expect(work.desk.status.paper).toBe('out'), { timeout: 10_000 });
    for (let burst = 0; burst < 3; burst += 1) {
      await work.printer.post('/garbage', { length: 64, seed: seed * 10 + burst });
      // The printer still holds the slip, so nothing may be told of it.
      expect(work.told().at(-1)).toBe(`${serviceId} 1 queued`);
    }
    await work.printer.set({ paper: 'ok' });
    await vi.waitFor(() => expect(work.told().at(-1)).toBe(`${serviceId} 1 printed`), { timeout: 20_000 });
    expect(await work.slips()).toHaveLength(seed);
  }
  const slips = await work.slips();
  expect(slips.map((slip) => /SZ-2026-(S\d)/.exec(slip)?.[1])).toEqual(['S1', 'S2', 'S3']);
  expect(slips.filter((slip) => slip.includes('补打'))).toEqual([]);
});

test('garbage without an end: the printer is at fault or lost, and serves again when it has ended', async () => {
  const work = await receiptsAtWork();
  let speaks = true;
  const speaking = (async () => {
    for (let seed = 1; speaks; seed += 1) await work.printer.post('/garbage', { length: 512, seed });
  })();
  await vi.waitFor(() => expect(['degraded', 'lost']).toContain(work.desk.status.link), { timeout: 10_000 });
  work.open('S1');
  work.later('S1');
  await vi.waitFor(() => expect(work.desk.slipOf('S1')).toBe('failed'), { timeout: 10_000 });
  await work.printerIs('lost');
  speaks = false;
  await speaking;
  await vi.waitFor(() => expect(work.told().at(-1)).toMatch(/^S1 1 printed$/), { timeout: 20_000 });
  const slips = await work.slips();
  expect(slips.filter((slip) => !slip.includes('补打')).length).toBeLessThanOrEqual(1);
});
