/** A hall with its phone page: real log, keys, desk and server; slips as its terminal makes them. Time is driven. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { CodeDesk } from '../../gateway/rate/code-desk.js';
import { FirstProgress } from '../../gateway/rate/first-progress.js';
import { DEFAULT_RATE_LIMITS, type RateLimits } from '../../gateway/rate/rate-configuration.js';
import type { RateDoor } from '../../gateway/rate/rate-door.js';
import { RateServer } from '../../gateway/rate/rate-server.js';
import { ratingPages } from '../../gateway/rate/rating-pages.js';
import { RefusedCodes } from '../../gateway/rate/refused-codes.js';
import { RECEIPT_KEYS_FILE } from '../../gateway/registry/receipt-key-file.js';
import { ReceiptKeyDesk } from '../../gateway/registry/receipt-key-desk.js';
import { ReceiptKeys } from '../../gateway/registry/receipt-keys.js';
import { keepText } from '../../gateway/services/free-text.js';
import { RatingDesk } from '../../gateway/services/rating-desk.js';
import { makeReceiptToken, REASONS, type EntryBody, type Policy } from '../../protocol/index.js';
import type { HttpTls } from '../../protocol/runtime/guarded-http-server.js';
import { describeError } from '../../protocol/runtime/logging.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog, OWN_SOURCE, quiet } from '../ingest/hall-log.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { POLICY, POLICY_ID } from '../rules/rated-hall.js';

export const BASE = '/r';
const TERMINAL_NUMBER = 7;

export interface PageHallOptions {
  readonly policy?: Partial<Policy>;
  readonly limits?: Partial<RateLimits>;
  readonly trustedProxies?: readonly string[];
  readonly tls?: HttpTls;
  /** Stands before the hall's door. */
  readonly before?: (door: RateDoor) => RateDoor;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export class PageHall {
  readonly log: HallLog;
  readonly policy: Policy;
  readonly chain: TerminalChain;
  readonly door: RateDoor;
  readonly logLines: string[] = [];
  port = 0;
  readonly #key = randomBytes(32);

  private constructor(log: HallLog, policy: Policy, chain: TerminalChain, before: (door: RateDoor) => RateDoor) {
    const { store, clock } = log;
    const file = join(log.folder, RECEIPT_KEYS_FILE);
    const desk = new RatingDesk({
      store,
      suite: nodeSuite,
      clock,
      policy,
      policyId: POLICY_ID,
      ownSource: OWN_SOURCE,
      keepText,
    });
    this.log = log;
    this.policy = policy;
    this.chain = chain;
    this.door = before(
      new CodeDesk({
        db: store.db,
        clock,
        policy,
        keys: new ReceiptKeys({ file, suite: nodeSuite, clock }),
        desk,
        progress: new FirstProgress(store.db),
        refused: new RefusedCodes({ store, clock, logger: quiet }),
      }),
    );
  }

  static async open(options: PageHallOptions = {}): Promise<PageHall> {
    const { before = (door) => door, limits, trustedProxies, tls } = options;
    const policy: Policy = { ...POLICY, ...options.policy };
    const log = await HallLog.open({ rules: policy });
    const chain = await log.terminal('t1');
    await log.send(chain, chain.batch());
    const hall = new PageHall(log, policy, chain, before);
    const file = join(log.folder, RECEIPT_KEYS_FILE);
    await new ReceiptKeyDesk({ store: log.store, file, suite: nodeSuite, clock: log.clock }).add('t1', {
      terminalNumber: TERMINAL_NUMBER,
      keyNumber: 0,
      key: hall.#key,
    });
    // The file is looked at once a second.
    hall.advance(2_000);
    const server = new RateServer({
      routes: ratingPages({
        door: hall.door,
        clock: log.clock,
        randomness: nodeRandomness,
        basePath: BASE,
        secure: tls !== undefined,
        handOver: policy.later.handOver,
        indicators: policy.indicators,
        reasons: () => REASONS,
      }),
      basePath: BASE,
      log: pino(
        { messageKey: 'event', serializers: { error: describeError } },
        { write: (line: string) => void hall.logLines.push(line) },
      ),
      randomness: nodeRandomness,
      limits: { ...DEFAULT_RATE_LIMITS, ...limits },
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
      ...(tls === undefined ? {} : { tls }),
    });
    hall.port = (await server.start({ host: '127.0.0.1', port: 0 })).port;
    onTestFinished(() => server.stop());
    return hall;
  }

  advance(ms: number): void {
    this.log.clock.advance(ms);
    this.chain.clock.advance(ms);
  }

  /** A slip's code, before anything of its service has arrived. */
  slip(serviceId: string): string {
    return makeReceiptToken(nodeSuite, {
      terminalNumber: TERMINAL_NUMBER,
      keyNumber: 0,
      key: this.#key,
      serviceId,
      nowMs: this.log.clock.wallMs(),
    });
  }

  /** The terminal opens a service, its log arrives, and the slip's code is answered. */
  async serve(serviceId: string, more: Partial<EntryBody<'service.opened'>> = {}): Promise<string> {
    const seq = this.chain.append('service.opened', {
      serviceId,
      caseNo: `case-${serviceId}`,
      matter: { code: '370800-01', name: '企业开办登记' },
      stage: 'completion',
      origin: 'local',
      window: '3',
      staffNo: '1001',
      policy: POLICY_ID,
      ...more,
    });
    await this.log.send(this.chain, this.chain.batch(seq));
    return this.slip(serviceId);
  }

  address(token: string, query = ''): string {
    return `http://127.0.0.1:${this.port}${BASE}/${token}${query}`;
  }

  async get(token: string, headers: Record<string, string> = {}, query = ''): Promise<PageAnswer> {
    return answerOf(await fetch(this.address(token, query), { headers, redirect: 'manual' }));
  }

  async post(
    token: string,
    form: Record<string, string> | URLSearchParams,
    headers: Record<string, string> = {},
  ): Promise<PageAnswer> {
    const body = form instanceof URLSearchParams ? form : new URLSearchParams(form);
    return answerOf(await fetch(this.address(token), { method: 'POST', body, headers, redirect: 'manual' }));
  }

  /** Ratings that stand, with what came with them. */
  ratings(): { ratingId: string; serviceId: string; level: number; channel: string; reasons: string | null }[] {
    return this.log.rows('SELECT ratingId, serviceId, level, channel, reasons FROM rating ORDER BY entryId');
  }
}

async function answerOf(response: Response): Promise<PageAnswer> {
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What a browser would send of a form that was answered: the act's id, and what else it hides. */
export function hiddenOf(text: string): Record<string, string> {
  const inputs = text.matchAll(/<input\s+type="hidden"\s+name="(\w+)"\s+value="([\w-]+)"/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value] as const));
}

/** The form's cookie, as the browser would send it back. */
export function cookieOf({ headers }: PageAnswer): { cookie: string } {
  return { cookie: (headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
}
