/** Two pages of a log exchanged, as a card does it that mixes up its blocks: each is whole, and in the wrong place. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Draft } from '../../device/log/session-log.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { BOOT, DrivenClock, fileIn, logIn, openLog, rated, testFolder } from './log-at-work.js';

function withReceipt(serviceId: string): Draft[] {
  const queued = { id: nodeRandomness.newId(), serviceId, copy: 1, occasion: 'later' as const };
  return [...rated(serviceId), { kind: 'receipt', body: { ...queued, state: 'queued' } }];
}

/** Twelve services and one that is waited for, in a file without a write-ahead log. */
function closedLog(): Buffer {
  const folder = testFolder();
  const log = openLog(folder);
  for (let n = 1; n <= 12; n += 1) log.append(withReceipt(`S${n}`));
  log.writeMeta('roster', 'x'.repeat(1_000));
  log.append(rated('open').slice(0, 1));
  log.close();
  return readFileSync(fileIn(folder));
}

/** So many pages around each: the tables and indexes of a new log lie side by side. */
const NEAR = 9;

it('whichever two of them: it opens or is kept aside, and takes presses and slips', () => {
  const whole = closedLog();
  const size = whole.readUInt16BE(16);
  const pages = whole.length / size;
  let found = 0;
  for (let a = 0; a < pages; a += 1)
    for (let b = a + 1; b < Math.min(pages, a + NEAR); b += 1) {
      const altered = Buffer.from(whole);
      whole.copy(altered, a * size, b * size, (b + 1) * size);
      whole.copy(altered, b * size, a * size, (a + 1) * size);
      const place = testFolder();
      writeFileSync(fileIn(place), altered);
      const log = logIn(place, new DrivenClock());
      const { damaged } = log.open();
      expect(
        () => {
          log.append([BOOT]);
          log.append(withReceipt('after'));
          log.nextReceipt();
          log.recentServices(50);
        },
        `pages ${a + 1} and ${b + 1} (${damaged ?? 'nothing found'})`,
      ).not.toThrow();
      expect(log.service('after')).not.toBeNull();
      found += damaged === null ? 0 : 1;
      log.close();
    }
  expect(pages).toBeGreaterThan(8);
  expect(found).toBeGreaterThan(pages);
});
