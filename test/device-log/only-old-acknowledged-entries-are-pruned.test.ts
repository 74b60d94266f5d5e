import { describe, expect, it } from 'vitest';
import { headMessage } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import {
  BOOT,
  checkOwn,
  DAY_MS,
  DrivenClock,
  live,
  logIn,
  openLog,
  parsed,
  promised,
  rated,
  SOURCE,
  storedEntries,
  testFolder,
} from './log-at-work.js';

describe('pruning', () => {
  /** Entries 1–4 on the first day, 5–7 on the eleventh. */
  function twoDays() {
    const folder = testFolder();
    const clock = new DrivenClock();
    const log = openLog(folder, clock);
    const startMs = clock.nowMs;
    log.append(rated('S1'));
    clock.nowMs += 10 * DAY_MS;
    log.append(rated('S2'));
    return { folder, clock, log, startMs };
  }

  it('takes nothing that is not acknowledged, however old', () => {
    const { folder, log, clock } = twoDays();
    expect(log.prune(clock.nowMs + DAY_MS, 100)).toBe(0);
    log.acknowledge(live(log), promised(log, 2));
    expect(log.prune(clock.nowMs + DAY_MS, 100)).toBe(2);
    expect(storedEntries(folder).map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  it('takes nothing that is young, although it is acknowledged, and a round is bounded', () => {
    const { folder, log, startMs } = twoDays();
    log.acknowledge(live(log), promised(log, 7));
    expect(log.prune(startMs, 100)).toBe(0);
    expect(log.prune(startMs + 1, 3)).toBe(3);
    expect(log.prune(startMs + 1, 100)).toBe(1);
    expect(log.prune(startMs + 1, 100)).toBe(0);
    expect(storedEntries(folder).map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9]);
  });

  it('leaves the signed chain at that place, in the log and beside it', () => {
    const { folder, log, startMs } = twoDays();
    const epoch = live(log);
    const [hashAt3, hashAt4, hashAt5] = [3, 4, 5].map((seq) => log.hashAt(epoch, seq));
    log.acknowledge(epoch, promised(log, 7));
    log.prune(startMs + 1, 100);

    const pruned = live(log);
    expect(pruned.prunedSeq).toBe(4);
    expect(log.hashAt(pruned, 3)).toBeNull();
    expect(log.hashAt(pruned, 4)).toEqual(hashAt4);
    expect(log.hashAt(pruned, 5)).toEqual(hashAt5);
    expect(hashAt3).not.toBeNull();
    const checkpoint = log.checkpoint(pruned);
    if (checkpoint === null || hashAt4 == null) throw new Error('no checkpoint');
    expect(checkpoint).toMatchObject({ seq: 4, hash: nodeSuite.base64urlEncode(hashAt4) });
    const head = { source: SOURCE, epoch: epoch.epoch, seq: 4, hash: hashAt4 };
    expect(checkOwn(headMessage(nodeSuite, head), nodeSuite.base64urlDecode(checkpoint.sig))).toBe(true);
    expect(parsed(storedEntries(folder)).at(-1)).toMatchObject({ kind: 'checkpoint', body: checkpoint });
    expect(log.slice(pruned, 4, 10, 10_000)).toBeNull();
    expect(log.slice(pruned, 5, 10, 10_000)?.prevHash).toEqual(hashAt4);
  });

  it('is survived by the next start, also when every entry of a past epoch went', () => {
    const { folder, clock, log } = twoDays();
    log.acknowledge(live(log), promised(log, 7));
    log.leave(live(log), 'fork');
    expect(log.prune(clock.nowMs + DAY_MS, 100)).toBe(7);
    log.acknowledge(live(log), promised(log, 1));
    expect(log.prune(clock.nowMs + DAY_MS, 100)).toBe(1);
    log.close();
    const again = logIn(folder, clock);
    expect(again.open()).toEqual({ damaged: null });
    const [past, now] = again.epochs();
    expect(past).toMatchObject({ endSeq: 7, prunedSeq: 7, live: false });
    const endSeq = now?.endSeq ?? 0;
    again.append([BOOT]);
    expect(live(again).endSeq).toBe(endSeq + 1);
  });

  it('forgets ended services of those days, and never one that is open', () => {
    const { log, clock } = twoDays();
    log.append(rated('open').slice(0, 1));
    log.acknowledge(live(log), promised(log, 8));
    clock.nowMs += 10 * DAY_MS;
    log.append(rated('young'));
    log.prune(clock.nowMs - DAY_MS, 100);
    expect(['S1', 'S2', 'open', 'young'].map((id) => log.serviceState(id))).toEqual([
      'unknown',
      'unknown',
      'open',
      'ended',
    ]);
  });
});
