import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeMessage, type AckMessage } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { live, promised, rated, testFolder } from '../device-log/log-at-work.js';
import { FAKED, syncAtWork, type SyncAtWork } from './sync-at-work.js';

beforeEach(() => void vi.useFakeTimers(FAKED));
afterEach(() => void vi.useRealTimers());

/** The terminal's key is taken out of the registry, or put back. */
async function setKey({ hall }: SyncAtWork, revokedAt: number | null): Promise<void> {
  await hall.store.db.updateTable('terminalKey').set({ revokedAt }).execute();
}

describe('a refusal', () => {
  it('degrades the link, is tried again by the schedule, and is over when it is over', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    await setKey(atWork, 1);
    atWork.log.append(rated('S1'));
    atWork.sync.start();
    await atWork.settle();
    expect(atWork.hall.refused).toEqual(['key-revoked']);
    expect(atWork.linkStates).toEqual(['connected', 'degraded']);
    const batchesAfter: number[] = [];
    for (let second = 0; second < 40; second += 1) {
      await atWork.pass(1_000);
      batchesAfter.push(atWork.link.batches().length);
    }
    // Tried again after 1, 2, 4, 8 and 16 seconds: no busy loop, and no end of trying.
    expect(
      batchesAfter
        .map((total, index) => (total > (batchesAfter[index - 1] ?? 1) ? index + 1 : 0))
        .filter((at) => at > 0),
    ).toEqual([1, 3, 7, 15, 31]);
    await setKey(atWork, null);
    await atWork.pass(16_000);
    expect(await atWork.level()).toBe(true);
    expect(atWork.linkStates.at(-1)).toBe('connected');
    expect(await atWork.hall.rated()).toEqual(['S1']);
    // The next one starts at the beginning of the schedule again.
    await setKey(atWork, 1);
    atWork.log.append(rated('S2'));
    await atWork.settle();
    const before = atWork.link.batches().length;
    await atWork.pass(1_000);
    expect(atWork.link.batches().length).toBe(before + 1);
  });

  it('of a handshake is asked again by the schedule', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    atWork.link.carryUp = (message) => (message.channel === 'state' ? [] : [message]);
    atWork.sync.start();
    const asked: number[] = [];
    for (let second = 0; second < 32; second += 1) {
      await atWork.pass(1_000);
      asked.push(atWork.link.states().length);
    }
    expect(asked.at(-1)).toBeLessThanOrEqual(5);
    expect(asked.at(-1)).toBeGreaterThan(3);
    expect(atWork.link.batches()).toEqual([]);
  });

  it('by a gateway that goes back without a higher generation moves nothing', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    atWork.log.append(rated('S1'));
    atWork.sync.start();
    await atWork.settle();
    expect(await atWork.level()).toBe(true);
    const { ackedSeq } = live(atWork.log);
    const { epoch } = live(atWork.log);
    const { storeId, generation, headHash } = promised(atWork.log, 0);
    // The broker's answers come from somebody who forgot everything, and cannot prove that it may.
    atWork.link.carryUp = (message) => (message.channel === 'state' ? [] : [message]);
    atWork.link.cut();
    for (let n = 0; n < 12; n += 1) {
      await atWork.pass(1_000);
      const session = atWork.link.states().at(-1)?.['session'];
      const ack: AckMessage = {
        v: 1,
        epoch,
        throughSeq: 0,
        headHash,
        storeId,
        generation,
        gatewayTime: atWork.clock.nowMs,
        sig: 'x',
        ...(typeof session === 'string' ? { session } : {}),
      };
      atWork.link.receive({ channel: 'ack', payload: encodeMessage(nodeSuite, 'ack', ack) });
      await atWork.settle();
    }
    expect(live(atWork.log).ackedSeq).toBe(ackedSeq);
    expect(atWork.log.epochs()).toHaveLength(1);
    expect(atWork.linkStates.at(-1)).toBe('degraded');
    expect(atWork.link.states().length).toBeLessThan(10);
    atWork.link.carryUp = (message) => [message];
    await atWork.pass(20_000);
    expect(atWork.linkStates.at(-1)).toBe('connected');
  });
});
