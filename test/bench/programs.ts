/** The real programs: memory after 10,000 ratings, ready to rate without a network, from closing to the ledger. */
import { readFileSync } from 'node:fs';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until, type Counter } from '../support/hall.js';
import { row } from './quantiles.js';

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

async function rateByTouch(hall: Hall, counter: Counter, caseNo: string): Promise<boolean> {
  const opened = await hall.local(counter, 'POST', '/v1/services', { caseNo });
  if (opened.status >= 300) return false;
  return (await hall.local(counter, 'POST', '/v1/press', { level: 5 }, 'kiosk')).status < 300;
}

export async function benchPrograms(ratings: number): Promise<string[]> {
  const hall = await new Hall().start();
  try {
    const counter = hall.counter(1);
    const before = residentMb(counter.program.pid);
    for (let n = 0; n < ratings; n += 1) {
      if (!(await rateByTouch(hall, counter, `case-${n}`))) throw new Error(`rating ${n} was not taken`);
    }
    const after = residentMb(counter.program.pid);
    await until('all are at the centre', async () => (await hall.ledger()).length === ratings, 600_000);
    const times = new Map(
      gatewayRows<{ serviceId: string; closedAt: number }>(hall, 'SELECT serviceId, closedAt FROM service').map(
        (one) => [one.serviceId, one.closedAt],
      ),
    );
    const toLedger = (await hall.ledger()).map(({ serviceId, receivedAt }) => receivedAt - (times.get(serviceId) ?? 0));
    const gatewayMb = residentMb(hall.gateway.pid);
    await hall.gateway.stop();
    const starts: number[] = [];
    const keys: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await counter.program.stop();
      const begun = performance.now();
      await counter.program.start();
      await until('a press is taken', () => rateByTouch(hall, counter, `alone-${n}`).catch(() => false), 30_000);
      starts.push(performance.now() - begun);
      await until(
        'the keys serve',
        async () =>
          ((await hall.local(counter, 'GET', '/v1/health')).body as { parts: { board: string } }).parts.board ===
          'connected',
      );
      keys.push(performance.now() - begun);
    }
    return [
      `device memory (VmRSS): ${before.toFixed(0)} MB at start, ${after.toFixed(0)} MB after ${ratings} ratings (promised: <= 110); gateway ${gatewayMb.toFixed(0)} MB`,
      `closing -> ledger, while rating as fast as it goes: ${row(toLedger, 'ms')} (promised: <= 1 s)`,
      `start without a network -> first rating taken (touch): ${row(starts, 'ms')}; keys serve: ${row(keys, 'ms')} (promised: <= 3 s)`,
    ];
  } finally {
    await hall.stop();
  }
}
