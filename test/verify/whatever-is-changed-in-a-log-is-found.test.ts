import { describe, expect, onTestFinished, test } from 'vitest';
import { genesisHash, nextHash } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { seeded } from '../support/seeded.js';
import { foreignEntry, hallEvidence, Tampering, terminalEvidence, verify, type Evidence } from './evidence.js';

const KINDS: readonly (readonly [what: string, make: () => Evidence | Promise<Evidence>])[] = [
  ["a terminal's log", terminalEvidence],
  ["a pruned terminal's log", () => terminalEvidence({ pruned: true })],
  ["a hall's store", hallEvidence],
];

function tamper(evidence: Evidence): Tampering {
  const tampering = new Tampering(evidence);
  onTestFinished(() => tampering.close());
  return tampering;
}

/** The verdict on the chain that was tampered with; no other chain may be blamed. */
function verdict(tampering: Tampering, { epoch }: Evidence): string {
  const report = tampering.report();
  expect(report.chains.filter((chain) => !chain.ok).map((chain) => chain.epoch)).toEqual([epoch]);
  expect(report.ok).toBe(false);
  return report.chains.find((chain) => chain.epoch === epoch)?.verdict ?? '';
}

const names = (seq: number) => new RegExp(`\\b(entry|at|acknowledgement of) ${seq}\\b`);
const seqs = ({ firstSeq, headSeq }: Evidence) =>
  Array.from({ length: headSeq - firstSeq + 1 }, (_, index) => firstSeq + index);

/** Somebody who knows how the chain is made makes it anew from `fromSeq` on. */
function rehash(tampering: Tampering, fromSeq: number): Uint8Array {
  let hash: Uint8Array = tampering.row(fromSeq - 1).hash;
  for (const row of tampering.rows().filter(({ seq }) => seq >= fromSeq)) {
    hash = nextHash(nodeSuite, hash, row.bytes);
    tampering.set(row.seq, { hash });
  }
  return hash;
}

describe.each(KINDS)('%s', (what, make) => {
  test('untouched, it is verified', async () => {
    const evidence = await make();
    const report = verify(evidence.file, evidence);
    expect(report.chains.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.ok).toBe(true);
    const chain = report.chains.find(({ epoch }) => epoch === evidence.epoch);
    expect(chain).toMatchObject({ source: 'demo/t1', entries: evidence.headSeq - evidence.firstSeq + 1 });
    expect(chain?.verdict).toMatch(
      what.includes('terminal') ? /agrees with the acknowledgement of 50/ : /head signed by/,
    );
  });

  test('any byte of any entry: the entry is named', async () => {
    const evidence = await make();
    const tampering = tamper(evidence);
    const uniform = seeded('bytes');
    for (const seq of seqs(evidence)) {
      const { bytes } = tampering.row(seq);
      for (const position of [
        0,
        bytes.length - 1,
        ...Array.from({ length: 4 }, () => Math.floor(uniform() * bytes.length)),
      ]) {
        const flipped = Buffer.from(bytes);
        flipped[position] = (flipped[position] ?? 0) ^ (1 + Math.floor(uniform() * 255));
        tampering.set(seq, { bytes: flipped });
        expect(verdict(tampering, evidence)).toMatch(names(seq));
      }
      tampering.set(seq, { bytes });
    }
    expect(tampering.report().ok).toBe(true);
  });

  test('the stored hash of any entry: the entry is named', async () => {
    const evidence = await make();
    const tampering = tamper(evidence);
    for (const seq of seqs(evidence)) {
      const { hash } = tampering.row(seq);
      const other = Buffer.from(hash);
      other[seq % 32] = (other[seq % 32] ?? 0) ^ 1;
      tampering.set(seq, { hash: other });
      expect(verdict(tampering, evidence)).toMatch(names(seq));
      tampering.set(seq, { hash });
    }
    expect(tampering.report().ok).toBe(true);
  });

  test('any entry deleted, through what was promised: it is named as missing', async () => {
    const evidence = await make();
    const tampering = tamper(evidence);
    for (const seq of seqs(evidence).filter((one) => one < evidence.headSeq || one <= evidence.promisedSeq)) {
      const { bytes, hash } = tampering.row(seq);
      tampering.remove(seq);
      expect(verdict(tampering, evidence)).toMatch(new RegExp(`\\bentry ${seq} is missing`));
      tampering.insert(seq, bytes, hash);
    }
    expect(tampering.report().ok).toBe(true);
  });

  test('the tail cut off, as far as it was promised: the first missing entry is named', async () => {
    const evidence = await make();
    for (const fromSeq of seqs(evidence).filter((seq) => seq <= evidence.promisedSeq)) {
      const tampering = new Tampering(evidence);
      tampering.remove(fromSeq, evidence.headSeq);
      expect(verdict(tampering, evidence)).toMatch(new RegExp(`\\bentry ${fromSeq} is missing`));
      tampering.close();
    }
  });

  test('two neighbours swapped: the first of them is named', async () => {
    const evidence = await make();
    const tampering = tamper(evidence);
    for (const seq of seqs(evidence).slice(0, -1)) {
      const [one, other] = [tampering.row(seq), tampering.row(seq + 1)];
      tampering.set(seq, { bytes: other.bytes, hash: other.hash });
      tampering.set(seq + 1, { bytes: one.bytes, hash: one.hash });
      expect(verdict(tampering, evidence)).toMatch(names(seq));
      tampering.set(seq, { bytes: one.bytes, hash: one.hash });
      tampering.set(seq + 1, { bytes: other.bytes, hash: other.hash });
    }
    expect(tampering.report().ok).toBe(true);
  });

  test('an entry inserted between others: its place is named', async () => {
    const evidence = await make();
    for (const at of [
      evidence.firstSeq + 1,
      Math.floor((evidence.firstSeq + evidence.headSeq) / 2),
      evidence.headSeq,
    ]) {
      const tampering = new Tampering(evidence);
      for (const { seq } of tampering
        .rows()
        .filter((row) => row.seq >= at)
        .reverse())
        tampering.set(seq, { seq: seq + 1 });
      const bytes = foreignEntry(evidence, at);
      tampering.insert(at, bytes, nextHash(nodeSuite, tampering.row(at - 1).hash, bytes));
      expect(verdict(tampering, evidence)).toMatch(names(at + 1));
      tampering.close();
    }
  });

  test('an entry put before the first, or beside the chain: it is found', async () => {
    const evidence = await make();
    const tampering = tamper(evidence);
    const bytes = foreignEntry(evidence, 1);
    tampering.insert(
      evidence.firstSeq - 1,
      bytes,
      nextHash(nodeSuite, genesisHash(nodeSuite, evidence.source, evidence.epoch), bytes),
    );
    expect(verdict(tampering, evidence)).not.toBe('');
  });

  test('an alteration with every later hash made anew: what somebody else signed shows it', async () => {
    const evidence = await make();
    for (const seq of [evidence.firstSeq + 1, evidence.firstSeq + 7, evidence.promisedSeq]) {
      const tampering = new Tampering(evidence);
      const text = tampering.row(seq).bytes.toString();
      tampering.set(seq, { bytes: Buffer.from(text.replace(/"mono":\d+/, '"mono":1')) });
      expect(tampering.row(seq).bytes.toString()).not.toBe(text);
      const hash = rehash(tampering, seq);
      if (evidence.epochColumn === 'epochId')
        tampering.db.prepare('UPDATE epoch SET headHash = ? WHERE id = ?').run(hash, evidence.epochId);
      expect(verdict(tampering, evidence)).toMatch(
        evidence.epochColumn === 'epochId'
          ? /signature of the head .* is wrong/
          : /the chain at 50 is not the one that was acknowledged/,
      );
      tampering.close();
    }
  });
});
