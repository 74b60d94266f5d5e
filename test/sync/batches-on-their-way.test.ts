import { describe, expect, it } from 'vitest';
import { InFlight } from '../../device/sync/in-flight.js';

const LIMITS = { batches: 3, minResendMs: 1_000, maxResendMs: 10_000 };

describe('batches on their way', () => {
  it('are as many as the window, and each that arrived makes room', () => {
    const inFlight = new InFlight(LIMITS);
    expect([inFlight.full, inFlight.empty]).toEqual([false, true]);
    for (const seq of [10, 20, 30]) inFlight.add(seq, 0);
    expect([inFlight.full, inFlight.empty]).toEqual([true, false]);
    inFlight.settle(9, 5);
    expect(inFlight.full).toBe(true);
    inFlight.settle(20, 5);
    expect(inFlight.full).toBe(false);
    inFlight.settle(30, 5);
    expect(inFlight.empty).toBe(true);
  });

  it('are waited for from the last progress, and for nothing when nothing is out', () => {
    const inFlight = new InFlight(LIMITS);
    expect(inFlight.resendAtMs()).toBeNull();
    inFlight.add(10, 100);
    inFlight.add(20, 200);
    expect(inFlight.resendAtMs()).toBe(1_100);
    inFlight.settle(10, 400);
    expect(inFlight.resendAtMs()).toBe(400 + 4 * 300);
    inFlight.settle(15, 900); // nothing arrived by it: no new time is given
    expect(inFlight.resendAtMs()).toBe(400 + 4 * 300);
    inFlight.clear();
    expect(inFlight.resendAtMs()).toBeNull();
  });

  it('are given the longer the slower acks come, within the bounds', () => {
    const inFlight = new InFlight(LIMITS);
    const waitAfter = (ackMs: number) => {
      inFlight.add(1, 0);
      inFlight.settle(1, ackMs);
      inFlight.add(2, 0);
      const at = inFlight.resendAtMs() ?? 0;
      inFlight.clear();
      return at;
    };
    expect(waitAfter(1)).toBe(1_000);
    expect(waitAfter(2_000)).toBeGreaterThan(1_000);
    for (let n = 0; n < 30; n += 1) waitAfter(60_000);
    expect(waitAfter(60_000)).toBe(10_000);
    for (let n = 0; n < 60; n += 1) waitAfter(1);
    expect(waitAfter(1)).toBe(1_000);
  });
});
