import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { encodeEntry, genesisHash, headMessage, nextHash } from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog } from '../ingest/hall-log.js';

const TOTAL = 100_000;

test('a log of 100,000 entries is verified, and its only altered entry found', async () => {
  const hall = await HallLog.open();
  const key = generateLogKey();
  await hall.registry.addTerminal('t1', '1', key.publicKey);
  await hall.close();
  const file = join(hall.folder, 'hall.db');
  const db = new Database(file);
  db.pragma('synchronous = OFF');
  const [source, epoch] = ['demo/t1', 'AAAAAAAAAAA'];
  let hash: Uint8Array = genesisHash(nodeSuite, source, epoch);
  const insert = db.prepare(
    "INSERT INTO entry (epochId, seq, kind, bytes, hash, receivedAt) VALUES (99, ?, 'press', ?, ?, 1)",
  );
  db.transaction(() => {
    for (let seq = 1; seq <= TOTAL; seq += 1) {
      const bytes = encodeEntry(nodeSuite, {
        source,
        epoch,
        seq,
        kind: 'press',
        at: 1_790_000_000_000 + seq,
        bootId: 'AAAAAAAAAAA',
        mono: seq,
        clock: 'synced',
        body: { id: 'AAAAAAAAAAA', serviceId: `s-${seq}`, level: 5, via: 'key' },
      });
      hash = nextHash(nodeSuite, hash, bytes);
      insert.run(seq, bytes, hash);
    }
    const signature = headSigner(key.privatePem).sign(headMessage(nodeSuite, { source, epoch, seq: TOTAL, hash }));
    db.prepare(
      'INSERT INTO epoch (id, source, epoch, throughSeq, headHash, signedSeq, keyId, signature, openedAt) VALUES (99, ?, ?, ?, ?, ?, ?, ?, 1)',
    ).run(source, epoch, TOTAL, hash, TOTAL, key.keyId, signature);
  })();
  const began = performance.now();
  const report = verifyFile(file, { suite: nodeSuite, publicKeys: [hall.key.publicKey] });
  process.stdout.write(`verified ${TOTAL} entries in ${Math.round(performance.now() - began)} ms\n`);
  expect(report).toMatchObject({ ok: true, entries: TOTAL + 4 });
  db.prepare(
    'UPDATE entry SET bytes = replace(bytes, \'"level":5\', \'"level":1\') WHERE epochId = 99 AND seq = 77777',
  ).run();
  db.close();
  expect(verifyFile(file, { suite: nodeSuite, publicKeys: [] }).chains.find(({ ok }) => !ok)?.verdict).toBe(
    'entry 77777 was altered',
  );
});
