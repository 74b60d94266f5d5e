/**
 * A month of services that nobody rated is closed by default while a hall is at work: how long it takes, and what the
 * terminals notice of it. The gateway's parts are the ones that ship, in one process as in the gateway.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Days } from '../../gateway/days/days.js';
import { Ingest } from '../../gateway/ingest/ingest.js';
import { openHall } from '../../gateway/open-hall.js';
import { decodeMessage } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { nodeSuite, signatureCheck, systemClock } from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { addOldServices, configure } from '../days/old-services.js';
import { HALL, terminalBacklog, type TerminalBacklog } from './ingest-backlog.js';
import { builtCheckpointer } from './ingest-drain.js';
import { quantile, row } from './quantiles.js';

/** A hall at work: so many terminals, and one of them sends an entry each time. */
const TERMINALS = 40;
const EVERY_MS = 10;
const QUIET_MS = 20_000;
/** Entries that stand ready: enough for two minutes. */
const RATINGS_EACH = 100;

export async function benchDays(services = 300_000): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-'));
  try {
    const { config } = configure(folder, { hall: HALL, gateway: 'gateway' });
    const { store, registry, publicKey, signer } = await openHall(config);
    await addOldServices(store, services, systemClock.wallMs());
    const { policy, policyId } = readPolicy(config.policyFile);
    const logger = createLogger('bench', { level: 'warn' });
    const waiting = new Map<string, { throughSeq: number; dueMs: number }[]>();
    let ackMs: number[] = [];
    const ingest = new Ingest({
      hall: HALL,
      store,
      registry,
      suite: nodeSuite,
      signer,
      verifyOwn: signatureCheck(publicKey),
      clock: systemClock,
      logger,
      rules: policy,
      publishAck: (terminal, payload) => {
        const { throughSeq, refused } = decodeMessage(nodeSuite, 'ack', payload);
        if (refused !== undefined) throw new Error(`refused: ${refused.code}`);
        const open = waiting.get(terminal) ?? [];
        while (open[0] !== undefined && open[0].throughSeq <= throughSeq)
          ackMs.push(performance.now() - (open.shift()?.dueMs ?? 0));
      },
      onCommit: () => undefined,
      onQuarantine: (code) => {
        throw new Error(`set aside: ${code}`);
      },
    });
    const terminals: TerminalBacklog[] = [];
    for (let n = 1; n <= TERMINALS; n += 1) terminals.push(terminalBacklog(`window-${n}`, RATINGS_EACH, 1));
    for (const { terminal, key } of terminals) await registry.addTerminal(terminal, '1', key.publicKey);
    const checkpointer = new (await builtCheckpointer())(config.dataDir, logger);
    checkpointer.start();
    const hall = atWork(terminals, (terminal, batch, dueMs) => {
      const open = waiting.get(terminal) ?? [];
      open.push({ throughSeq: batch.lastSeq, dueMs });
      waiting.set(terminal, open);
      ingest.batch(terminal, batch.payload);
    });

    await sleep(2_000);
    ackMs = [];
    await sleep(QUIET_MS);
    const quiet = ackMs;
    ackMs = [];
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
    const during = ackMs;
    hall.stop();
    await ingest.idle();
    await ingest.stop();
    await checkpointer.stop();
    await store.close();
    const times = quantile(during, 0.99) / quantile(quiet, 0.99);
    return [
      `days: ${closed} expired services closed by default in ${(tookMs / 1_000).toFixed(1)} s (${(closed / tookMs).toFixed(1)} k/s)`,
      `  message -> ack of ${TERMINALS} terminals at work, ${1_000 / EVERY_MS} messages a second: ${row(quiet, 'ms')} before; ${row(during, 'ms')} meanwhile: p99 is ${times.toFixed(2)} times`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Entries come by the clock on the wall, whether they are answered or not: whoever is late is measured as late. */
function atWork(
  terminals: readonly TerminalBacklog[],
  send: (terminal: string, batch: TerminalBacklog['batches'][number], dueMs: number) => void,
): { stop: () => void } {
  const begun = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (; begun + sent * EVERY_MS <= performance.now(); sent += 1) {
      const one = terminals[sent % terminals.length];
      const batch = one?.batches[Math.floor(sent / terminals.length)];
      if (one !== undefined && batch !== undefined) send(one.terminal, batch, begun + sent * EVERY_MS);
    }
  }, 1);
  return { stop: () => clearInterval(timer) };
}
