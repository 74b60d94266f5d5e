import { expect, test } from 'vitest';
import { generateLogKey } from '../../protocol/runtime/node-suite.js';
import { batchDraftLimits } from '../../protocol/index.js';
import { TerminalChain } from '../ingest/terminal-chain.js';
import { VirtualClock } from '../ingest/virtual-clock.js';
import { openService } from '../support/open-service.js';
import { DAY_MS, DaysHall, HOUR_MS } from './days-hall.js';
import { drawPlan, mustCountAs, type PlannedService, type PlanSize } from './hall-plan.js';

/** A midnight in Shanghai. */
const START_MS = Date.parse('2026-09-28T00:00:00+08:00');
const SIZE: PlanSize = { windows: 60, days: 14, servicesADay: 24, seed: 20_260_921 };
const MINUTE_MS = 60_000;

test('with lines that are down for days, with ratings by phone, whatever the terminals tell late', async () => {
  const plan = drawPlan(SIZE);
  const hall = await DaysHall.open({}, START_MS);
  const chains = await terminals(hall, SIZE.windows);
  const sentTo = new Map<TerminalChain, number>();
  const lastDay = SIZE.days + Math.max(11, hall.policy.ratingWindowDays) + 2;
  for (let day = 0; day <= lastDay; day += 1) {
    const today = plan.services.filter((service) => service.day === day);
    hall.log.clock.advance(START_MS + day * DAY_MS + 8 * HOUR_MS - hall.log.clock.wallMs());
    await hall.days.look();
    for (const service of today) if (service.by === 'system') await ask(hall, service);
    for (const [window, chain] of chains)
      serve(
        chain,
        day,
        today.filter((service) => service.window === window),
      );
    hall.log.clock.advance(10 * HOUR_MS);
    const arriving = [...chains].filter(([window]) => (plan.delivered.get(`${window} ${day}`) ?? day) <= day);
    await hall.log.arrive(...arriving.flatMap(([, chain]) => newBatches(hall, chain, sentTo)));
    for (const { serviceId, day: served, later } of plan.services)
      if (later !== null && served + later.days === day) await hall.rateOffSite(serviceId, later.level);
  }

  const rows = hall.log.rows<{ serviceId: string; level: number | null; defaultLevel: number | null; over: number }>(
    `SELECT service.serviceId, level, defaultLevel, expiredAt IS NOT NULL AS over
     FROM service LEFT JOIN rating ON rating.ratingId = service.ratingId`,
  );
  const counted = new Map(
    rows.map(({ serviceId, level, defaultLevel, over }) => [
      serviceId,
      level !== null
        ? `rated ${level}`
        : over === 0
          ? 'still open'
          : defaultLevel === null
            ? 'nothing'
            : `default ${defaultLevel}`,
    ]),
  );
  const rule = { ratingWindowDays: hall.policy.ratingWindowDays, countsAs: 3 as const };
  const wrong = plan.services
    .map((service) => ({ service, must: mustCountAs(service, rule), is: counted.get(service.serviceId) }))
    .filter(({ must, is }) => must !== is);
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(rows).toHaveLength(plan.services.length);
  expect([hall.saidMoreThanOnce(), hall.log.setAside()]).toEqual([0, []]);
  // All of it did happen.
  const musts = new Set(plan.services.map((service) => mustCountAs(service, rule)));
  expect(musts).toEqual(new Set(['nothing', 'default 3', ...[1, 2, 3, 4, 5].map((level) => `rated ${level}`)]));
  const both = hall.log.total('service', 'ratingId IS NOT NULL AND expiredAt IS NOT NULL');
  expect(both).toBeGreaterThan(20);
  expect(hall.log.total('aside', "code = 'rating-window-over'")).toBeGreaterThan(20);
  expect(hall.log.total('aside', "code = 'service-already-rated'")).toBeGreaterThan(20);
}, 180_000);

async function terminals(hall: DaysHall, windows: number): Promise<Map<number, TerminalChain>> {
  const chains = new Map<number, TerminalChain>();
  for (let window = 1; window <= windows; window += 1) {
    const chain = new TerminalChain({
      terminal: `t${window}`,
      key: generateLogKey(),
      clock: new VirtualClock(hall.log.clock.wallMs()),
    });
    await hall.log.registry.addTerminal(chain.terminal, String(window), chain.key.publicKey);
    chain.first();
    chains.set(window, chain);
  }
  return chains;
}

/** The business system asks for a service; of one that it takes back the terminal has told nothing yet. */
async function ask(hall: DaysHall, { serviceId, window, session }: PlannedService): Promise<void> {
  const request = { serviceId, caseNo: `case-${serviceId}`, stage: 'completion' as const, terminal: `t${window}` };
  hall.reachable = session !== 'none';
  await openService(hall.desk, request, serviceId).catch((error: unknown) => {
    if (session !== 'none') throw error;
  });
  if (session === 'taken-back') await hall.desk.cancel(serviceId);
}

/** What a terminal writes down in a day. */
function serve(chain: TerminalChain, day: number, services: readonly PlannedService[]): void {
  for (const { serviceId, minute, session } of services) {
    chain.clock.advance(START_MS + day * DAY_MS + minute * MINUTE_MS - chain.clock.wallMs());
    if (session === 'none') continue;
    chain.opened(serviceId);
    if (typeof session === 'number') chain.rating(serviceId, session, chain.press(serviceId, session));
    else chain.append('unrated', { serviceId, cause: session === 'unrated' ? 'time-over' : 'cancelled' });
  }
}

/** Everything that the gateway does not have, packed as a terminal packs it. */
function newBatches(hall: DaysHall, chain: TerminalChain, sentTo: Map<TerminalChain, number>) {
  chain.clock.advance(hall.log.clock.wallMs() - chain.clock.wallMs());
  const mono = chain.clock.monoMs();
  const now = hall.log.clock.wallMs();
  const time = { bootId: chain.bootId, mono, at: now, echo: { gatewayTime: now, mono } };
  const batches: (readonly [string, Uint8Array])[] = [];
  for (let from = (sentTo.get(chain) ?? 0) + 1; from <= chain.headSeq; from += batchDraftLimits.entries) {
    const to = Math.min(chain.headSeq, from + batchDraftLimits.entries - 1);
    batches.push([chain.terminal, chain.batch(from, to, { time })]);
  }
  sentTo.set(chain, chain.headSeq);
  return batches;
}
