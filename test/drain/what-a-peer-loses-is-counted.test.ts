import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAR_TABLE, FarTable } from '../bench/peers/far-table.js';
import { mosquittoBridge } from '../bench/peers/mosquitto-bridge.js';
import { DrainedTooSoon, runPeer } from '../bench/peers/peer-run.js';
import { recordOf, type Peer } from '../bench/peers/peer.js';

const RECORDS = 200;

/** A peer whose far end writes what `carried` makes of the records. */
function peerThatCarries(carried: (records: readonly string[]) => readonly string[]): Peer {
  return {
    name: 'careless',
    patienceMs: 300,
    unavailable: () => null,
    at: ({ folder }) => {
      const table = new FarTable(join(folder, FAR_TABLE));
      let kept: string[] = [];
      return {
        prepare: () => Promise.resolve(),
        fill: async (records) => {
          kept = Array.from({ length: records }, (_, n) => recordOf(n));
        },
        startHall: async () => {
          for (const record of carried(kept)) table.write([record]);
        },
        killHall: () => Promise.resolve(),
        killEdge: () => Promise.resolve(),
        startEdge: () => Promise.resolve(),
        stop: async () => table.close(),
      };
    },
  };
}

describe('what peers carry', () => {
  it('is a record of 400 bytes a rating', () => {
    expect([0, 7, 49_999].map((n) => recordOf(n).length)).toEqual([400, 400, 400]);
  });

  it('is counted as lost where it does not arrive', async () => {
    const peer = peerThatCarries((records) => records.slice(3));
    expect(await runPeer(peer, { records: RECORDS, sink: 'ordinary' })).toMatchObject({ lost: 3, doubled: 0 });
  });

  it('is counted as doubled where it arrives twice, however many are missing', async () => {
    const peer = peerThatCarries((records) => [...records.slice(1), ...records.slice(-5)]);
    expect(await runPeer(peer, { records: RECORDS, sink: 'ordinary' })).toMatchObject({ lost: 1, doubled: 5 });
  });

  it('is no figure of a kill where all of it was there before', async () => {
    const peer = peerThatCarries((records) => records);
    await expect(runPeer(peer, { records: RECORDS, sink: 'ordinary', kill: 'hall' })).rejects.toThrow(DrainedTooSoon);
  });

  it('comes through a real bridge between two real brokers, once each', async () => {
    expect(mosquittoBridge.unavailable()).toBeNull();
    const figures = await runPeer(mosquittoBridge, { records: RECORDS, sink: 'tuned' });
    expect(figures).toMatchObject({ lost: 0, doubled: 0 });
    expect(figures['recordsPerSecond']).toBeGreaterThan(0);
  });
});
