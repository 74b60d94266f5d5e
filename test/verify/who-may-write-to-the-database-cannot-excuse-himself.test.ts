import { expect, onTestFinished, test } from 'vitest';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { ackMessage, headMessage, nextHash } from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { foreignEntry, hallEvidence, Tampering, terminalEvidence, verify, type Evidence } from './evidence.js';

const forger = generateLogKey();

function tamper(evidence: Evidence): Tampering {
  const tampering = new Tampering(evidence);
  onTestFinished(() => tampering.close());
  return tampering;
}

/** Alters entry 30 of the hall's store and makes chain and head anew. @returns the head. */
function alterAndRehash(tampering: Tampering, { epochId }: Evidence): Uint8Array {
  tampering.set(30, {
    bytes: Buffer.from(
      tampering
        .row(30)
        .bytes.toString()
        .replace(/"mono":\d+/, '"mono":1'),
    ),
  });
  let hash: Uint8Array = tampering.row(29).hash;
  for (const row of tampering.rows().filter(({ seq }) => seq >= 30)) {
    hash = nextHash(nodeSuite, hash, row.bytes);
    tampering.set(row.seq, { hash });
  }
  tampering.db.prepare('UPDATE epoch SET headHash = ? WHERE id = ?').run(hash, epochId);
  return hash;
}

function signAsForger(tampering: Tampering, evidence: Evidence, hash: Uint8Array, keyId: string): void {
  const signature = headSigner(forger.privatePem).sign(
    headMessage(nodeSuite, { source: evidence.source, epoch: evidence.epoch, seq: evidence.headSeq, hash }),
  );
  tampering.db
    .prepare('UPDATE epoch SET signature = ?, keyId = ? WHERE id = ?')
    .run(signature, keyId, evidence.epochId);
}

function badVerdicts(tampering: Tampering): string[] {
  return tampering
    .report()
    .chains.filter(({ ok }) => !ok)
    .map((chain) => chain.verdict);
}

test("a head signed with another key under the terminal's id is found", async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  const { keyId } = tampering.db.prepare("SELECT keyId FROM terminalKey WHERE terminal = 't1'").get() as {
    keyId: string;
  };
  signAsForger(tampering, evidence, alterAndRehash(tampering, evidence), keyId);
  tampering.db.prepare('UPDATE terminalKey SET publicKey = ? WHERE keyId = ?').run(forger.publicKey, keyId);
  expect(badVerdicts(tampering)).toEqual([`the head is signed by ${keyId}, which is not registered`]);
});

test('a head of a terminal signed by a key that nobody registered is found', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  signAsForger(tampering, evidence, alterAndRehash(tampering, evidence), forger.keyId);
  expect(badVerdicts(tampering)).toEqual([`the head is signed by ${forger.keyId}, which is not registered`]);
});

test('a head without a signature, or with that of an earlier place, is found', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  tampering.db.prepare('UPDATE epoch SET signature = NULL, keyId = NULL WHERE id = ?').run(evidence.epochId);
  expect(badVerdicts(tampering)).toEqual(['the head is not signed']);
});

test('the end cut off together with the cursor is found by the signature', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  tampering.remove(40, evidence.headSeq);
  tampering.db
    .prepare('UPDATE epoch SET throughSeq = 39, signedSeq = 39, headHash = ? WHERE id = ?')
    .run(tampering.row(39).hash, evidence.epochId);
  expect(badVerdicts(tampering)).toEqual([expect.stringMatching(/signature of the head .* is wrong/)]);
});

test('an entry appended to a signed chain is found', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  const seq = evidence.headSeq + 1;
  const bytes = foreignEntry(evidence, seq);
  tampering.insert(seq, bytes, nextHash(nodeSuite, tampering.row(evidence.headSeq).hash, bytes));
  expect(badVerdicts(tampering)).toEqual([`entry ${seq} was inserted`]);
});

test('a gap that the own log does not tell of excuses nothing', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  const { hash } = tampering.row(30);
  tampering.remove(28, 30);
  tampering.db
    .prepare('INSERT INTO gap (epochId, fromSeq, throughSeq, hash, at) VALUES (?, 28, 30, ?, 1)')
    .run(evidence.epochId, hash);
  expect(badVerdicts(tampering)).toEqual(['entry 28 is missing']);
});

test('an entry of no chain is found', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  tampering.db
    .prepare("INSERT INTO entry (epochId, seq, kind, bytes, hash, receivedAt) VALUES (99, 1, 'press', x'00', x'00', 1)")
    .run();
  expect(badVerdicts(tampering)).toEqual(['entry 1 was inserted: it belongs to no chain']);
});

test("a terminal's entry of no chain, or whose key names another place than it says, is found", () => {
  const evidence = terminalEvidence();
  for (const sql of [
    "INSERT INTO entry (place, epoch_id, seq, at, bytes, hash) VALUES ((99 << 32) | 1, 99, 1, 1, x'00', x'00')",
    "INSERT INTO entry (place, epoch_id, seq, at, bytes, hash) VALUES ((99 << 32) | 1, 1, 1, 1, x'00', x'00')",
  ]) {
    const tampering = tamper(evidence);
    tampering.db.prepare(sql).run();
    expect(badVerdicts(tampering)).toContain('entry 1 was inserted: it belongs to no chain');
  }
});

test("the gateway's own log is proved with its key, and says so where the key was not given", async () => {
  const evidence = await hallEvidence();
  const without = verifyFile(evidence.file, { suite: nodeSuite, publicKeys: [] });
  expect(without.ok).toBe(true);
  expect(without.chains.find(({ source }) => source === 'demo/@gw')?.verdict).toMatch(/signature not checked/);
  const tampering = tamper(evidence);
  tampering.db.exec("UPDATE epoch SET signature = randomblob(64) WHERE source = 'demo/@gw'");
  expect(badVerdicts(tampering)).toEqual([expect.stringMatching(/signature of the head .* is wrong/)]);
});

test('pruning cannot be feigned: the signed checkpoint of a terminal is checked', () => {
  const evidence = terminalEvidence({ pruned: true });
  const tampering = tamper(evidence);
  const upTo = evidence.firstSeq + 5;
  const { checkpoint } = tampering.db.prepare('SELECT checkpoint FROM epoch').get() as { checkpoint: string };
  const forged = JSON.stringify({
    ...(JSON.parse(checkpoint) as object),
    seq: upTo,
    hash: nodeSuite.base64urlEncode(tampering.row(upTo).hash),
  });
  tampering.remove(evidence.firstSeq, upTo);
  tampering.db.prepare('UPDATE epoch SET checkpoint = ?, pruned_seq = ?').run(forged, upTo);
  expect(badVerdicts(tampering)).toEqual([`the signature of the checkpoint at ${upTo} is wrong`]);
  tampering.db.prepare('UPDATE epoch SET pruned_seq = ?').run(upTo - 1);
  expect(badVerdicts(tampering)).toEqual([`pruned through ${upTo - 1}, but the checkpoint is of ${upTo}`]);
});

test('an epoch that was pruned away altogether rests on its checkpoint', () => {
  const evidence = terminalEvidence({ leftBehind: true });
  const report = verify(evidence.file, evidence);
  expect(report.chains).toMatchObject([
    { epoch: evidence.epoch, source: 'demo/t1', entries: 0, ok: true },
    { source: 'demo/t1', ok: true },
  ]);
  const tampering = tamper(evidence);
  const { checkpoint } = tampering.db.prepare('SELECT checkpoint FROM epoch WHERE id = 1').get() as {
    checkpoint: string;
  };
  const forged = JSON.stringify({
    ...(JSON.parse(checkpoint) as object),
    hash: nodeSuite.base64urlEncode(new Uint8Array(32)),
  });
  tampering.db.prepare('UPDATE epoch SET checkpoint = ? WHERE id = 1').run(forged);
  expect(badVerdicts(tampering)).toEqual(['the chain at 61 is not the one that was acknowledged']);
});

test('an acknowledgement that the gateway did not sign proves nothing', () => {
  const evidence = terminalEvidence();
  const tampering = tamper(evidence);
  const { promise } = tampering.db.prepare('SELECT promise FROM epoch').get() as { promise: string };
  const promised = {
    ...(JSON.parse(promise) as { storeId: string; generation: number; sig: string }),
    throughSeq: 50,
    headHash: nodeSuite.base64urlEncode(tampering.row(50).hash),
  };
  const sig = headSigner(forger.privatePem).sign(
    ackMessage(nodeSuite, evidence.source, { epoch: evidence.epoch, ...promised }),
  );
  tampering.db
    .prepare('UPDATE epoch SET promise = ?')
    .run(JSON.stringify({ ...promised, sig: nodeSuite.base64urlEncode(sig) }));
  expect(badVerdicts(tampering)).toEqual(['the signature of the acknowledgement is wrong']);
});

test('what is no such database is refused with a code', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  tampering.db.exec('DROP TABLE entry');
  expect(() => tampering.report()).toThrow(expect.objectContaining({ code: 'request-malformed' }));
});

test('a terminal that is gone from the registry, or stands at another window there, is found', async () => {
  const gone = tamper(await hallEvidence());
  gone.db.exec("DELETE FROM terminal WHERE terminal = 't1'");
  expect(gone.report().faults).toEqual(['terminal t1, which was registered, is missing: pjq store repair']);
  const moved = tamper(await hallEvidence());
  moved.db.exec("UPDATE terminal SET window = '9' WHERE terminal = 't1'");
  expect(moved.report().faults).toEqual([
    expect.stringMatching(/^terminal t1 is at window 9, but was registered at \S+$/) as string,
  ]);
});
