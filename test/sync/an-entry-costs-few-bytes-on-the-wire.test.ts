import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { batchDraftLimits, encodeBatch } from '../../protocol/index.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import type { Draft } from '../../device/log/session-log.js';
import { DrivenClock, live, openLog, SIGNER, SOURCE, testFolder } from '../device-log/log-at-work.js';

/** Three entries a rating, each with what cannot be packed: ids of 64 random bits, a case number, moments. */
function rating(n: number): Draft[] {
  const serviceId = randomBytes(12).toString('hex');
  const id = nodeRandomness.newId();
  const level = ([5, 5, 5, 4, 4, 3, 2, 1] as const)[n % 8] ?? 5;
  const caseNo = `20260921${String(randomBytes(4).readUInt32BE() % 1e8).padStart(8, '0')}`;
  const matter = { code: '11370100MB28555192300010100200', name: '企业设立登记（有限责任公司）' };
  const opening = { origin: 'command', window: '7', staffNo: '1024', policy: 'default@5a0e7c31' } as const;
  return [
    { kind: 'service.opened', body: { serviceId, caseNo, stage: 'completion', matter, ...opening } },
    { kind: 'press', body: { id, serviceId, level, via: 'key' } },
    { kind: 'rating', body: { id, serviceId, level, cause: 'time-over' } },
  ];
}

test('a batch of a hundred, with its header, its chain and its signatures, is at most 60 bytes an entry', () => {
  const clock = new DrivenClock();
  const log = openLog(testFolder(), clock);
  for (let n = 0; n < 200; n += 1) {
    clock.nowMs += 500 + (n % 7) * 13_001;
    log.append(rating(n));
  }
  const epoch = live(log);
  const sizes: number[] = [];
  for (let from = 1; from + 99 <= epoch.endSeq; from += 100) {
    const slice = log.slice(epoch, from, batchDraftLimits.entries, batchDraftLimits.bytes);
    if (slice === null) throw new Error('nothing to send');
    expect(slice.entries).toHaveLength(100);
    const time = { bootId: 'bootbootboo', mono: clock.monoMs(), at: clock.wallMs() };
    sizes.push(encodeBatch(nodeSuite, SIGNER, { source: SOURCE, epoch: epoch.epoch, ...slice, time }).length / 100);
  }
  expect(sizes).toHaveLength(6);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(60);
});
