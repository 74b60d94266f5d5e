import { describe, expect, it } from 'vitest';
import { GatewayTime } from '../../device/sync/gateway-time.js';

/** A terminal whose own wall clock is ten minutes slow. */
function atWork() {
  const clock = {
    monoNow: 5_000,
    wallOffset: 100_000,
    wallMs: () => clock.wallOffset + clock.monoNow,
    monoMs: () => clock.monoNow,
  };
  return { clock, time: new GatewayTime(clock, 2_000) };
}

describe('the time of the gateway', () => {
  it('is the own wall clock, and free, while none was heard', () => {
    const { clock, time } = atWork();
    expect([time.nowMs(), time.clockState(), time.echo]).toEqual([clock.wallMs(), 'free', null]);
  });

  it('goes on by the monotonic clock, and is synced while the wall clock agrees', () => {
    const { clock, time } = atWork();
    time.hear(700_000, null);
    expect([time.nowMs(), time.clockState()]).toEqual([700_000, 'free']);
    expect(time.echo).toEqual({ gatewayTime: 700_000, mono: 5_000 });
    clock.monoNow += 60_000;
    clock.wallOffset = 760_000 - clock.monoNow;
    expect([time.nowMs(), time.clockState()]).toEqual([760_000, 'synced']);
    clock.wallOffset += 2_000;
    expect(time.clockState()).toBe('synced');
    clock.wallOffset += 1;
    expect(time.clockState()).toBe('free');
  });

  it('is not turned back by a message that was held up', () => {
    const { clock, time } = atWork();
    time.hear(700_000, null);
    clock.monoNow += 10_000;
    time.hear(700_100, null); // said ten seconds ago
    expect(time.nowMs()).toBe(710_000);
    time.hear(700_100, 5_050); // nor when it is an answer that was that long on its way
    expect(time.nowMs()).toBe(710_000);
    time.hear(710_020, null); // nearer: the first one was 20 ms on its way
    expect(time.nowMs()).toBe(710_020);
  });

  it('follows clocks that run apart', () => {
    const { clock, time } = atWork();
    time.hear(700_000, null);
    let gatewayMs = 700_000;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      clock.monoNow += 60_000;
      gatewayMs += 60_000 - 6; // this terminal's crystal is 100 ppm fast
      time.hear(gatewayMs, null);
    }
    expect(time.nowMs()).toBe(gatewayMs);
  });

  it("goes back with the gateway's own clock, when an answer is earlier than its question", () => {
    const { clock, time } = atWork();
    time.hear(700_000, null);
    clock.monoNow += 10_000;
    const askedMonoMs = clock.monoNow;
    clock.monoNow += 50;
    time.hear(600_000, askedMonoMs);
    expect(time.nowMs()).toBe(600_000);
  });
});
