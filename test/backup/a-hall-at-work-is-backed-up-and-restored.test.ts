import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';
import { Program } from '../support/program.js';

let hall: Hall;
beforeAll(async () => {
  hall = await new Hall({ terminals: 2 }).start();
});
afterAll(() => hall.stop());

const rate = async (n: number, caseNo: string) => {
  await hall.open(n, caseNo);
  expect(await hall.press(n, 4)).toBe(true);
};
const delivered = (total: number) =>
  until(`${total} at the centre`, async () => (await hall.ledger()).length === total);
const rated = () =>
  gatewayRows<{ caseNo: string }>(hall, 'SELECT caseNo FROM rating JOIN service USING (serviceId)')
    .map(({ caseNo }) => caseNo)
    .sort();
const pjq = (...args: string[]) => Program.run(['dist/gateway/pjq.js', ...args, '--config', hall.gatewayConfig]);

test('a backup from a hall at work, put back by the documented steps: nothing is lost and nothing counts twice', async () => {
  const file = join(hall.folder, 'hall.backup');
  await rate(1, 'a1');
  await rate(2, 'a2');
  await delivered(2);

  // Citizens go on while it is made.
  const [backup] = await Promise.all([pjq('backup', file), rate(1, 'b1'), rate(2, 'b2')]);
  expect(backup).toMatchObject({ code: 0, stderr: '' });
  expect(backup.stdout).toMatch(/verified: 3 chains, \d+ entries/);
  const metrics = await (await fetch(`http://127.0.0.1:${hall.gatewayPort}/metrics`)).text();
  const at = Number(/^pjq_last_backup_timestamp_seconds (\S+)$/m.exec(metrics)?.[1]);
  expect(Math.abs(at - Date.now() / 1000)).toBeLessThan(120);
  await delivered(4);
  await rate(1, 'c1');
  await delivered(5);
  await hall.gateway.stop();

  // As docs say: everything of the old database goes, its write-ahead log first of all; the key stays.
  for (const name of ['hall.db', 'hall.db-wal', 'hall.db-shm']) rmSync(join(hall.gatewayData, name), { force: true });
  cpSync(file, join(hall.gatewayData, 'hall.db'));
  const restored = await pjq('store', 'restored');
  expect(restored.stdout).toMatch(/generation 2/);
  await hall.gateway.start();
  await hall.connected();
  await until('everything is known again', () => rated().length === 5);
  await rate(2, 'd1');
  await delivered(6);
  await until(
    'nothing waits for the centre',
    () => gatewayRows(hall, "SELECT 1 FROM forward WHERE state <> 'delivered'").length === 0,
  );
  expect(rated()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'd1']);
  expect((await hall.ledger()).map(({ caseNo }) => caseNo).sort()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'd1']);
  expect(gatewayRows(hall, 'SELECT code FROM quarantine')).toEqual([]);
  const again = await pjq('backup', file);
  expect(again).toMatchObject({ code: 0, stderr: '' });
});
