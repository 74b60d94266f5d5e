import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reportLines } from '../../gateway/repair/repair-report.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { generateLogKey } from '../../protocol/runtime/node-suite.js';
import { HallLog } from '../ingest/hall-log.js';
import { repair, verified } from './repairing.js';

/** A hall of two terminals that served, closed, and changed by `sql`. */
async function damaged(sql: string) {
  const hall = await HallLog.open();
  for (const name of ['t1', 't2']) {
    const chain = await hall.terminal(name);
    chain.append('duty.on', { staffNo: '1001' });
    chain.ratedService(`s-${name}`);
    await hall.send(chain, chain.batch());
  }
  const { folder, key } = hall;
  const before = hall.rows(TERMINALS);
  await hall.close();
  const db = new Database(join(folder, DATABASE_FILE));
  db.exec(sql);
  db.close();
  return { folder, key, before };
}

const TERMINALS = 'SELECT terminal, window, duty FROM terminal ORDER BY terminal';

test('a terminal whose row is lost comes back as the own log tells of it, with the key that it has', async () => {
  const { folder, key, before } = await damaged("DELETE FROM terminal WHERE terminal = 't1'");
  expect((await repair({ folder, key })).terminals).toBe(2);
  const after = await HallLog.open({ folder, key });
  expect(after.rows(TERMINALS)).toEqual(before);
  const [row] = after.rows<{ publicKey: string }>("SELECT publicKey FROM terminalKey WHERE terminal = 't1'");
  await expect(after.registry.addTerminal('t1', '1', row?.publicKey ?? '')).rejects.toMatchObject({
    code: 'terminal-exists',
  });
  await after.close();
  expect(verified({ folder, key }).ok).toBe(true);
});

test('of a terminal whose key is lost the repair says that it needs one', async () => {
  const { folder, key } = await damaged(
    "DELETE FROM terminal WHERE terminal = 't1'; DELETE FROM terminalKey WHERE terminal = 't1'",
  );
  const report = await repair({ folder, key });
  expect([report.terminals, report.withoutKey]).toEqual([2, ['t1']]);
  expect(reportLines(report).filter((line) => line.includes('pjq terminal key add'))).toEqual([
    'Without a key, so that nothing of theirs is taken: t1. Give each its own: pjq terminal key add.',
  ]);
});

test('a revoked key does not become valid by damage', async () => {
  const hall = await HallLog.open();
  await hall.terminal('t1');
  const stolen = generateLogKey();
  await hall.registry.addKey('t1', stolen.publicKey);
  await hall.registry.revokeKey(stolen.keyId);
  const { folder, key } = hall;
  await hall.store.db.updateTable('terminalKey').set({ revokedAt: null }).execute();
  await hall.close();
  expect(verified({ folder, key }).faults).toEqual([`key ${stolen.keyId} of terminal t1 is valid, but was revoked`]);
  await repair({ folder, key });
  expect(verified({ folder, key }).faults).toEqual([]);
  const after = await HallLog.open({ folder, key });
  const check = await after.registry.keysOf('t1');
  expect(() => check(stolen.keyId)).toThrow(expect.objectContaining({ code: 'key-revoked' }) as Error);
});
