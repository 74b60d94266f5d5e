/**
 * Ratings by phone while a hall is at work: how long a phone waits for its page and for its act to stand, and what the
 * terminals notice of it. The gateway's parts are the ones that ship, in one process as in the gateway; the phones are
 * another process on the same processors.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHall } from '../../gateway/open-hall.js';
import { openRate } from '../../gateway/rate/open-rate.js';
import { RECEIPT_KEYS_FILE } from '../../gateway/registry/receipt-key-file.js';
import { ReceiptKeyDesk } from '../../gateway/registry/receipt-key-desk.js';
import { BLANK_SERVICE } from '../../gateway/store/blank-rows.js';
import type { Store } from '../../gateway/store/store.js';
import { makeReceiptToken, serviceReferenceOf } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { configure } from '../days/old-services.js';
import { HallAtWork, noticed } from './hall-at-work.js';
import { HALL } from './ingest-backlog.js';
import { row } from './quantiles.js';

const QUIET_MS = 15_000;
const RATINGS_EACH = 80;
const PER_SECOND = 300;
/** Not measured: the gateway's programs have been compiled when a busy hour comes. */
const FIRST = { total: 1_500, perSecond: 100 };

interface PhoneTimes {
  readonly opened: readonly number[];
  readonly sent: readonly number[];
  readonly failed: readonly string[];
}

export async function benchLater(seconds = 20): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-'));
  try {
    const { config } = configure(folder, {
      hall: HALL,
      gateway: 'gateway',
      rate: {
        port: 0,
        publicUrl: 'http://127.0.0.1/r',
        trustedProxies: ['127.0.0.1'],
      },
    });
    const hall = await openHall(config);
    const { store } = hall;
    const { policy, policyId } = readPolicy(config.policyFile);
    const logger = createLogger('bench', { level: 'warn' });
    const atWork = await HallAtWork.make({ hall, policy, dataDir: config.dataDir, ratingsEach: RATINGS_EACH });
    const keys = new ReceiptKeyDesk({
      store,
      file: join(config.dataDir, RECEIPT_KEYS_FILE),
      suite: nodeSuite,
      clock: systemClock,
    });
    const key = randomBytes(32);
    await keys.add('window-1', { terminalNumber: 1, keyNumber: 0, key });
    // Half of the services a log has told of, half none yet.
    const services = Array.from(
      { length: FIRST.total + PER_SECOND * seconds },
      () => `slip-${randomBytes(8).toString('hex')}`,
    );
    await addOpenServices(store, services.slice(0, services.length / 2));
    const tokens = services
      .map((serviceId) =>
        makeReceiptToken(nodeSuite, { terminalNumber: 1, keyNumber: 0, key, serviceId, nowMs: Date.now() }),
      )
      .sort();
    const rate = openRate(config, {
      store,
      policy,
      policyId,
      evaluators: undefined,
      logger,
      admit: () => undefined,
      onRated: () => undefined,
    });
    if (rate === undefined) throw new Error('no page');
    const { port } = await rate.start();
    const phones = fork(new URL('./later-load-program.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
    await once(phones, 'message');
    atWork.start();
    await sleep(2_000);
    atWork.ackTimes();
    await sleep(QUIET_MS);
    const quiet = atWork.ackTimes();
    phones.send({ port, tokens, perSecond: PER_SECOND, first: FIRST });
    await once(phones, 'message');
    atWork.ackTimes();
    const before = process.cpuUsage();
    const [times] = (await once(phones, 'message')) as [PhoneTimes];
    const during = atWork.ackTimes();
    const { user, system } = process.cpuUsage(before);
    await atWork.rest();
    const stands = await store.db
      .selectFrom('rating')
      .where('channel', '=', 'receipt-qr')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    await rate.stop();
    await atWork.stop();
    await store.close();
    return [
      `later: ${times.sent.length} ratings by phone, ${PER_SECOND} a second after ${FIRST.total} slower ones, ${times.failed.length} failed (${times.failed[0] ?? 'none'}), ${stands.total} stand; ${((user + system) / 1_000 / times.sent.length).toFixed(2)} ms of processor a rating, the terminals' work included`,
      `  page: ${row(times.opened, 'ms')}; act sent -> it stands and is answered: ${row(times.sent, 'ms')} (promised: p99 <= 150 ms)`,
      noticed(quiet, during),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Services of window 1 that are open, as rows: what made them is not looked at here. */
async function addOpenServices(store: Store, services: readonly string[]): Promise<void> {
  const at = Date.now();
  const rows = services.map((serviceId, n) => ({
    ...BLANK_SERVICE,
    serviceId,
    terminal: 'window-1',
    caseNo: `20261121${String(n).padStart(8, '0')}`,
    stage: 'completion',
    matter: JSON.stringify({ code: '370800-01', name: '企业开办登记' }),
    window: '1',
    staffNo: '1024',
    state: 'open',
    origin: 'command',
    openedAt: at,
    closedAt: null,
    endCause: null,
    closedSeenAt: null,
    ratingId: null,
    requestedAt: at,
    validUntil: null,
    daysFrom: at,
    reference: serviceReferenceOf(nodeSuite, serviceId),
  }));
  for (let from = 0; from < rows.length; from += 500)
    await store.db
      .insertInto('service')
      .values(rows.slice(from, from + 500))
      .execute();
}
