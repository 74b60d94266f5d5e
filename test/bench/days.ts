/**
 * A month of services that nobody rated is closed by default while a hall is at work: how long it takes, and what the
 * terminals notice of it. The gateway's parts are the ones that ship, in one process as in the gateway.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Days } from '../../gateway/days/days.js';
import { openHall } from '../../gateway/open-hall.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { addOldServices, configure } from '../days/old-services.js';
import { HallAtWork, noticed } from './hall-at-work.js';
import { HALL } from './ingest-backlog.js';

const QUIET_MS = 20_000;
const SETTLE_MS = 10_000;
const RATINGS_EACH = 100;

export async function benchDays(services = 300_000): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-'));
  try {
    const { config } = configure(folder, { hall: HALL, gateway: 'gateway' });
    const hall = await openHall(config);
    const { store } = hall;
    await addOldServices(store, services, systemClock.wallMs());
    const { policy, policyId } = readPolicy(config.policyFile);
    const logger = createLogger('bench', { level: 'warn' });
    const atWork = await HallAtWork.make({ hall, policy, dataDir: config.dataDir, ratingsEach: RATINGS_EACH });
    atWork.start();

    // What making the services has left for the disk is not what is measured.
    execFileSync('sync', ['-f', folder]);
    await sleep(SETTLE_MS);
    atWork.ackTimes();
    await sleep(QUIET_MS);
    const quiet = atWork.ackTimes();
    const days = new Days({
      store,
      clock: systemClock,
      policy,
      policyId,
      logger,
    });
    const begun = performance.now();
    const closed = await days.closeNow();
    const tookMs = performance.now() - begun;
    const during = atWork.ackTimes();
    await atWork.stop();
    await store.close();
    return [
      `days: ${closed} expired services closed by default in ${(tookMs / 1_000).toFixed(1)} s (${(closed / tookMs).toFixed(1)} k/s)`,
      noticed(quiet, during),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
