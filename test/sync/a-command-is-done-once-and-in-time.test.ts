import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerCommand } from '../../device/command-desk.js';
import type { Command } from '../../protocol/index.js';
import { encodeMessage } from '../../protocol/index.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { CASE, counterAtWork, type CounterAtWork } from '../device-session/counter-at-work.js';
import { testFolder } from '../device-log/log-at-work.js';
import { FAKED, syncAtWork, type SyncAtWork } from './sync-at-work.js';

beforeEach(() => void vi.useFakeTimers(FAKED));
afterEach(() => void vi.useRealTimers());

/** Commands come over the wire to a real counter with somebody on duty. */
async function atWork(): Promise<{ wire: SyncAtWork; counter: CounterAtWork }> {
  const counter = counterAtWork();
  counter.counter.dutyOn('1001');
  const wire = await syncAtWork({
    folder: testFolder(),
    onCommand: (command) => answerCommand(counter.counter, command),
  });
  wire.sync.start();
  await wire.settle();
  return { wire, counter };
}

function opening(validUntil: number, serviceId = CASE.serviceId): Command {
  return { v: 1, id: nodeRandomness.newId(), validUntil, type: 'service.open', service: { ...CASE, serviceId } };
}

const openings = ({ entries }: CounterAtWork) =>
  entries()
    .filter(({ kind }) => kind === 'service.opened')
    .map(({ body }) => body['serviceId']);

describe('a command', () => {
  it('that comes twice is done once and answered alike', async () => {
    const { wire, counter } = await atWork();
    const command = opening(wire.clock.nowMs + 15_000);
    for (let n = 0; n < 3; n += 1) wire.command(command);
    await wire.settle();
    expect(wire.hall.replies).toEqual(Array(3).fill({ v: 1, id: command.id, ok: true }));
    expect(openings(counter)).toEqual(['S1']);
    expect(counter.story.filter((line) => line === 'shows invited')).toHaveLength(1);
  });

  it('that comes again after the citizen has rated invites nobody', async () => {
    const { wire, counter } = await atWork();
    const command = opening(wire.clock.nowMs + 15_000);
    wire.command(command);
    counter.counter.press(5, 'touch');
    counter.time.advance(60_000);
    expect(counter.counter.snapshot().state).toBe('idle');
    wire.command(command);
    await wire.settle();
    expect(wire.hall.replies.at(-1)).toEqual({ v: 1, id: command.id, ok: false, code: 'service-over' });
    expect(openings(counter)).toEqual(['S1']);
    expect(counter.counter.snapshot().state).toBe('idle');
  });

  it('that comes after its validUntil is not carried out', async () => {
    const { wire, counter } = await atWork();
    const late = opening(wire.clock.nowMs - 1);
    wire.command(late);
    await wire.settle();
    expect(wire.hall.replies).toEqual([{ v: 1, id: late.id, ok: false, code: 'message-expired' }]);
    expect(openings(counter)).toEqual([]);
    const inTime = opening(wire.clock.nowMs);
    wire.command(inTime);
    await wire.settle();
    expect(openings(counter)).toEqual(['S1']);
  });

  it("is judged by the gateway's clock, not by a wall clock that nobody set", async () => {
    const { wire, counter } = await atWork();
    wire.clock.wallOffsetMs = -3_600_000;
    const late = opening(wire.clock.nowMs - 1);
    wire.command(late);
    await wire.settle();
    expect(openings(counter)).toEqual([]);
    wire.clock.wallOffsetMs = 3_600_000;
    wire.command(opening(wire.clock.nowMs + 1_000));
    await wire.settle();
    expect(openings(counter)).toEqual(['S1']);
  });

  it('that was held up together with older words of the gateway is still too late', async () => {
    const { wire, counter } = await atWork();
    const held: { channel: 'ack' | 'cmd'; payload: Uint8Array }[] = [];
    wire.link.carryDown = (message) => {
      held.push(message as (typeof held)[number]);
      return [];
    };
    // The program is frozen for a minute: what came in the meantime is read in its order afterwards.
    wire.log.append([{ kind: 'boot', body: { version: '1' } }]);
    await wire.settle();
    wire.command(opening(wire.clock.nowMs + 15_000));
    wire.clock.nowMs += 60_000;
    wire.link.carryDown = (message) => [message];
    expect(held.map(({ channel }) => channel)).toEqual(['ack', 'cmd']);
    for (const message of held) wire.link.receive(message);
    await wire.settle();
    expect(wire.hall.replies.map(({ code }) => code)).toEqual(['message-expired']);
    expect(openings(counter)).toEqual([]);
  });

  it("is taken again when the gateway's own clock went back", async () => {
    const { wire, counter } = await atWork();
    wire.hall.clockOffsetMs = -3_600_000;
    const gatewayNowMs = () => wire.clock.nowMs - 3_600_000;
    wire.command(opening(gatewayNowMs() + 15_000));
    await wire.settle();
    expect(wire.hall.replies.map(({ code }) => code)).toEqual(['message-expired']);
    wire.command(opening(gatewayNowMs() + 15_000));
    await wire.settle();
    expect(wire.hall.replies.at(-1)).toMatchObject({ ok: true });
    expect(openings(counter)).toEqual(['S1']);
  });

  it('that is no command is set aside without a word, and the next is heard', async () => {
    const { wire, counter } = await atWork();
    for (const text of ['', '{', '{"v":2}', '{"v":1,"type":"service.open"}', '[]']) {
      wire.link.receive({ channel: 'cmd', payload: Buffer.from(text) });
      wire.link.receive({ channel: 'ack', payload: Buffer.from(text) });
      wire.link.receive({ channel: 'config', payload: Buffer.from(text) });
    }
    wire.link.receive({ channel: 'cmd', payload: encodeMessage(nodeSuite, 'cmd', opening(wire.clock.nowMs + 1_000)) });
    await wire.settle();
    expect(wire.hall.replies).toHaveLength(1);
    expect(openings(counter)).toEqual(['S1']);
    expect(wire.sync.connected).toBe(true);
  });
});
