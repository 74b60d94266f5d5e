import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOf, writeBacklog, type Backlog } from '../bench/drain/backlog.js';
import { drainOnce, type DrainFigures } from '../bench/drain/drain-once.js';
import { removeFolder } from '../bench/drain/folders.js';
import { complain } from '../bench/drain/ours.js';
import { lookWhatArrived } from '../bench/drain/what-arrived.js';

const TERMINALS = 3;
const RATINGS = 200;

describe('a night of ratings, drained by the real programs', () => {
  let backlog: Backlog;
  let figures: DrainFigures;
  /** The gateway's file as the drain left it, and the terminals' beside it. */
  let drained: string;

  beforeAll(async () => {
    backlog = await writeBacklog({ terminals: TERMINALS, ratings: RATINGS, online: 1 });
    drained = copyOf(backlog);
    figures = await drainOnce(backlog, { pressed: 'online', keepIn: drained });
  });

  afterAll(() => {
    removeFolder(backlog.folder);
    removeFolder(drained);
  });

  it('has a backlog of three entries a rating, and one that begins each log', () => {
    expect(backlog.entries).toBe(3 * RATINGS + TERMINALS);
  });

  it('finds every press and every rating, once, with all that was made of them', () => {
    const { arrived, pressed } = figures;
    const pressedMeanwhile = pressed?.durableUs.length ?? 0;
    expect(pressedMeanwhile).toBeGreaterThan(0);
    expect(pressed?.ackedUs).toHaveLength(pressedMeanwhile);
    expect(arrived).toMatchObject({ lost: [], doubled: [], setAside: 0, presses: RATINGS + pressedMeanwhile });
    expect(arrived.ratings).toBeGreaterThanOrEqual(RATINGS);
    expect(arrived.queued).toBe(arrived.ratings);
    expect(arrived.written).toBe(arrived.presses + arrived.ratings);
    expect(arrived.entries).toBeGreaterThan(backlog.entries);
    expect(() => complain(backlog, figures)).not.toThrow();
  });

  it('gives figures that hang together', () => {
    expect(figures.entriesPerSecond).toBeCloseTo((backlog.entries / figures.tookMs) * 1_000, 3);
    expect(figures.ratingsPerSecond).toBeLessThan(figures.entriesPerSecond / 3);
    // An entry has ids of its own that nothing can shorten; a batch of one is about 110 bytes an entry.
    expect(figures.sentBytesPerEntry).toBeGreaterThan(16);
    expect(figures.sentBytesPerEntry).toBeLessThan(110);
    expect(figures.gatewayPeakRssBytes).toBeGreaterThan(30 * 2 ** 20);
    expect(figures.gatewayCpu).toBeGreaterThan(0);
    expect(figures.gatewayCpu).toBeLessThan(8);
  });

  it('notices an entry that is not there, one that is there twice, and a projection that is missing', () => {
    const file = join(drained, 'gateway', 'hall.db');
    expect(lookWhatArrived([drained], file)).toMatchObject({ lost: [], doubled: [] });
    const db = new Database(file);
    const newest = db.prepare("SELECT id, epochId, bytes FROM entry WHERE kind = 'press' ORDER BY id").all() as {
      id: number;
      epochId: number;
      bytes: Buffer;
    }[];
    const [first, second] = newest as [(typeof newest)[0], (typeof newest)[0]];
    const idOf = ({ bytes }: { bytes: Buffer }) => (JSON.parse(bytes.toString()) as { body: { id: string } }).body.id;
    db.prepare('DELETE FROM entry WHERE id = ?').run(first.id);
    db.prepare('DELETE FROM press WHERE pressId = ?').run(idOf(first));
    db.prepare(
      "INSERT INTO entry (epochId, seq, kind, bytes, hash, receivedAt) VALUES (?, 1000000, 'press', ?, x'00', 0)",
    ).run(second.epochId, second.bytes);
    db.close();
    const arrived = lookWhatArrived([drained], file);
    expect(arrived.lost).toEqual([`press ${idOf(first)}`]);
    expect(arrived.doubled).toEqual([`press ${idOf(second)}`]);
    expect(() => complain(backlog, { ...figures, arrived })).toThrow(
      `of ${RATINGS} ratings: 1 lost, 1 doubled, ${figures.arrived.presses - 1} presses projected`,
    );
  });
});
