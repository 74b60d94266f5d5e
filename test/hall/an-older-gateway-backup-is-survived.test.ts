import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';

describe('an older backup of the gateway that is copied back', () => {
  let hall: Hall;
  beforeAll(async () => {
    hall = await new Hall({ terminals: 2 }).start();
  });
  afterAll(() => hall.stop());

  const rate = async (n: number, caseNo: string, level: 1 | 2 | 3 | 4 | 5) => {
    await hall.open(n, caseNo);
    expect(await hall.press(n, level)).toBe(true);
  };
  const rated = () =>
    gatewayRows<{ caseNo: string }>(hall, 'SELECT caseNo FROM rating JOIN service USING (serviceId)')
      .map(({ caseNo }) => caseNo)
      .sort();

  it('takes a new identity of a higher generation, and gets from the terminals what it forgot', async () => {
    const backup = join(hall.folder, 'backup');
    await rate(1, 'a1', 5);
    await rate(2, 'a2', 4);
    await until('two at the centre', async () => (await hall.ledger()).length === 2);
    await hall.gateway.stop();
    cpSync(hall.gatewayData, backup, { recursive: true });
    await hall.gateway.start();
    await hall.connected();
    for (const n of [1, 2]) {
      await rate(n, `b${n}`, 3);
      await rate(n, `c${n}`, 2);
    }
    await until('six at the centre', async () => (await hall.ledger()).length === 6);
    const [before] = gatewayRows<{ value: string }>(hall, "SELECT value FROM meta WHERE key = 'storeId'");
    await hall.gateway.stop();

    rmSync(hall.gatewayData, { recursive: true });
    cpSync(backup, hall.gatewayData, { recursive: true });
    await hall.gateway.start();
    await hall.connected();
    await until('everything is known again', () => rated().length === 6);
    await rate(1, 'd1', 1);
    await until('seven at the centre', async () => (await hall.ledger()).length === 7);
    await until(
      'nothing waits for the centre',
      () => gatewayRows(hall, "SELECT 1 FROM forward WHERE state <> 'delivered'").length === 0,
    );

    expect((await hall.ledger()).map(({ caseNo }) => caseNo).sort()).toEqual([
      'a1',
      'a2',
      'b1',
      'b2',
      'c1',
      'c2',
      'd1',
    ]);
    expect(rated()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1']);
    const identity = Object.fromEntries(
      gatewayRows<{ key: string; value: string }>(hall, 'SELECT key, value FROM meta').map(({ key, value }) => [
        key,
        value,
      ]),
    );
    expect(identity['storeId']).not.toBe(before?.value);
    expect(Number(identity['generation'])).toBeGreaterThan(1);
    expect(gatewayRows(hall, "SELECT 1 FROM alarm WHERE code = 'store-restored'")).not.toHaveLength(0);
    expect(gatewayRows(hall, 'SELECT code FROM quarantine')).toEqual([]);
    // The terminals' chains simply went on: no fork, no gap.
    expect(gatewayRows(hall, "SELECT 1 FROM epoch WHERE source NOT LIKE '%@%'")).toHaveLength(2);
    await hall.gateway.stop();
    expect(verifyFile(join(hall.gatewayData, 'hall.db'), { suite: nodeSuite, publicKeys: [] })).toMatchObject({
      ok: true,
    });
  });
});
