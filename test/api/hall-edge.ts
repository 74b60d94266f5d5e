/** The real HTTP edge on a real store in a temp folder; only the terminals behind their port are stood in for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { request } from 'undici';
import { HttpApi } from '../../gateway/api/http-api.js';
import type { TerminalCommands } from '../../gateway/commands/terminal-commands.js';
import type { EvaluatorSafe } from '../../gateway/evaluator/evaluator-safe.js';
import { ServiceDesk } from '../../gateway/services/service-desk.js';
import { readTerminals } from '../../gateway/services/terminal-board.js';
import { Ballast } from '../../gateway/store/ballast.js';
import { StoreHealth } from '../../gateway/store/store-health.js';
import { openStore, type Store } from '../../gateway/store/store.js';
import {
  parseEntry,
  PjqError,
  policySchema,
  type Clock,
  type Command,
  type Policy,
  type Reply,
} from '../../protocol/index.js';
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { generateLogKey, headSigner, nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';

const quiet = createLogger('gateway', { level: 'silent' });

export const SECRET = 'a-secret-of-this-hall';
export const BOARD_SECRET = 'a-secret-of-the-managers';
export const POLICY = readConfiguration(
  new URL('../../gateway/policies/default.yaml', import.meta.url).pathname,
  policySchema,
  'policy-invalid',
);

/** Terminals as the port promises them: a command is done once by its id, and a service invites once. */
export class StandInTerminals implements TerminalCommands {
  readonly sent: Command[] = [];
  readonly timeoutsMs: number[] = [];
  /** Every invitation that was shown, in order. */
  readonly invited: string[] = [];
  mode: 'answers' | 'absent' | 'deaf' = 'answers';
  refusesWith: string | undefined;
  /** While set, replies wait for it. */
  gate: Promise<void> | undefined;
  readonly #replies = new Map<string, Reply>();

  async send(_terminal: string, command: Command, timeoutMs: number): Promise<Reply> {
    this.timeoutsMs.push(timeoutMs);
    this.sent.push(command);
    if (this.mode === 'absent') throw new PjqError('unreachable');
    const reply = this.#replies.get(command.id) ?? this.#do(command);
    this.#replies.set(command.id, reply);
    await this.gate;
    if (this.mode === 'deaf') throw new PjqError('unreachable');
    return reply;
  }

  #do(command: Command): Reply {
    if (this.refusesWith !== undefined) return { v: 1, id: command.id, ok: false, code: this.refusesWith };
    if (command.type === 'service.open' && !this.invited.includes(command.service.serviceId)) {
      this.invited.push(command.service.serviceId);
    }
    return { v: 1, id: command.id, ok: true };
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export class HallEdge {
  readonly folder = mkdtempSync(join(tmpdir(), 'pjq-api-'));
  readonly terminals = new StandInTerminals();
  readonly logLines: string[] = [];
  readonly readiness: Record<string, boolean> = { broker: true };
  /** Where the built pages are; any folder serves where no page is asked for. */
  pagesDir = this.folder;
  nowMs = 1_790_000_000_000;
  policy: Policy = POLICY;
  /** Where evaluators are kept; without it none is taken. */
  safe: ((store: Store, clock: Clock) => EvaluatorSafe) | undefined;
  readonly #signer = headSigner(generateLogKey().privatePem);
  #store: Store | undefined;
  #api: HttpApi | undefined;
  #port = 0;

  get store(): Store {
    if (this.#store === undefined) throw new Error('not started');
    return this.#store;
  }

  get api(): HttpApi {
    if (this.#api === undefined) throw new Error('not started');
    return this.#api;
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<this> {
    const clock = { wallMs: () => this.nowMs, monoMs: () => this.nowMs - 1_789_000_000_000 };
    this.#store = await openStore(this.folder, {
      suite: nodeSuite,
      signer: this.#signer,
      clock,
      randomness: nodeRandomness,
      bootId: nodeRandomness.newId(),
      source: 'hall-1/@gw',
      version: '0.0.0',
    });
    const store = this.#store;
    const desk = new ServiceDesk({
      store,
      commands: this.terminals,
      policy: this.policy,
      clock,
      randomness: nodeRandomness,
      hall: 'hall-1',
      evaluators: this.safe?.(store, clock),
    });
    const health = new StoreHealth({
      db: store.db,
      folder: this.folder,
      clock,
      logger: quiet,
      ballast: new Ballast(this.folder),
      alarmBeside: async () => undefined,
    });
    const log = pino({ messageKey: 'event' }, { write: (line: string) => void this.logLines.push(line) });
    this.#api = new HttpApi({
      desk,
      store,
      clock,
      randomness: nodeRandomness,
      log,
      metrics: new Registry(),
      terminals: () => readTerminals(store.db, this.nowMs, this.policy.timeZone),
      secret: SECRET,
      board: { secret: BOARD_SECRET, pagesDir: this.pagesDir },
      readiness: async () => ({ store: await health.takesWrites(), ...this.readiness }),
    });
    this.#port = (await this.#api.start({ host: '127.0.0.1', port: 0 })).port;
    return this;
  }

  async stop(): Promise<void> {
    await this.#api?.stop();
    await this.#store?.close();
    this.#api = undefined;
    this.#store = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  async addTerminal(terminal: string, window: string, more: { state?: string; health?: string } = {}): Promise<void> {
    await this.store.db
      .insertInto('terminal')
      .values({
        terminal,
        window,
        addedAt: this.nowMs,
        state: more.state ?? 'connected',
        stateAt: this.nowMs,
        session: null,
        duty: null,
        health: more.health ?? null,
      })
      .execute();
  }

  async call(
    method: 'GET' | 'POST',
    path: string,
    options: { body?: unknown; raw?: string | Buffer; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const payload = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await request(`http://127.0.0.1:${this.#port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${SECRET}`,
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.body.text();
    const isJson = /json/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }

  open(body: unknown, key = nodeRandomness.newId()): Promise<Answer> {
    return this.call('POST', '/v1/services', { body, headers: { 'idempotency-key': key } });
  }

  service(serviceId: string) {
    return this.store.db.selectFrom('service').selectAll().where('serviceId', '=', serviceId).executeTakeFirst();
  }

  /** What a terminal's log would bring: the session ended, rated or not. */
  async close(serviceId: string, rating?: { level: number }): Promise<void> {
    const ratingId = rating === undefined ? null : 'R'.repeat(11);
    if (rating !== undefined) {
      await this.store.db
        .insertInto('rating')
        .values({
          ratingId: 'R'.repeat(11),
          serviceId,
          level: rating.level,
          channel: 'terminal',
          cause: 'time-over',
          entryId: 1,
          at: this.nowMs,
          correctedLowMs: null,
          correctedHighMs: null,
        })
        .execute();
    }
    await this.store.db
      .updateTable('service')
      .set({ state: 'closed', endCause: 'time-over', closedAt: this.nowMs, closedSeenAt: this.nowMs, ratingId })
      .where('serviceId', '=', serviceId)
      .execute();
  }

  /** The bodies of the gateway's own entries of a kind. */
  async ownEntries(kind: string): Promise<Record<string, unknown>[]> {
    const rows = await this.store.db
      .selectFrom('entry')
      .select('bytes')
      .where('kind', '=', kind)
      .orderBy('id')
      .execute();
    return rows.map(({ bytes }) => parseEntry(nodeSuite, bytes).body);
  }

  /** Whether a text stands anywhere in the database's files, the write-ahead log included. */
  onDisk(text: string): boolean {
    return readdirSync(this.folder).some((name) => readFileSync(join(this.folder, name)).includes(text));
  }
}
