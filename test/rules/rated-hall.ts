/** A hall in which services are rated by every way: real log, real projection, real desk. Time is driven. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { repairStore } from '../../gateway/repair/repair-store.js';
import { verifyFile, type VerifyReport } from '../../gateway/verify/verify-file.js';
import { RatingDesk, type ActFacts, type Rated, type TakenAct } from '../../gateway/services/rating-desk.js';
import type { Level, Policy, Stage } from '../../protocol/index.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
} from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { HallLog, OWN_SOURCE, temporaryFolder, type HallLogOptions } from '../ingest/hall-log.js';
import { TerminalChain } from '../ingest/terminal-chain.js';
import { VirtualClock } from '../ingest/virtual-clock.js';

export const { policy: POLICY, policyId: POLICY_ID } = readPolicy('gateway/policies/default.yaml');
export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

export interface Asides {
  readonly ratingId: string;
  readonly code: string;
}

export class RatedHall {
  readonly log: HallLog;
  readonly desk: RatingDesk;
  readonly policy: Policy;
  #terminals = 0;

  private constructor(log: HallLog, policy: Policy) {
    this.log = log;
    this.policy = policy;
    this.desk = new RatingDesk({
      store: log.store,
      suite: nodeSuite,
      clock: log.clock,
      policy,
      policyId: POLICY_ID,
      ownSource: OWN_SOURCE,
    });
  }

  static async open(policy: Policy = POLICY, options: HallLogOptions = {}): Promise<RatedHall> {
    const log = await HallLog.open({ ...options, rules: policy });
    // Hundreds of services in one test: what a power cut would leave is another test's matter.
    await sql`PRAGMA synchronous = OFF`.execute(log.store.db);
    return new RatedHall(log, policy);
  }

  /** A terminal of its own boot, with the first entry of its chain written; its clock goes with the hall's. */
  async terminal(): Promise<TerminalChain> {
    this.#terminals += 1;
    const name = `t${this.#terminals}-${nodeRandomness
      .newId()
      .replaceAll(/[^a-z0-9]/gi, '')
      .toLowerCase()}`;
    const key = generateLogKey();
    await this.log.registry.addTerminal(name, '1', key.publicKey);
    const chain = new TerminalChain({ terminal: name, key, clock: new VirtualClock(this.log.clock.wallMs()) });
    chain.first();
    return chain;
  }

  /** Time passes in the hall and at its terminals. */
  advance(ms: number, ...chains: readonly TerminalChain[]): void {
    this.log.clock.advance(ms);
    for (const { clock } of chains) clock.advance(ms);
  }

  rate(act: Rated & Partial<ActFacts>): Promise<TakenAct> {
    return this.desk.rate({
      id: nodeRandomness.newId(),
      channel: 'receipt-qr',
      level: 5,
      verified: true,
      ...act,
    });
  }

  standing(serviceId: string): { ratingId: string; level: number; channel: string } | undefined {
    return this.log.rows<{ ratingId: string; level: number; channel: string }>(
      'SELECT ratingId, level, channel FROM rating WHERE serviceId = ?',
      serviceId,
    )[0];
  }

  asides(serviceId: string): Asides[] {
    return this.log.rows('SELECT ratingId, code FROM aside WHERE serviceId = ? ORDER BY entryId', serviceId);
  }

  queue(ratingId: string): { state: string; nextAt: number; corrects: string | null } | undefined {
    return this.log.rows<{ state: string; nextAt: number; corrects: string | null }>(
      'SELECT state, nextAt, corrects FROM forward WHERE ratingId = ?',
      ratingId,
    )[0];
  }

  verified(): VerifyReport {
    return verifyFile(`${this.log.folder}/hall.db`, { suite: nodeSuite, publicKeys: [this.log.key.publicKey] });
  }
}

/** The hall after its database was made anew from its entries. */
export async function repaired({ log, policy }: RatedHall): Promise<RatedHall> {
  const { folder, key, clock } = log;
  await log.close();
  await repairStore(folder, {
    suite: nodeSuite,
    signer: headSigner(key.privatePem),
    verifyOwn: signatureCheck(key.publicKey),
    clock,
    randomness: nodeRandomness,
    bootId: nodeRandomness.newId(),
    source: OWN_SOURCE,
    version: '0.0.0-test',
    hall: 'demo',
    rules: policy,
  });
  return RatedHall.open(policy, { folder, key });
}

/** Faults that the proof finds once somebody has written to a copy of a database. */
export function faultsAfter(made: { database: Buffer; publicKeys: readonly string[] }, change: string): string {
  const file = join(temporaryFolder(), 'hall.db');
  writeFileSync(file, made.database);
  const db = new Database(file);
  db.exec(change);
  db.close();
  return verifyFile(file, { suite: nodeSuite, publicKeys: made.publicKeys }).faults.join('\n');
}

/** What is said of the time with a batch that tells exactly when it was packed. */
export function exactTime(hall: RatedHall, { bootId, clock }: TerminalChain) {
  const [mono, at] = [clock.monoMs(), clock.wallMs()];
  return { time: { bootId, mono, at, echo: { gatewayTime: hall.log.clock.wallMs(), mono } } };
}

/** Opens a service at a stage by the terminal's own log. */
export function opened(chain: TerminalChain, serviceId: string, stage: Stage = 'completion'): number {
  return chain.append('service.opened', {
    serviceId,
    caseNo: `case-${serviceId}`,
    stage,
    origin: 'local',
    window: '1',
    staffNo: '1001',
    policy: POLICY_ID,
  });
}

/** A press and the end of its session. @returns the rating's id. */
export function pressed(chain: TerminalChain, serviceId: string, level: Level): string {
  const id = chain.press(serviceId, level);
  chain.rating(serviceId, level, id);
  return id;
}
