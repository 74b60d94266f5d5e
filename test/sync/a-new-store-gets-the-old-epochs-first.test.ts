import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { live, parsed, rated, storedEntries, testFolder } from '../device-log/log-at-work.js';
import { FAKED, syncAtWork, type SyncAtWork } from './sync-at-work.js';

beforeEach(() => void vi.useFakeTimers(FAKED));
afterEach(() => void vi.useRealTimers());

async function epochsAtHall({ hall }: SyncAtWork): Promise<{ epoch: string; throughSeq: number }[]> {
  return hall.store.db
    .selectFrom('epoch')
    .select(['epoch', 'throughSeq'])
    .where('source', '=', 'hall/t1')
    .orderBy('id')
    .execute();
}

/** The connection dies with the hall, which comes back on another store. */
async function withAnotherStore(atWork: SyncAtWork, folder?: string): Promise<void> {
  atWork.link.cut();
  await atWork.hall.close();
  await atWork.hall.open(folder);
  await atWork.pass(5_000);
}

describe('a new store', () => {
  it('that lost everything gets every epoch that is still kept, the oldest first, without a word of the operator', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const { log, link, hall } = atWork;
    atWork.sync.start();
    log.append(rated('S1'));
    await atWork.settle();
    log.leave(live(log), 'fork');
    log.append(rated('S2'));
    await atWork.settle();
    log.leave(live(log), 'fork');
    log.append(rated('S3'));
    await atWork.pass(5_000);
    expect(await atWork.level()).toBe(true);
    const [first, second, third] = log.epochs();
    expect(await hall.rated()).toEqual(['S1', 'S2', 'S3']);
    const sent = link.batches().length;

    await withAnotherStore(atWork);

    expect(await atWork.level()).toBe(true);
    expect(await hall.rated()).toEqual(['S1', 'S2', 'S3']);
    expect(
      link
        .batches()
        .slice(sent)
        .map(({ epoch }) => epoch),
    ).toEqual([first, second, third].map((one) => one?.epoch));
    expect((await epochsAtHall(atWork)).map(({ epoch }) => epoch)).toEqual(
      [first, second, third].map((one) => one?.epoch),
    );
    // The gateway's key survived: a promise in its own hand told it what it forgot.
    expect((await hall.store.identity()).generation).toBe(2);
    expect(await hall.entries()).toEqual(parsed(storedEntries(atWork.folder)));
    log.append(rated('S4'));
    await atWork.settle();
    expect(await hall.rated()).toEqual(['S1', 'S2', 'S3', 'S4']);
  });

  it('that lost what the terminal has pruned names the gap and goes on', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const { log, hall } = atWork;
    atWork.sync.start();
    for (const id of ['S1', 'S2']) log.append(rated(id));
    await atWork.settle();
    expect(log.prune(Number.MAX_SAFE_INTEGER, 5)).toBe(5);
    log.append(rated('S3'));
    await atWork.settle();

    await withAnotherStore(atWork);

    expect(await atWork.level()).toBe(true);
    expect(await hall.store.db.selectFrom('gap').select(['fromSeq', 'throughSeq']).execute()).toEqual([
      { fromSeq: 1, throughSeq: 5 },
    ]);
    expect(await hall.entries()).toEqual(parsed(storedEntries(atWork.folder)));
    expect(await hall.rated()).toEqual(['S3']);
  });

  it('that is an older copy gets only what it forgot', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const { log, link, hall } = atWork;
    atWork.sync.start();
    log.append(rated('S1'));
    await atWork.settle();
    const copy = join(testFolder(), 'copy');
    await hall.close();
    cpSync(hall.folder, copy, { recursive: true });
    await hall.open(hall.folder);
    log.append(rated('S2'));
    log.append(rated('S3'));
    await atWork.pass(5_000);
    expect(await hall.rated()).toEqual(['S1', 'S2', 'S3']);
    const sent = link.batches().length;

    await withAnotherStore(atWork, copy);

    expect(await atWork.level()).toBe(true);
    expect(await hall.rated()).toEqual(['S1', 'S2', 'S3']);
    expect(
      link
        .batches()
        .slice(sent)
        .map(({ firstSeq }) => firstSeq),
    ).toEqual([5]);
    expect(await epochsAtHall(atWork)).toHaveLength(1);
  });

  it('under a running connection is found as well', async () => {
    const atWork = await syncAtWork({ folder: testFolder() });
    const { log, hall, link } = atWork;
    atWork.sync.start();
    log.append(rated('S1'));
    await atWork.settle();
    // Behind a broker of its own the gateway is exchanged unseen; the broker repeats the retained state.
    const retained = link.sent.filter(({ channel }) => channel === 'state').at(-1);
    await hall.close();
    await hall.open();
    if (retained !== undefined) hall.hear(retained);
    await atWork.pass(10_000);
    log.append(rated('S2'));
    await atWork.pass(10_000);
    expect(await atWork.level()).toBe(true);
    expect(await hall.rated()).toEqual(['S1', 'S2']);
    expect(link.tries).toBe(1);
  });
});
