import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog, openHallStore } from '../ingest/hall-log.js';
import { Program } from '../support/program.js';

const EACH = 60;

test('two programs write one own log at the same time without a gap', async () => {
  const hall = await HallLog.open();
  const pem = join(hall.folder, 'key.pem');
  writeFileSync(pem, hall.key.privatePem);
  const beside = new Program('writer', [
    '--import',
    'tsx',
    'test/store/own-log-writer.ts',
    hall.folder,
    pem,
    String(EACH),
  ]);
  onTestFinished(() => beside.kill());
  await beside.start();
  let here = 0;
  while (beside.running || here < EACH) {
    await hall.store.db
      .transaction()
      .execute((trx) => hall.store.own.append(trx, 'policy', { policy: `here ${here + 1}` }));
    here += 1;
    await setImmediate(); // the store's promises alone would let no other event through
  }
  expect(beside.stderr).toEqual([]);
  const said = hall.ownBodies('policy').map(({ policy }) => String(policy));
  expect(said.filter((text) => text.startsWith('beside'))).toEqual(
    Array.from({ length: EACH }, (_, n) => `beside ${n + 1}`),
  );
  expect(said.filter((text) => text.startsWith('here'))).toEqual(
    Array.from({ length: here }, (_, n) => `here ${n + 1}`),
  );
  expect(hall.rows<{ seq: number }>('SELECT seq FROM entry ORDER BY id').map(({ seq }) => seq)).toEqual(
    Array.from({ length: here + EACH + 2 }, (_, n) => n + 1),
  );
  expect(
    verifyFile(join(hall.folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.key.publicKey] }),
  ).toMatchObject({ ok: true, chains: [{ source: 'demo/@gw', verdict: `head signed by ${hall.key.keyId}` }] });
});

test('a gateway under a new name goes on with a chain of its own beside the old one', async () => {
  const hall = await HallLog.open();
  const identity = await hall.store.identity();
  await hall.close();
  const renamed = await openHallStore(hall.folder, hall.key, hall.clock, 'demo/@gw2');
  await renamed.db.transaction().execute((trx) => renamed.own.append(trx, 'policy', { policy: 'renamed' }));
  expect(await renamed.identity()).toEqual(identity);
  await renamed.close();
  const report = verifyFile(join(hall.folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.key.publicKey] });
  expect(report).toMatchObject({
    ok: true,
    chains: [
      { source: 'demo/@gw', entries: 2 },
      { source: 'demo/@gw2', entries: 3 },
    ],
  });
});
