/** A hall whose days go by: the real store, registry and ingest, a clock that moves by days, and its closing by default. */
import type { TerminalCommands } from '../../gateway/commands/terminal-commands.js';
import { closeExpired } from '../../gateway/days/close-expired.js';
import { Days, type DaysParts } from '../../gateway/days/days.js';
import { projectEntries } from '../../gateway/ingest/project-entries.js';
import { ServiceDesk } from '../../gateway/services/service-desk.js';
import { PjqError, type Level, type Policy, type RatingChannel } from '../../protocol/index.js';
import { generateLogKey, nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { POLICY } from '../api/hall-edge.js';
import { HallLog, OWN_SOURCE, quiet } from '../ingest/hall-log.js';
import { TerminalChain } from '../ingest/terminal-chain.js';
import { VirtualClock } from '../ingest/virtual-clock.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A Monday, 10:00 in Shanghai. */
export const MONDAY_MS = Date.parse('2026-09-28T10:00:00+08:00');

export interface Closed {
  readonly serviceId: string;
  readonly expiredAt: number | null;
  readonly defaultLevel: number | null;
  readonly ratingId: string | null;
}

export class DaysHall {
  readonly log: HallLog;
  readonly policy: Policy;
  readonly days: Days;
  readonly desk: ServiceDesk;
  readonly #chains: TerminalChain[] = [];
  /** Whether terminals answer the desk. */
  reachable = true;

  private constructor(log: HallLog, policy: Policy) {
    this.log = log;
    this.policy = policy;
    this.days = this.newDays();
    const commands: TerminalCommands = {
      send: (_terminal, command) =>
        this.reachable
          ? Promise.resolve({ v: 1, id: command.id, ok: true })
          : Promise.reject(new PjqError('unreachable')),
    };
    const { store, clock } = log;
    this.desk = new ServiceDesk({ store, commands, policy, clock, randomness: nodeRandomness, hall: 'demo' });
  }

  static async open(changes: Partial<Policy> = {}, startMs = MONDAY_MS): Promise<DaysHall> {
    const policy = { ...POLICY, ...changes };
    const log = await HallLog.open({ rules: policy });
    log.clock.step(startMs - log.clock.wallMs());
    return new DaysHall(log, policy);
  }

  get parts(): DaysParts {
    const { store, clock } = this.log;
    const { policy } = this;
    return { store, clock, policy, policyId: 'test@1', logger: quiet };
  }

  newDays(): Days {
    return new Days(this.parts, { share: 1 });
  }

  closeStride(limit: number): Promise<number> {
    return closeExpired(this.parts, limit);
  }

  async terminal(name: string): Promise<TerminalChain> {
    const clock = new VirtualClock(this.log.clock.wallMs());
    const chain = new TerminalChain({ terminal: name, key: generateLogKey(), clock });
    await this.log.registry.addTerminal(name, '1', chain.key.publicKey);
    chain.first();
    this.#chains.push(chain);
    await this.sendAll(chain);
    return chain;
  }

  /** Time passes, for the gateway and for every terminal. */
  pass(ms: number): void {
    for (const { clock } of [this.log, ...this.#chains]) clock.advance(ms);
  }

  /** Days go by with the gateway at work: it looks every twelve hours. */
  async live(days: number): Promise<void> {
    for (let half = 0; half < days * 2; half += 1) {
      this.pass(DAY_MS / 2);
      await this.days.look();
    }
  }

  /** Sends everything of a chain that the gateway does not have, with what it heard of the gateway's time. */
  async sendAll(chain: TerminalChain): Promise<void> {
    const [row] = this.log.rows<{ throughSeq: number }>('SELECT throughSeq FROM epoch WHERE epoch = ?', chain.epoch);
    const firstSeq = (row?.throughSeq ?? 0) + 1;
    if (firstSeq > chain.headSeq) return;
    const mono = chain.clock.monoMs();
    const echo = { gatewayTime: this.log.clock.wallMs(), mono };
    const time = { bootId: chain.bootId, mono, at: chain.clock.wallMs(), echo };
    await this.log.send(chain, chain.batch(firstSeq, chain.headSeq, { time }));
  }

  /** A citizen rates by another way than the terminal. */
  async rateOffSite(serviceId: string, level: Level, channel: Exclude<RatingChannel, 'window'> = 'receipt-qr') {
    const { store } = this.log;
    const id = nodeRandomness.newId();
    await store.db.transaction().execute(async (trx) => {
      const body = { id, serviceId, channel, level, verified: true, policy: 'test@1' };
      const appended = await store.own.append(trx, 'rating.made', body);
      const parts = { suite: nodeSuite, nowMs: appended.at, rules: this.policy };
      await projectEntries(trx, parts, [{ ...appended, source: OWN_SOURCE }]);
    });
    return id;
  }

  /** As they stand, by their name. */
  closed(): Closed[] {
    return this.log.rows('SELECT serviceId, expiredAt, defaultLevel, ratingId FROM service ORDER BY serviceId');
  }

  /** What the gateway's own log says of the ends of days: service and level. */
  said(): string[] {
    return this.log.ownBodies('service.expired').map(({ serviceId, level }) => `${String(serviceId)} ${String(level)}`);
  }

  /** How many entries there are that say again what was said of their service. */
  saidMoreThanOnce(): number {
    const all = this.log.ownBodies('service.expired').map(({ serviceId }) => serviceId as string);
    return all.length - new Set(all).size;
  }
}
