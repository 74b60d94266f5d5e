import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { openLogKey } from '../../protocol/runtime/log-key.js';
import { nodeRandomness, nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';

/** The disk of the gateway died and there is no backup: what is left is its key, and what the terminals keep. */
describe('a gateway that lost everything but its key', () => {
  let hall: Hall;
  beforeAll(async () => {
    hall = await new Hall({ terminals: 2 }).start();
  });
  afterAll(() => hall.stop());

  const rate = async (n: number, caseNo: string) => {
    await hall.openLocally(n, caseNo);
    expect(await hall.press(n, 5)).toBe(true);
  };
  const inLedger = (total: number) =>
    until(`${total} in the ledger`, async () => (await hall.ledger()).length === total);

  /** As the terminal does by itself after the days of its policy. */
  function pruneLog(n: number): { epoch: string; prunedSeq: number } {
    const { dataDir, name } = hall.counter(n);
    const log = new TerminalLog({
      file: join(dataDir, 'log.db'),
      source: `demo/${name}`,
      bootId: nodeRandomness.newId(),
      suite: nodeSuite,
      clock: systemClock,
      signer: openLogKey(join(dataDir, 'log-key.pem')).signer,
      randomness: nodeRandomness,
      clockState: () => 'synced',
    });
    log.open();
    expect(log.prune(Date.now() + 1, 1_000)).toBeGreaterThan(5);
    const { epoch, prunedSeq } = log.epochs()[0] ?? { epoch: '', prunedSeq: 0 };
    log.close();
    return { epoch, prunedSeq };
  }

  async function loseEverything(words: readonly (readonly string[])[]): Promise<void> {
    await hall.gateway.stop();
    for (const name of readdirSync(hall.gatewayData))
      if (name.startsWith('hall.db')) rmSync(join(hall.gatewayData, name));
    for (const counter of hall.counters) {
      const key = await Program.run([
        'dist/device/main.js',
        'key',
        '--config',
        join(hall.folder, `${counter.name}.yaml`),
      ]);
      words = [
        ...words,
        ['terminal', 'add', counter.name, '--window', counter.name.slice(1), '--public-key', key.stdout.trim()],
      ];
    }
    for (const word of words) {
      const { code, stderr } = await Program.run(['dist/gateway/pjq.js', ...word, '--config', hall.gatewayConfig]);
      expect(code, stderr).toBe(0);
    }
    await hall.gateway.start();
    await hall.connected();
  }

  it('gets what the terminals keep, names what they have pruned, and goes on', async () => {
    await rate(1, 'a1');
    await rate(2, 'b1');
    await inLedger(2);
    await until(
      'everything is acknowledged',
      async () => ((await hall.local(hall.counter(1), 'GET', '/v1/health')).body as { backlog: number }).backlog === 0,
    );
    await hall.counter(1).program.stop();
    const { epoch, prunedSeq } = pruneLog(1);
    await hall.counter(1).program.start();
    await hall.connected();
    await rate(1, 'a2');
    await inLedger(3);

    await loseEverything([['store', 'restored', '--generation', '3']]);
    expect(gatewayRows(hall, "SELECT value FROM meta WHERE key = 'generation'")).toEqual([{ value: '4' }]);

    await rate(1, 'a3');
    await rate(2, 'b2');
    await inLedger(5);
    const gaps = gatewayRows(
      hall,
      'SELECT epoch, fromSeq, gap.throughSeq AS throughSeq FROM gap JOIN epoch ON epoch.id = epochId',
    );
    expect(gaps).toEqual([{ epoch, fromSeq: 1, throughSeq: prunedSeq }]);
    expect(gatewayRows(hall, "SELECT subject FROM alarm WHERE code = 'log-gap'")).toEqual([{ subject: 'demo/t1' }]);
    await until('what is kept is known again', () => gatewayRows(hall, 'SELECT 1 FROM rating').length === 4);
    expect(gatewayRows(hall, 'SELECT caseNo FROM rating JOIN service USING (serviceId) ORDER BY caseNo')).toEqual(
      ['a2', 'a3', 'b1', 'b2'].map((caseNo) => ({ caseNo })),
    );
    await until(
      'nothing waits for the centre',
      () => gatewayRows(hall, "SELECT 1 FROM forward WHERE state <> 'delivered'").length === 0,
    );
    expect((await hall.ledger()).map(({ caseNo }) => caseNo).sort()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
    await until(
      'the link is whole',
      async () =>
        ((await hall.local(hall.counter(1), 'GET', '/v1/health')).body as { parts: { network: string } }).parts
          .network === 'connected',
    );
  });

  it('needs no word of the operator for it: the terminals show what it promised in its own hand', async () => {
    const generation = () =>
      Number(gatewayRows<{ value: string }>(hall, "SELECT value FROM meta WHERE key = 'generation'")[0]?.value);
    const before = generation();
    await loseEverything([]);
    await rate(1, 'a4');
    await inLedger(6);
    expect(generation()).toBeGreaterThan(before);
    expect(gatewayRows(hall, "SELECT 1 FROM alarm WHERE code = 'store-restored'")).not.toHaveLength(0);
    await rate(2, 'b3');
    await inLedger(7);
    expect(gatewayRows(hall, "SELECT 1 FROM epoch WHERE source NOT LIKE '%@%'")).toHaveLength(2);
  });
});
