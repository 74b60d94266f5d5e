import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test, onTestFinished } from 'vitest';
import { Hall, until } from '../support/hall.js';
import { gatewayRows } from '../support/gateway-rows.js';

test('nothing is acknowledged upon a damaged database, and everybody is told', async () => {
  const hall = await new Hall().start();
  onTestFinished(() => hall.stop());
  const rate = async (caseNo: string) => {
    await hall.openLocally(1, caseNo);
    expect(await hall.press(1, 3)).toBe(true);
  };
  await rate('before');
  await until('it is at the centre', async () => (await hall.ledger()).length === 1);
  await hall.gateway.stop();
  damage(join(hall.gatewayData, 'hall.db'), 'rating');
  await hall.gateway.start();

  await rate('after');
  const line = await hall.gateway.waitFor(({ code }) => code === 'store-damaged');
  expect(line['hint']).toContain('pjq store repair');
  const readiness = await fetch(`http://127.0.0.1:${hall.gatewayPort}/readyz`);
  expect([readiness.status, await readiness.json()]).toMatchObject([503, { parts: { store: false } }]);
  await until(
    'the alarm stands',
    () => gatewayRows(hall, "SELECT 1 FROM alarm WHERE code = 'store-damaged'").length === 1,
  );

  // The terminal is told, keeps what it has, and nothing more enters the log.
  await until('the terminal was told', () =>
    hall.counter(1).program.lines.some((said) => JSON.stringify(said).includes('store-damaged')),
  );
  const stored = () =>
    gatewayRows(hall, "SELECT count(*) AS n FROM entry JOIN epoch ON epoch.id = epochId WHERE source = 'demo/t1'");
  const before = stored();
  await rate('later');
  expect(await hall.api('POST', '/v1/services', { caseNo: 'x', terminal: 't1' })).toMatchObject({
    status: 503,
    body: { code: 'store-damaged' },
  });
  expect(stored()).toEqual(before);
  const log = new Database(join(hall.counter(1).dataDir, 'log.db'), { readonly: true });
  const acked = log.prepare('SELECT acked_seq FROM epoch').pluck().get();
  const head = log.prepare('SELECT max(seq) FROM entry').pluck().get();
  log.close();
  expect(acked).toBeLessThan(head as number);
});

/** Overwrites the head of a table's root page. */
function damage(file: string, table: string): void {
  const db = new Database(file);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const page = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number;
  const size = db.pragma('page_size', { simple: true }) as number;
  db.close();
  const bytes = readFileSync(file);
  bytes.fill(0xee, (page - 1) * size, (page - 1) * size + 64);
  writeFileSync(file, bytes);
}
