import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { BALLAST_FILE } from '../../../gateway/store/ballast.js';
import { gatewayRows } from '../../support/gateway-rows.js';
import { until } from '../../support/hall.js';
import { fill, noMounts, run, SmallDiskHall } from './small-disk.js';

const why = noMounts();
let disk: SmallDiskHall | undefined;
afterEach(async () => {
  await disk?.stop();
  disk = undefined;
});

const tmpfs = (folder: string) => {
  run('mount', '-t', 'tmpfs', '-o', 'size=14m', 'tmpfs', folder);
  return () => void run('umount', '-l', folder);
};

test.skipIf(why !== undefined)(
  `the terminals keep what they have, and go on by themselves${why === undefined ? '' : `: ${why}`}`,
  async () => {
    disk = await new SmallDiskHall().start(tmpfs);
    const { hall } = disk;
    const ballast = join(hall.gatewayData, BALLAST_FILE);
    await disk.rate(1);
    await disk.rate(2);
    await disk.everythingArrivedOnce();
    expect(existsSync(ballast)).toBe(true);

    const makeRoom = fill(hall.gatewayData);
    const isFull = () => hall.gateway.lines.some(({ code }) => code === 'store-full');
    for (let n = 0; n < 30 && !isFull(); n += 1) await disk.rate(1 + (n % 2));
    await hall.gateway.waitFor(({ code }) => code === 'store-full');
    // The ballast went, the alarm stands, and nothing of the ballast's room goes to anybody else.
    await until(
      'the alarm stands',
      () => gatewayRows(hall, "SELECT 1 FROM alarm WHERE code = 'store-full'").length === 1,
    );
    expect(existsSync(ballast)).toBe(false);
    expect(await disk.readiness()).toMatchObject({ status: 503, parts: { store: false, broker: true } });
    // What the centre answers to ratings of before may still be noted where there is room within the files.
    const stored = () =>
      gatewayRows(
        hall,
        "SELECT count(*) AS n FROM entry JOIN epoch ON epoch.id = epochId WHERE source IN ('demo/t1', 'demo/t2')",
      );
    const before = stored();
    await disk.rate(1);
    await disk.rate(2);
    await until('the terminals were told', () =>
      hall.counters.every(({ program }) => program.lines.some((line) => JSON.stringify(line).includes('store-full'))),
    );
    expect(stored()).toEqual(before);
    expect(await hall.api('POST', '/v1/services', { caseNo: 'by-the-hall', terminal: 't1' })).toMatchObject({
      status: 503,
      body: { code: 'store-full' },
    });

    makeRoom();
    await until('it takes again', async () => (await disk?.readiness())?.status === 200);
    await disk.everythingArrivedOnce();
    expect(existsSync(ballast)).toBe(true);
    await hall.connected();
    await disk.rate(1);
    await disk.everythingArrivedOnce();
    expect(gatewayRows(hall, "SELECT code FROM alarm WHERE code <> 'store-full'")).toEqual([]);
    expect(hall.gateway.running).toBe(true);
  },
);

test.skipIf(why !== undefined)('a gateway that starts on a full disk waits for room as well', async () => {
  disk = await new SmallDiskHall().start(tmpfs);
  const { hall } = disk;
  await disk.rate(1);
  await disk.everythingArrivedOnce();
  await hall.gateway.stop();
  const from = hall.gateway.lines.length;
  const makeRoom = fill(hall.gatewayData);
  await disk.rate(2);
  await hall.gateway.start();
  await hall.gateway.waitFor(({ code }) => code === 'store-full', from);
  expect(await disk.readiness()).toMatchObject({ status: 503, parts: { store: false } });
  makeRoom();
  await disk.everythingArrivedOnce();
  await hall.connected();
});
