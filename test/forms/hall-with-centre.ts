/**
 * A hall from the business system's request to the ledger of the centre: the real HTTP edge and store, a terminal's log
 * that the real ingest takes, the real forwarder, and the simulated centre over its wire.
 */
import { onTestFinished, vi } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import { Forwarder } from '../../gateway/forward/forwarder.js';
import { Ingest } from '../../gateway/ingest/ingest.js';
import { Registry } from '../../gateway/registry/registry.js';
import { keepText } from '../../gateway/services/free-text.js';
import { RatingDesk, type RatingAct } from '../../gateway/services/rating-desk.js';
import { ReasonDesk } from '../../gateway/services/reason-desk.js';
import type { EntryBody, Level, Policy } from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import type { LedgerEntry } from '../../simulator/centre/ledger.js';
import { HallEdge, POLICY } from '../api/hall-edge.js';
import { startCentre, startPort, type RunningCentre } from '../centre/centre-at-work.js';
import { quiet } from '../ingest/hall-log.js';
import { TerminalChain } from '../ingest/terminal-chain.js';

export interface HallOptions {
  readonly policy?: Partial<Policy>;
  /** What the centre does, and whether this hall was told of it. */
  readonly centreRefusesBareNegative?: boolean;
  readonly knowsOfIt?: boolean;
  /** Hears what each delivery came to. */
  readonly onOutcome?: (edge: HallEdge) => (outcome: CentreOutcome['kind']) => void;
}

/** What a terminal says of the session of a service. */
export interface Session {
  readonly level?: Level;
  readonly reasons?: string[];
  readonly opened?: Partial<EntryBody<'service.opened'>>;
}

const HOUR_MS = 3_600_000;

export class HallWithCentre {
  /** Codes of what was set aside. */
  readonly quarantined: string[] = [];
  readonly edge: HallEdge;
  readonly centre: RunningCentre;
  readonly chain: TerminalChain;
  forwarder: Forwarder;
  readonly reasons: ReasonDesk;
  readonly ratings: RatingDesk;
  readonly ingest: Ingest;
  readonly #makeForwarder: () => Forwarder;
  #sent = 0;

  private constructor(edge: HallEdge, centre: RunningCentre, { knowsOfIt = false, onOutcome }: HallOptions) {
    this.edge = edge;
    this.centre = centre;
    const { store, policy } = edge;
    const clock = edgeClock(edge);
    this.chain = new TerminalChain({ terminal: 't1', key: generateLogKey() });
    this.chain.first();
    this.reasons = new ReasonDesk({ store, clock });
    this.ratings = new RatingDesk({
      store,
      suite: nodeSuite,
      clock,
      policy,
      policyId: 'default@1',
      ownSource: 'hall-1/@gw',
      keepText,
      onRated: () => this.forwarder.wake(),
    });
    const port = startPort(centre.url, { clock });
    const heard = onOutcome?.(edge) ?? (() => undefined);
    this.#makeForwarder = () =>
      new Forwarder({
        hall: 'demo',
        store,
        centre: port,
        policy,
        clock,
        retry: { initialMs: 50, factor: 2, capMs: 500, jitter: 0 },
        uniform: () => 0.5,
        logger: quiet,
        concurrency: 2,
        claimMs: 30_000,
        refusesBareNegative: knowsOfIt,
        onOutcome: heard,
      });
    this.forwarder = this.#makeForwarder();
    this.ingest = new Ingest({
      hall: 'demo',
      store,
      registry: new Registry({ db: store.db, own: store.own, clock }),
      suite: nodeSuite,
      signer: headSigner(generateLogKey().privatePem),
      verifyOwn: () => true,
      clock,
      logger: quiet,
      rules: policy,
      publishAck: () => undefined,
      onCommit: () => this.forwarder.wake(),
      onQuarantine: (code) => this.quarantined.push(code),
    });
  }

  static async open(options: HallOptions = {}): Promise<HallWithCentre> {
    const edge = new HallEdge();
    // What may still be changed does not leave: that is another test's matter.
    edge.policy = { ...POLICY, later: { ...POLICY.later, changeSeconds: 0 }, ...options.policy };
    await edge.start();
    onTestFinished(() => edge.remove());
    const centre = await startCentre({
      wallMs: () => edge.nowMs,
      refusesBareNegative: options.centreRefusesBareNegative ?? false,
    });
    const hall = new HallWithCentre(edge, centre, options);
    onTestFinished(async () => {
      await hall.ingest.stop();
      await hall.forwarder.stop();
    });
    const registry = new Registry({ db: edge.store.db, own: edge.store.own, clock: edgeClock(edge) });
    await registry.addTerminal('t1', 'A12', hall.chain.key.publicKey);
    hall.forwarder.start();
    return hall;
  }

  /** The forwarder of a gateway that starts again. */
  startAgain(): Forwarder {
    this.forwarder = this.#makeForwarder();
    this.forwarder.start();
    return this.forwarder;
  }

  advance(hours: number): void {
    this.edge.nowMs += hours * HOUR_MS;
    this.chain.clock.advance(hours * HOUR_MS);
  }

  /** The business system opens a service. @returns its serviceId. */
  async open(request: object): Promise<string> {
    const answer = await this.edge.open({ terminal: 't1', ...request });
    if (answer.status !== 201) throw new Error(`refused: ${answer.text}`);
    return answer.body['serviceId'] as string;
  }

  /** The terminal's log of a service's session comes in. @returns the id of the rating. */
  async session(serviceId: string, { level, reasons, opened }: Session): Promise<string> {
    const { chain, edge } = this;
    const row = await edge.service(serviceId);
    chain.append('service.opened', {
      serviceId,
      caseNo: row?.caseNo ?? `case-${serviceId}`,
      stage: (row?.stage ?? 'completion') as 'intake' | 'completion',
      origin: row === undefined ? 'local' : 'command',
      window: 'A12',
      policy: 'default@1',
      ...opened,
    });
    return level === undefined ? '' : this.rate(serviceId, level, reasons);
  }

  /** The citizen presses, and the session ends with it. */
  async rate(serviceId: string, level: Level, reasons?: string[]): Promise<string> {
    const { chain } = this;
    const id = chain.press(serviceId, level);
    if (reasons !== undefined) chain.append('reasons', { pressId: id, serviceId, codes: reasons, list: 'national-1' });
    chain.append('rating', {
      id,
      serviceId,
      level,
      cause: 'time-over',
      ...(reasons === undefined ? {} : { reasons }),
    });
    await this.arrive();
    return id;
  }

  /** The session ends without a rating, and the citizen rates by another way. @returns the id of the rating. */
  async ratedElsewhere(
    serviceId: string,
    act: Pick<RatingAct, 'channel' | 'level' | 'reasons' | 'text'>,
  ): Promise<string> {
    await this.session(serviceId, {});
    this.chain.append('unrated', { serviceId, cause: 'later' });
    await this.arrive();
    const id = nodeRandomness.newId();
    await this.ratings.rate({ id, serviceId, verified: true, ...act });
    return id;
  }

  /** What the terminal has written since arrives. */
  async arrive(): Promise<void> {
    if (this.chain.headSeq === this.#sent) return;
    this.ingest.batch('t1', this.chain.batch(this.#sent + 1));
    this.#sent = this.chain.headSeq;
    await this.ingest.idle();
  }

  forward(ratingId: string) {
    return this.edge.store.db
      .selectFrom('forward')
      .selectAll()
      .where('ratingId', '=', ratingId)
      .executeTakeFirstOrThrow();
  }

  /** Waits until a rating's place in the queue is in a state. */
  async becomes(ratingId: string, state: string) {
    return vi.waitFor(
      async () => {
        this.forwarder.wake();
        const row = await this.forward(ratingId);
        if (row.state !== state) throw new Error(`it is ${row.state} (${row.lastCode ?? 'no code'})`);
        return row;
      },
      { timeout: 4_000, interval: 10 },
    );
  }

  /** The periodic look at what waits for a reason. @returns how many were supplied. */
  look(): Promise<number> {
    return this.reasons.look(this.edge.policy.bareNegative);
  }

  /** Waits until a rating was tried without an answer. */
  async tried(ratingId: string): Promise<void> {
    await vi.waitFor(async () => {
      const { attempts, state } = await this.forward(ratingId);
      if (attempts === 0 || state !== 'waiting') throw new Error(`${state} after ${attempts}`);
    });
  }

  ledger(caseNo?: string): Promise<LedgerEntry[]> {
    return this.centre.ledger(caseNo);
  }
}

function edgeClock(edge: HallEdge) {
  return { wallMs: () => edge.nowMs, monoMs: () => edge.nowMs - 1_789_000_000_000 };
}
