import { describe, expect, it } from 'vitest';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import {
  BOOT,
  chainHolds,
  live,
  onFile,
  openLog,
  parsed,
  promised,
  rated,
  storedEntries,
  testFolder,
} from './log-at-work.js';

/** What stands the second time: the same words and ids, another place, and where they stood first. */
describe('leaving an epoch', () => {
  it('opens another that names it, with the unacknowledged entries under their own ids', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('S1', 4));
    log.acknowledge(live(log), promised(log, 4));
    log.append(rated('S2', 2));
    log.append([BOOT]);
    const old = live(log);
    const head = nodeSuite.base64urlEncode(log.hashAt(old, old.endSeq) ?? new Uint8Array());
    const before = parsed(storedEntries(folder, old.id));

    log.leave(old, 'fork');

    const next = live(log);
    expect(next.epoch).not.toBe(old.epoch);
    expect(log.epochs()[0]).toMatchObject({ epoch: old.epoch, live: false, endSeq: 4, ackedSeq: 4 });
    const rows = storedEntries(folder, next.id);
    expect(chainHolds(rows, next.epoch)).toBe(true);
    const [opening, ...again] = parsed(rows);
    expect(opening?.body).toMatchObject({ cause: 'fork', ancestor: { epoch: old.epoch, seq: old.endSeq, hash: head } });
    expect(again).toEqual(
      before.slice(4).map((entry, index) => ({
        ...entry,
        epoch: next.epoch,
        seq: index + 2,
        re: { epoch: old.epoch, seq: entry.seq },
      })),
    );
    expect(again.map(({ kind }) => kind)).toEqual(['service.opened', 'press', 'rating', 'boot']);
    expect(log.backlog()).toBe(5);
    // Nothing of the old epoch is thrown away.
    expect(parsed(storedEntries(folder, old.id))).toEqual(before);
  });

  it('names the first place also when an entry moves twice, and never carries over what is about an epoch', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('S1'));
    const first = live(log);
    log.leave(first, 'fork');
    const second = live(log);
    log.leave(second, 'stopped');
    const third = live(log);
    const entries = parsed(storedEntries(folder, third.id));
    expect(entries.map(({ kind }) => kind)).toEqual(['epoch', 'service.opened', 'press', 'rating']);
    expect(entries[0]?.body).toMatchObject({ cause: 'stopped', ancestor: { epoch: second.epoch } });
    expect(entries.slice(1).map(({ re }) => re)).toEqual([2, 3, 4].map((seq) => ({ epoch: first.epoch, seq })));
  });

  it('of a past epoch appends to the live one and opens none', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('S1'));
    log.acknowledge(live(log), promised(log, 4));
    log.leave(live(log), 'fork');
    log.forgetAcknowledgements();
    const [past] = log.epochs();
    if (past === undefined) throw new Error('no past epoch');
    const { epoch, endSeq } = live(log);
    log.leave(past, 'fork');
    expect(log.epochs()).toHaveLength(2);
    expect(live(log)).toMatchObject({ epoch, endSeq: endSeq + 3 });
    expect(chainHolds(storedEntries(folder, live(log).id), epoch)).toBe(true);
  });

  it('carries over all that is left when another store has it not and the beginning was pruned', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append(rated('S1'));
    log.append(rated('S2'));
    log.acknowledge(live(log), promised(log, 4));
    log.prune(Number.MAX_SAFE_INTEGER, 100);
    log.forgetAcknowledgements();
    log.leave(live(log), 'fork');
    const entries = parsed(storedEntries(folder, live(log).id));
    expect(entries.map(({ kind, re }) => [kind, re?.seq])).toEqual([
      ['epoch', undefined],
      ['service.opened', 5],
      ['press', 6],
      ['rating', 7],
    ]);
  });

  it('leaves what stands at the counter as it was', () => {
    const folder = testFolder();
    const log = openLog(folder);
    log.append([{ kind: 'duty.on', body: { staffNo: '1001' } }, ...rated('S1').slice(0, 2)]);
    const before = log.record();
    log.leave(live(log), 'fork');
    expect(log.record()).toEqual(before);
    log.close();
    expect(openLog(folder).record()).toEqual(before);
    expect(log.record().service?.serviceId).toBe('S1');
  });

  it('carries over a long backlog page by page, but for what its chain does not vouch for', () => {
    const folder = testFolder();
    const log = openLog(folder);
    for (let n = 0; n < 40; n += 1) log.append(Array.from({ length: 10 }, (_, k) => rated(`S${n}-${k}`)).flat());
    const old = live(log);
    const damaged = [500, 501, 1000, 1001];
    onFile(folder, (db) => {
      for (const seq of damaged) db.prepare("UPDATE entry SET bytes = x'00' WHERE seq = ?").run(seq);
    });
    log.leave(old, 'damaged');
    const carried = parsed(storedEntries(folder, live(log).id)).flatMap(({ re }) => (re === undefined ? [] : [re.seq]));
    const expected = Array.from({ length: old.endSeq - 1 }, (_, index) => index + 2);
    expect(carried).toEqual(expected.filter((seq) => !damaged.includes(seq)));
    expect(parsed(storedEntries(folder, live(log).id)).slice(-2)).toMatchObject([
      { kind: 'log.gap', body: { fromSeq: 500, throughSeq: 501 } },
      { kind: 'log.gap', body: { fromSeq: 1000, throughSeq: 1001 } },
    ]);
  });
});
