import { pino } from 'pino';
import { beforeEach, expect, it } from 'vitest';
import { NamedBuckets } from '../../gateway/peers/named-buckets.js';
import { PeerLog } from '../../gateway/peers/peer-log.js';

const lines: Record<string, unknown>[] = [];
const logger = pino(
  { messageKey: 'event' },
  { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
);
beforeEach(() => void lines.splice(0));

it('by terminal or by address, with code and hint; equal words are counted and told once a minute', () => {
  let nowMs = 0;
  const log = new PeerLog(logger, () => nowMs);
  for (let time = 0; time < 10_000; time += 1)
    log.tell({ address: '10.0.0.7', terminal: 't1' }, 'peer-too-fast', 'has to wait');
  log.tell({ address: '10.0.0.7' }, 'message-malformed', 'x'.repeat(5_000));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ event: 'bad peer', terminal: 't1', address: '10.0.0.7', code: 'peer-too-fast' });
  expect(String(lines[0]?.['hint']).length).toBeGreaterThan(20);
  expect(String(lines[1]?.['detail']).length).toBeLessThan(200);
  nowMs = 60_001;
  log.tell({ address: '10.0.0.7', terminal: 't1' }, 'peer-too-fast', 'has to wait');
  expect(lines[2]).toMatchObject({ repeated: 9_999 });
});

it('a hundred thousand addresses fill neither the log nor the memory', () => {
  let nowMs = 0;
  const log = new PeerLog(logger, () => nowMs);
  for (let peer = 0; peer < 100_000; peer += 1) {
    nowMs += 0.1;
    log.tell({ address: `10.${peer}` }, 'peer-too-fast', 'connects too often');
  }
  expect(lines.length).toBeLessThanOrEqual(100 + 2 * 10 + 1);
});

it('nor do a hundred thousand names, and who owes nothing is forgotten first', () => {
  const flood = new NamedBuckets({ perSecond: 1, burst: 2 });
  for (let peer = 0; peer < 100_000; peer += 1) flood.allows(`made-up-${peer}`, 0.000_1 * peer);
  expect(flood.total).toBeLessThanOrEqual(4_096);
  const calm = new NamedBuckets({ perSecond: 1_000, burst: 2 });
  for (let time = 0; time < 30_000; time += 1) calm.allows('the-flooder', 0);
  expect(calm.isSpent('the-flooder', 0)).toBe(true);
  for (let peer = 0; peer < 10_000; peer += 1) calm.allows(`made-up-${peer}`, 3 * peer);
  expect(calm.total).toBeLessThanOrEqual(4_096);
});
