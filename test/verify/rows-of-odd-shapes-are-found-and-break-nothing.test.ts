/** A store is read a thousand rows at a time; rows that nobody wrote so must not slip through, or stop the reading. */
import { expect, onTestFinished, test } from 'vitest';
import { hallEvidence, Tampering } from './evidence.js';

const ODD: readonly (readonly [column: string, value: unknown])[] = [
  ['hash', Buffer.alloc(31)],
  ['hash', Buffer.alloc(33)],
  ['hash', 'a text'],
  ['hash', 7],
  ['bytes', Buffer.alloc(0)],
  ['bytes', '一段文字'],
  ['bytes', 7.5],
  ['kind', Buffer.from([0, 1])],
  ['kind', '","press'],
  ['kind', 'a b\nc'],
];

test.each(ODD)('a %s of %j', async (column, value) => {
  const evidence = await hallEvidence();
  const tampering = new Tampering(evidence);
  onTestFinished(() => tampering.close());
  const where = 'WHERE epochId = ? AND seq = 30';
  tampering.db.prepare(`UPDATE entry SET ${column} = ? ${where}`).run(value, evidence.epochId);
  const report = tampering.report();
  expect(report.ok).toBe(false);
  expect(report.chains.find(({ epoch }) => epoch === evidence.epoch)?.verdict).toMatch(/^entry 30 was altered/);
  expect(report.entries).toBeGreaterThanOrEqual(evidence.headSeq);
});
