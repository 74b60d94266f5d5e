import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { headsOf, headText, parseHead, readHeadsFile, type SignedHead } from '../../gateway/verify/heads.js';
import { verifyFile, type VerifyReport } from '../../gateway/verify/verify-file.js';
import { headMessage, nextHash } from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { hallEvidence, Tampering, terminalEvidence, type Evidence } from './evidence.js';

function tamper(evidence: Evidence): Tampering {
  const tampering = new Tampering(evidence);
  onTestFinished(() => tampering.close());
  return tampering;
}

const against = (tampering: Tampering, evidence: Evidence, heads: readonly SignedHead[]): VerifyReport =>
  verifyFile(tampering.file, { suite: nodeSuite, publicKeys: evidence.publicKeys, heads });

const said = ({ chains, faults }: VerifyReport): string[] => [
  ...faults,
  ...chains.filter(({ ok }) => !ok).map(({ verdict }) => verdict),
];

/** Everything in the chain from `seq` on made anew, and signed with a key that the forger registered. */
function forge(tampering: Tampering, evidence: Evidence, seq: number): void {
  const key = generateLogKey();
  const text = tampering.row(seq).bytes.toString();
  tampering.set(seq, { bytes: Buffer.from(text.replace(/"mono":\d+/, '"mono":1')) });
  let hash: Uint8Array = tampering.row(seq - 1).hash;
  for (const row of tampering.rows().filter((one) => one.seq >= seq)) {
    hash = nextHash(nodeSuite, hash, row.bytes);
    tampering.set(row.seq, { hash });
  }
  if (evidence.epochColumn === 'epoch_id') return;
  const { source, epoch, epochId, headSeq } = evidence;
  const signature = headSigner(key.privatePem).sign(headMessage(nodeSuite, { source, epoch, seq: headSeq, hash }));
  tampering.db
    .prepare('UPDATE epoch SET headHash = ?, keyId = ?, signature = ? WHERE id = ?')
    .run(hash, key.keyId, signature, epochId);
  tampering.db
    .prepare("UPDATE terminalKey SET keyId = ?, publicKey = ? WHERE terminal = 't1'")
    .run(key.keyId, key.publicKey);
}

describe.each([
  ["a terminal's log", () => terminalEvidence()],
  ["a hall's database", hallEvidence],
] as const)('%s', (_what, make) => {
  test('its own heads are met, by their text and by a file of them', async () => {
    const evidence = await make();
    const heads = headsOf(evidence.file, nodeSuite);
    expect(heads.map(({ epoch, seq }) => [epoch, seq])).toContainEqual([evidence.epoch, evidence.headSeq]);
    expect(against(tamper(evidence), evidence, heads)).toMatchObject({ ok: true, notes: [] });
    const file = join(temporaryFolder(), 'heads');
    writeFileSync(
      file,
      `# kept on paper\n\n${heads.map((head) => `${headText(head)} ${head.keyId ?? '-'} ${head.signature ?? '-'}\n`).join('')}`,
    );
    expect(readHeadsFile(file)).toEqual(heads.map(({ source, epoch, seq, hash }) => ({ source, epoch, seq, hash })));
  });

  test('a chain that was made anew as a whole, with keys of its own, is not the one of the head', async () => {
    const evidence = await make();
    const heads = headsOf(evidence.file, nodeSuite);
    const tampering = tamper(evidence);
    forge(tampering, evidence, evidence.headSeq - 3);
    expect(said(against(tampering, evidence, heads)).join('\n')).toContain(
      `the chain at ${evidence.headSeq} is not the one of the head kept elsewhere`,
    );
  });

  test('a chain that is gone, or ends before the head, is missed', async () => {
    const evidence = await make();
    const heads = headsOf(evidence.file, nodeSuite).filter(({ epoch }) => epoch === evidence.epoch);
    const shorter = tamper(evidence);
    shorter.remove(evidence.headSeq);
    if (evidence.epochColumn === 'epoch_id') expect(shorter.report().ok).toBe(true); // Nobody else has heard of that entry.
    expect(said(against(shorter, evidence, heads))).toContainEqual(
      expect.stringMatching(new RegExp(`^entry ${evidence.headSeq} is missing`)),
    );
    const gone = tamper(evidence);
    gone.db.exec(
      `DELETE FROM entry WHERE ${evidence.epochColumn} = ${evidence.epochId}; DELETE FROM epoch WHERE id = ${evidence.epochId}`,
    );
    expect(said(against(gone, evidence, heads))).toContain(
      `chain demo/t1 ${evidence.epoch} is missing: its head at ${evidence.headSeq} was kept elsewhere`,
    );
  });
});

test('what is no head is refused with a code', () => {
  for (const text of [
    '',
    'demo/t1',
    'demo/t1:AAAAAAAAAAA:0:x',
    `demo/t1:AAAAAAAAAAA:x:${'A'.repeat(43)}`,
    `demo/t1:AAAAAAAAAAA:1:${'A'.repeat(43)}:more`,
  ])
    expect(() => parseHead(text)).toThrow(expect.objectContaining({ code: 'request-malformed' }));
});
