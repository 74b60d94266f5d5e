import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';

/** An SD card is copied, the terminal works on, and then the old copy is put in. */
describe('an old terminal database that is copied back', () => {
  let hall: Hall;
  beforeAll(async () => {
    hall = await new Hall().start();
  });
  afterAll(() => hall.stop());

  const rate = async (caseNo: string, level: 1 | 2 | 3 | 4 | 5) => {
    await hall.openLocally(1, caseNo);
    expect(await hall.press(1, level)).toBe(true);
  };
  const cases = async () => (await hall.ledger()).map(({ caseNo, satisfaction }) => `${caseNo} ${satisfaction}`).sort();

  it('opens a new epoch that names its ancestor; nothing is lost, doubled or thrown away as a duplicate', async () => {
    const { program, dataDir } = hall.counter(1);
    const copy = join(hall.folder, 'old-card');
    await rate('before', 5);
    await until('before is there', async () => (await hall.ledger()).length === 1);
    await program.stop();
    cpSync(dataDir, copy, { recursive: true });
    await program.start();
    await hall.connected();
    await rate('lost-timeline-1', 4);
    await rate('lost-timeline-2', 3);
    await until('three are there', async () => (await hall.ledger()).length === 3);
    await program.stop();

    rmSync(dataDir, { recursive: true });
    cpSync(copy, dataDir, { recursive: true });
    // Offline first: the old card gives the same numbers to new entries.
    await hall.gateway.stop();
    await program.start();
    await until(
      'the board serves',
      async () =>
        ((await hall.local(hall.counter(1), 'GET', '/v1/health')).body as { parts: { board: string } }).parts.board ===
        'connected',
    );
    await rate('after-1', 2);
    await rate('after-2', 1);
    await hall.gateway.start();
    await hall.connected();
    await rate('after-3', 5);
    await until('all six are there', async () => (await hall.ledger()).length === 6);

    expect(await cases()).toEqual([
      'after-1 2',
      'after-2 1',
      'after-3 5',
      'before 5',
      'lost-timeline-1 4',
      'lost-timeline-2 3',
    ]);
    const epochs = gatewayRows<{ epoch: string; throughSeq: number }>(
      hall,
      "SELECT epoch, throughSeq FROM epoch WHERE source = 'demo/t1' ORDER BY id",
    );
    expect(epochs).toHaveLength(2);
    const [first] = gatewayRows<{ bytes: Buffer }>(
      hall,
      'SELECT bytes FROM entry JOIN epoch ON epoch.id = epochId WHERE epoch.epoch = ? AND seq = 1',
      epochs[1]?.epoch,
    );
    expect((JSON.parse(String(first?.bytes)) as { body: unknown }).body).toMatchObject({
      cause: 'fork',
      ancestor: { epoch: epochs[0]?.epoch },
    });
    expect(gatewayRows(hall, "SELECT 1 FROM alarm WHERE code = 'log-fork' AND subject = 'demo/t1'")).not.toHaveLength(
      0,
    );
    expect(gatewayRows(hall, 'SELECT code FROM quarantine')).toEqual([]);
    await hall.gateway.stop();
    await program.stop();
    expect(verifyFile(join(hall.gatewayData, 'hall.db'), { suite: nodeSuite, publicKeys: [] })).toMatchObject({
      ok: true,
    });
    expect(verifyFile(join(dataDir, 'log.db'), { suite: nodeSuite, publicKeys: [] })).toMatchObject({ ok: true });
  });
});
