import { expect, it } from 'vitest';
import { brokerLimitsSchema, DEFAULT_BROKER_LIMITS } from '../../gateway/broker/broker-limits.js';
import type { PacketKind, WirePacket } from '../../gateway/broker/packet-gate.js';
import { PeerInflow } from '../../gateway/broker/peer-inflow.js';
import { MAX_BATCH_WIRE_BYTES } from '../../protocol/index.js';

function wire(kind: PacketKind, bytes = 100): WirePacket {
  return { kind, bytes: Buffer.alloc(bytes), wireBytes: bytes };
}

it('while it drains: four batches on their way, as fast as the hall commits', () => {
  const inflow = new PeerInflow(DEFAULT_BROKER_LIMITS, 0);
  // 10 batches of 100 entries, 7 KB each, in 4 ms are 250,000 entries a second.
  const batch = wire('log', 7_000);
  const puback = wire('puback', 4);
  let waitedMs = 0;
  for (let ms = 0; ms < 2_000; ms += 4) {
    for (let sent = 0; sent < 10; sent += 1) {
      waitedMs += inflow.waitMs(batch, ms) + inflow.waitMs(puback, ms);
      inflow.took(batch, ms);
      inflow.took(puback, ms);
      if (sent % 4 === 3) inflow.answered(false, ms);
    }
    inflow.answered(false, ms);
  }
  expect(waitedMs).toBe(0);
});

it('batches past the bound wait for an ack, and for a time only when none comes', () => {
  const inflow = new PeerInflow(brokerLimitsSchema.parse({ maxUnanswered: 8, unansweredMs: 500 }), 0);
  for (let batch = 0; batch < 8; batch += 1) inflow.took(wire('log'), 10);
  expect(inflow.waitMs(wire('log'), 20)).toBe(490);
  expect(inflow.waitMs(wire('other'), 20)).toBe(0);
  inflow.answered(false, 30);
  expect(inflow.waitMs(wire('log'), 30)).toBe(0);
  for (let batch = 0; batch < 8; batch += 1) inflow.took(wire('log'), 40);
  expect(inflow.waitMs(wire('log'), 539)).toBe(1);
  expect(inflow.waitMs(wire('log'), 540)).toBe(0);
  inflow.took(wire('log'), 540);
  expect(inflow.waitMs(wire('log'), 540)).toBe(0);
});

it('bytes are bounded by their rate, and so is what is no batch', () => {
  const limits = brokerLimitsSchema.parse({
    bytes: { perSecond: 100_000, burst: 200_000 },
    messages: { perSecond: 10, burst: 5 },
  });
  const inflow = new PeerInflow(limits, 0);
  for (let sent = 0; sent < 4; sent += 1) {
    expect(inflow.waitMs(wire('log', MAX_BATCH_WIRE_BYTES), 0)).toBe(0);
    inflow.took(wire('log', MAX_BATCH_WIRE_BYTES), 0);
    inflow.answered(false, 0);
  }
  expect(inflow.waitMs(wire('log'), 0)).toBeGreaterThan(500);
  expect(inflow.waitMs(wire('log'), 1_000)).toBe(0);
  for (let said = 0; said < 5; said += 1) inflow.took(wire('other', 2), 1_000);
  expect(inflow.waitMs(wire('other', 2), 1_000)).toBeGreaterThan(0);
  expect(inflow.waitMs(wire('log'), 1_000)).toBe(0);
  expect(inflow.waitMs(wire('other', 2), 1_101)).toBe(0);
});

it('who is refused again and again is listened to at the rate of refusals', () => {
  const inflow = new PeerInflow(brokerLimitsSchema.parse({ refusals: { perSecond: 10, burst: 20 } }), 0);
  for (let said = 0; said < 20; said += 1) {
    expect(inflow.waitMs(wire('log'), 0)).toBe(0);
    inflow.took(wire('log'), 0);
    inflow.answered(true, 0);
  }
  expect(inflow.waitMs(wire('log'), 0)).toBeGreaterThan(0);
  expect(inflow.waitMs(wire('log'), 1_000)).toBe(0);
});
