/** One peer's morning: filled while the hall is away, drained, perhaps with a kill in the middle, then counted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Figures } from '../drain/figures.js';
import { newFolder, removeFolder } from '../drain/folders.js';
import { FAR_TABLE, FarView } from './far-table.js';
import type { Peer, SinkKind } from './peer.js';

export interface PeerOptions {
  readonly records: number;
  readonly sink: SinkKind;
  readonly preload?: string | undefined;
  /** Which side is killed once a third has arrived, and started again. */
  readonly kill?: 'edge' | 'hall' | undefined;
}

/** Everything was there before anybody could be killed. */
export class DrainedTooSoon extends Error {
  override readonly message = 'everything was there before anybody could be killed';
}

const LOOK_EVERY_MS = 10;
/** So long after everything has arrived, what comes twice is waited for where somebody was killed. */
const AFTERMATH_MS = 3_000;

export async function runPeer(peer: Peer, { records, sink, preload, kill }: PeerOptions): Promise<Figures> {
  const folder = newFolder('peer');
  const run = peer.at({ folder, sink, preload });
  let view: FarView | undefined;
  try {
    await run.prepare();
    const filling = performance.now();
    await run.fill(records);
    const filledMs = performance.now() - filling;
    await run.startHall();
    if (!existsSync(join(folder, FAR_TABLE))) throw new Error('there is no far table');
    view = new FarView(join(folder, FAR_TABLE));
    if (kill !== undefined) {
      await arrived(view, Math.floor(records / 3), peer.patienceMs);
      if (view.rows() >= records) throw new DrainedTooSoon();
      await (kill === 'edge' ? run.killEdge() : run.killHall());
      await (kill === 'edge' ? run.startEdge() : run.startHall());
    }
    await arrived(view, records, peer.patienceMs);
    const { firstMs, lastMs } = view.span();
    if (kill !== undefined) await quiet(view, AFTERMATH_MS);
    const found = view.records();
    return {
      tookMs: lastMs - firstMs,
      recordsPerSecond: (records / (lastMs - firstMs)) * 1_000,
      filledPerSecond: (records / filledMs) * 1_000,
      lost: records - found,
      doubled: view.rows() - found,
    };
  } finally {
    view?.close();
    await run.stop();
    removeFolder(folder);
  }
}

/** Waits until so many different records are there, or nothing comes any more. */
async function arrived(view: FarView, records: number, patienceMs: number): Promise<void> {
  let rows = -1;
  let sinceMs = performance.now();
  for (;;) {
    const now = view.rows();
    if (now >= records && view.records() >= records) return;
    if (now !== rows) sinceMs = performance.now();
    else if (performance.now() - sinceMs > patienceMs) return;
    rows = now;
    // Once rows have come twice, every look has to count them all.
    await wait(now >= records ? LOOK_EVERY_MS * 20 : LOOK_EVERY_MS);
  }
}

async function quiet(view: FarView, forMs: number): Promise<void> {
  for (let rows = -1; rows !== view.rows();) {
    rows = view.rows();
    await wait(forMs);
  }
}
