/**
 * A hall within one process, for faults that no process boundary matters to: terminals' logs and syncs, the gateway's
 * ingest, store and forwarder, and the centre over HTTP, all compiled and on real files. Hundreds of faults in seconds.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GenericCentre } from '../../../gateway/centre/generic-centre.js';
import type { Forwarder } from '../../../gateway/forward/forwarder.js';
import type { Ingest } from '../../../gateway/ingest/ingest.js';
import type { Registry } from '../../../gateway/registry/registry.js';
import type { Store } from '../../../gateway/store/store.js';
import type { CentreServer } from '../../../simulator/centre/centre-server.js';
import type { misbehaviourSchema } from '../../../simulator/centre/misbehaviour.js';
import type { z } from 'zod';
import { CHECKOUT } from '../../support/program.js';
import { until } from '../../support/hall.js';
import { audit } from '../audit/audit.js';
import type { Findings, Seen } from '../fault-class.js';
import { Card } from './card.js';
import { Post } from './post.js';
import { loadPrograms, type Programs } from './programs.js';
import { WatchedCentre } from './watched-centre.js';

export interface SmallHallOptions {
  readonly folder: string;
  /** Where the compiled programs are taken from. */
  readonly root: string;
  readonly terminals: number;
}

const HALL = 'demo';
const SECRET = 'a-secret-for-tests-only';
const CENTRE = { timeoutMs: 500, connectTimeoutMs: 500, concurrency: 8 };
const RETRY = { initialMs: 20, factor: 2, capMs: 200, jitter: 0.3 };
const SETTLED_MS = 30_000;
/** A broken copy of the programs: what does not come soon does not come, and is what the break is to show. */
const BROKEN_SETTLED_MS = 5_000;

interface Gateway {
  readonly store: Store;
  readonly registry: Registry;
  readonly ingest: Ingest;
  readonly forwarder: Forwarder;
  readonly port: GenericCentre;
}

export class SmallHall {
  readonly post = new Post();
  readonly cards: Card[] = [];
  /** In the order in which each terminal was pressed. */
  readonly seen: Seen[] = [];
  readonly watched: WatchedCentre;
  /** Databases that the gateway had before this one. */
  readonly formerDatabases: string[] = [];
  /** Logs of cards that are no longer in their terminal. */
  readonly formerLogs = new Map<string, string[]>();
  readonly #options: SmallHallOptions;
  readonly #programs: Programs;
  #gateway: Gateway | undefined;
  #centre: CentreServer | undefined;
  #centreUrl = '';
  #services = 0;

  private constructor(options: SmallHallOptions, programs: Programs) {
    this.#options = options;
    this.#programs = programs;
    this.watched = new WatchedCentre();
  }

  static async start(options: SmallHallOptions): Promise<SmallHall> {
    const hall = new SmallHall(options, await loadPrograms(options.root));
    await hall.#start();
    return hall;
  }

  get gatewayData(): string {
    return join(this.#options.folder, 'gateway');
  }

  get store(): Store {
    return this.#open().store;
  }

  get registry(): Registry {
    return this.#open().registry;
  }

  /** A card for a terminal, not started; it is none of `cards`. */
  card(terminal: string, name: string): Card {
    return new Card({
      programs: this.#programs,
      post: this.post,
      terminal,
      folder: join(this.#options.folder, name),
    });
  }

  /** Serves one citizen at the card's counter. */
  rate(card: Card, random: () => number): Seen {
    this.#services += 1;
    const level = ([1, 2, 3, 4, 5] as const)[Math.floor(random() * 5)] ?? 5;
    const seen = card.rate(`s-${this.#services}`, level);
    this.seen.push(seen);
    return seen;
  }

  async misbehave(misbehaviour: z.input<typeof misbehaviourSchema>): Promise<void> {
    const response = await fetch(`${this.#centreUrl}/_faults`, { method: 'POST', body: JSON.stringify(misbehaviour) });
    if (response.status !== 200) throw new Error(`the centre's switch answered ${response.status}`);
  }

  /** Waits until the centre has done what it was told, if it was told to do it for a number of times. */
  async misbehaved(): Promise<void> {
    await until('the fault has fallen', () => this.#centre?.misbehaviour.mode === 'none', this.#settledMs());
  }

  async startGateway(): Promise<void> {
    const { gateway, gatewayConfiguration, policyFile, logging, suite, ingest, forwarder, genericCentre } =
      this.#programs;
    const secretFile = join(this.#options.folder, 'secret');
    const policyPath = join(CHECKOUT, 'gateway/policies/default.yaml');
    const config = gatewayConfiguration.gatewayConfigurationSchema.parse({
      hall: HALL,
      gateway: 'gw',
      dataDir: this.gatewayData,
      policyFile: policyPath,
      http: { port: 1, secretFile },
      mqtt: { embedded: { port: 1 } },
      centre: { url: this.#centreUrl, secretFile },
    });
    const { store, registry, publicKey, signer } = await gateway.openHall(config);
    const logger = logging.createLogger('gateway', { level: 'silent' });
    const { nodeRandomness, nodeSuite, signatureCheck, systemClock } = suite;
    const port = new genericCentre.GenericCentre({
      url: this.#centreUrl,
      secret: SECRET,
      timeoutMs: CENTRE.timeoutMs,
      connectTimeoutMs: CENTRE.connectTimeoutMs,
      connections: CENTRE.concurrency,
      clock: systemClock,
    });
    const forwarding = new forwarder.Forwarder({
      hall: HALL,
      store,
      centre: this.watched.over(port),
      policy: policyFile.readPolicy(policyPath).policy,
      clock: systemClock,
      retry: RETRY,
      uniform: () => nodeRandomness.uniform(),
      logger,
      concurrency: CENTRE.concurrency,
      claimMs: CENTRE.timeoutMs * 2,
      onOutcome: () => undefined,
    });
    const ingesting = new ingest.Ingest({
      hall: HALL,
      store,
      registry,
      suite: nodeSuite,
      signer,
      verifyOwn: signatureCheck(publicKey),
      clock: systemClock,
      logger,
      publishAck: (terminal, payload) => this.post.publish(terminal, 'ack', payload),
      onCommit: (linked) => {
        if (linked > 0) forwarding.wake();
      },
      onQuarantine: () => undefined,
    });
    port.start();
    forwarding.start();
    this.post.opens(({ terminal, channel, payload }) => {
      if (channel === 'log') ingesting.batch(terminal, payload);
      if (channel === 'state') ingesting.state(terminal, payload);
    });
    this.#gateway = { store, registry, ingest: ingesting, forwarder: forwarding, port };
  }

  async stopGateway(): Promise<void> {
    const gateway = this.#gateway;
    if (gateway === undefined) return;
    this.#gateway = undefined;
    this.post.closes();
    await gateway.ingest.stop();
    await gateway.forwarder.stop();
    await gateway.port.stop();
    await gateway.store.close();
  }

  /** Registers every terminal that the gateway does not know, as its operator does. */
  async register(): Promise<void> {
    const known = new Set((await this.registry.terminals()).map(({ terminal }) => terminal));
    for (const [index, card] of this.cards.entries())
      if (!known.has(card.terminal))
        await this.registry.addTerminal(card.terminal, String(index + 1), card.publicKey());
  }

  /** Waits until every terminal's log is at the gateway and nothing waits for the centre, or its time is over. */
  async settled(cards: readonly Card[] = this.cards, timeoutMs = this.#settledMs()): Promise<boolean> {
    const nothingWaits = async () =>
      cards.every(({ level }) => level) &&
      (await this.store.db
        .selectFrom('forward')
        .select('ratingId')
        .where('state', '=', 'waiting')
        .limit(1)
        .executeTakeFirst()) === undefined;
    return until('everything has arrived', nothingWaits, timeoutMs).then(
      () => true,
      () => false,
    );
  }

  /** Waits until the gateway has promised something of what was said last, whether or not all of it. */
  async promised(): Promise<void> {
    const before = this.cards.map((card) => card.log.backlog());
    if (before.every((backlog) => backlog === 0)) return;
    await until(
      'something is acknowledged',
      () => this.cards.some((card, index) => card.log.backlog() < (before[index] ?? 0)),
      this.#settledMs(),
    );
  }

  /** Waits until the centre has whatever the gateway has promised. */
  async delivered(): Promise<void> {
    const waiting = () =>
      this.store.db.selectFrom('forward').select('ratingId').where('state', '=', 'waiting').limit(1).executeTakeFirst();
    await until('the centre has what was promised', async () => (await waiting()) === undefined, this.#settledMs());
  }

  /** The operator's word that the database was restored, until its generation is above a former one. */
  async saysRestored(formerGeneration: number): Promise<void> {
    const { db, own } = this.store;
    await db.transaction().execute((trx) => own.restored(trx, 'said by the operator', formerGeneration));
  }

  #settledMs(): number {
    return this.#options.root === CHECKOUT ? SETTLED_MS : BROKEN_SETTLED_MS;
  }

  /** Ends everything; files stay. */
  async stop(): Promise<void> {
    for (const card of this.cards) await card.stop();
    await this.stopGateway();
    this.post.stop();
    await this.#centre?.stop();
  }

  /** Ends everything, and lets the auditor look at the files. */
  async audit(): Promise<Findings> {
    await this.stop();
    return audit({
      seen: this.seen,
      terminals: this.cards.map(({ terminal, logFile }) => ({
        name: terminal,
        files: [...(this.formerLogs.get(terminal) ?? []), logFile],
      })),
      gateway: [join(this.gatewayData, 'hall.db'), ...this.formerDatabases],
      centre: join(this.#options.folder, 'centre', 'centre.sqlite'),
      hall: HALL,
    });
  }

  async #start(): Promise<void> {
    const { folder, terminals } = this.#options;
    const { centre, logging, suite } = this.#programs;
    writeFileSync(join(folder, 'secret'), SECRET);
    const server = new centre.CentreServer({
      host: '127.0.0.1',
      port: 0,
      dataDir: join(folder, 'centre'),
      secret: SECRET,
      recognition: 'key',
      clock: suite.systemClock,
      log: logging.createLogger('centre', { level: 'silent' }),
    });
    this.#centre = server;
    this.#centreUrl = `http://127.0.0.1:${await server.start()}`;
    await this.startGateway();
    for (let n = 1; n <= terminals; n += 1) this.cards.push(this.card(`t${n}`, `t${n}`));
    await this.register();
    for (const card of this.cards) card.start();
  }

  #open(): Gateway {
    if (this.#gateway === undefined) throw new Error('the gateway is off');
    return this.#gateway;
  }
}
