import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeMessage } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { live, parsed, rated, storedEntries, testFolder } from '../device-log/log-at-work.js';
import { seeded } from '../support/seeded.js';
import type { Up } from './simulated-link.js';
import { FAKED, syncAtWork, type SyncAtWork } from './sync-at-work.js';

beforeEach(() => void vi.useFakeTimers(FAKED));
afterEach(() => void vi.useRealTimers());

/** Enough services for so many batches of 100 entries. */
function fill(atWork: SyncAtWork, batches: number): string[] {
  const ids = Array.from({ length: Math.ceil((batches * 100) / 3) }, (_, index) => `S${index + 1}`);
  for (let from = 0; from < ids.length; from += 30)
    atWork.log.append(ids.slice(from, from + 30).flatMap((id) => rated(id)));
  return ids;
}

/** What stands at the hall is the log, entry for entry, and every rating once. */
async function expectWhole({ hall, folder }: SyncAtWork, ids: readonly string[]): Promise<void> {
  expect(await hall.entries()).toEqual(parsed(storedEntries(folder)));
  expect(await hall.rated()).toEqual(ids);
  expect(hall.refused.filter((code) => code !== 'batch-pending')).toEqual([]);
}

describe('whatever the wire does, the log arrives once and in order', () => {
  it('with nothing in the way: a handshake, then each entry sent once', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const ids = fill(atWork, 5);
    atWork.sync.start();
    await atWork.settle();
    expect(await atWork.level()).toBe(true);
    await expectWhole(atWork, ids);
    const { endSeq } = live(atWork.log);
    expect(atWork.link.batches().map(({ firstSeq }) => firstSeq)).toEqual([1, 101, 201, 301, 401, 501]);
    expect(atWork.link.batches().at(-1)?.lastSeq).toBe(endSeq);
    expect(atWork.link.states()).toHaveLength(1);
    expect(atWork.linkStates).toEqual(['connected']);
    expect(decodeMessage(nodeSuite, 'state', atWork.link.wills[0] ?? new Uint8Array())).toEqual({
      v: 1,
      state: 'lost',
    });
    atWork.log.append(rated('later'));
    await atWork.settle();
    expect(await atWork.level()).toBe(true);
    expect(atWork.link.batches().at(-1)).toMatchObject({ firstSeq: endSeq + 1, lastSeq: endSeq + 3 });
  });

  it.each([2, 3, 4])('with never more than %i batches on their way', async (windowBatches) => {
    const atWork = await syncAtWork({ folder: testFolder(), windowBatches });
    const ids = fill(atWork, 9);
    const held: Up[] = [];
    let most = 0;
    atWork.link.carryUp = (message) => {
      if (message.channel !== 'log') return [message];
      held.push(message);
      most = Math.max(most, held.length);
      return [];
    };
    atWork.sync.start();
    await atWork.settle();
    expect(held).toHaveLength(windowBatches);
    while (held.length > 0) {
      const next = held.shift();
      if (next !== undefined) atWork.hall.hear(next);
      await atWork.settle();
    }
    expect(most).toBe(windowBatches);
    expect(await atWork.level()).toBe(true);
    await expectWhole(atWork, ids);
  });

  it('with every ack lost: silence ends by itself, and nothing stands twice', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const ids = fill(atWork, 5);
    let lose = true;
    let lost = 0;
    atWork.link.carryDown = (message) => {
      const drop =
        lose && message.channel === 'ack' && decodeMessage(nodeSuite, 'ack', message.payload).session === undefined;
      if (drop) lost += 1;
      return drop ? [] : [message];
    };
    atWork.sync.start();
    await atWork.settle();
    expect(atWork.link.batches()).toHaveLength(3);
    await atWork.pass(2_750);
    expect(atWork.link.batches()).toHaveLength(3); // not before its time
    await atWork.pass(250);
    expect(atWork.link.batches().map(({ firstSeq }) => firstSeq)).toEqual([1, 101, 201, 1, 101, 201]);
    expect(lost).toBeGreaterThan(3);
    lose = false;
    await atWork.pass(5_750);
    expect(atWork.link.batches()).toHaveLength(6); // the second time is given twice as long
    await atWork.pass(250);
    expect(await atWork.level()).toBe(true);
    await expectWhole(atWork, ids);
  });

  it('with acks doubled and the other way round', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const ids = fill(atWork, 6);
    const acks: Up[] = [];
    atWork.link.carryDown = (message) => {
      acks.push(message);
      return [message, ...acks.slice(-4).reverse(), message];
    };
    atWork.sync.start();
    await atWork.settle();
    expect(await atWork.level()).toBe(true);
    await expectWhole(atWork, ids);
    expect(atWork.link.batches().map(({ firstSeq }) => firstSeq)).toEqual([1, 101, 201, 301, 401, 501, 601]);
    expect(atWork.log.epochs()).toHaveLength(1);
  });

  it('with the connection cut in the middle of a window', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const ids = fill(atWork, 6);
    let carried = 0;
    atWork.link.carryUp = (message) => {
      if (message.channel !== 'log') return [message];
      carried += 1;
      if (carried !== 2) return carried < 2 || carried > 3 ? [message] : [];
      atWork.link.cut();
      return [];
    };
    atWork.sync.start();
    await atWork.settle();
    expect(atWork.linkStates).toEqual(['connected', 'lost']);
    expect(atWork.sync.connected).toBe(false);
    await atWork.pass(4_000);
    expect(await atWork.level()).toBe(true);
    await expectWhole(atWork, ids);
    expect(atWork.linkStates).toEqual(['connected', 'lost', 'connected']);
    expect(atWork.link.states().map(({ session }) => session)).toHaveLength(2);
  });

  it('with an ack of the connection before that comes late', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const held: Up[] = [];
    atWork.link.carryDown = (message) => {
      held.push(message);
      return [];
    };
    atWork.sync.start();
    await atWork.settle();
    const [answer] = held;
    if (answer === undefined) throw new Error('no answer to the handshake');
    atWork.link.cut();
    atWork.log.append(rated('S1'));
    atWork.link.carryDown = () => [];
    await atWork.pass(2_000);
    atWork.link.carryDown = (message) => [message];
    atWork.link.receive(answer);
    await atWork.settle();
    expect(atWork.link.batches()).toEqual([]); // it answers a question that nobody asks any more
    await atWork.pass(30_000);
    expect(await atWork.level()).toBe(true);
  });

  it('with the broker away at first: tried by the schedule, and no try too many', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const ids = fill(atWork, 1);
    atWork.link.reachable = false;
    atWork.sync.start();
    await atWork.settle();
    const triesAfter: number[] = [];
    for (let second = 0; second < 16; second += 1) {
      await atWork.pass(1_000);
      triesAfter.push(atWork.link.tries);
    }
    // Waits of 2, 4 and 8 seconds after the first tries.
    expect(triesAfter).toEqual([1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4]);
    atWork.link.reachable = true;
    await atWork.pass(20_000);
    expect(await atWork.level()).toBe(true);
    await expectWhole(atWork, ids);
  });

  it('with all of that at random', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e9 }), async (seed) => {
        const random = seeded(`wire ${seed}`);
        const atWork = await syncAtWork({ folder: testFolder() });
        let quiet = false;
        const late: Up[] = [];
        const troubled = (message: Up): readonly Up[] => {
          const chance = quiet ? 1 : random();
          if (chance < 0.15) return [];
          if (chance < 0.25) return [message, message];
          if (chance < 0.35) {
            late.push(message);
            return [];
          }
          return late.length > 0 && chance < 0.5 ? [message, ...late.splice(0)] : [message];
        };
        // A will and a state never overtake one another on a broker's connection; batches and acks may be lost with it.
        atWork.link.carryUp = (message) => (message.channel === 'log' ? troubled(message) : [message]);
        atWork.link.carryDown = (message) =>
          message.channel === 'ack' ? troubled(message).filter(({ channel }) => channel === 'ack') : [message];
        atWork.sync.start();
        const ids: string[] = [];
        for (let step = 0; step < 25; step += 1) {
          for (let n = 0; n < 15; n += 1) {
            const id = `S${ids.length + 1}`;
            ids.push(id);
            atWork.log.append(rated(id));
          }
          if (random() < 0.15) atWork.link.cut();
          await atWork.pass(1_000, 500);
        }
        quiet = true;
        await atWork.pass(40_000, 1_000);
        expect(await atWork.level()).toBe(true);
        await expectWhole(atWork, ids);
        expect(atWork.log.epochs()).toHaveLength(1);
        await atWork.sync.stop();
      }),
      { numRuns: 4, seed: 7 },
    );
  });
});
