/**
 * A terminal that does as the test says: the real files, policy, stream and seal of the device around a view that is
 * set by hand. What a whole session is, the real terminal decides; here it is played as the contract has it.
 */
import { resolve } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { REASONS, type Level } from '../../protocol/index.js';
import { systemTimers } from '../../device/timers.js';
import type { KioskView } from '../../device/kiosk/citizen/kiosk-view.js';
import { Feed } from '../../device/local/feed.js';
import { servePages } from '../../device/local/pages.js';
import { Seal } from '../../device/local/seal.js';
import { codePicture } from '../../device/receipt/code-picture.js';
import { portrait } from './portrait.js';

const SECRET = 'a-secret-of-the-kiosk-that-has-43-characters';

export const OFF_DUTY: KioskView = {
  v: 1,
  state: 'offDuty',
  hall: { zh: '大武口区政务服务中心', en: 'Dawukou Government Service Center' },
  timeZone: 'Asia/Shanghai',
  window: '3',
  staff: null,
  service: null,
  remainingMs: null,
  totalMs: null,
  pausedFor: null,
  canChange: false,
  reasonsOpen: false,
  reasons: null,
  things: [],
  marking: null,
  later: null,
  ended: null,
  choice: null,
  slip: null,
  parts: { keys: 'connected', printer: 'connected' },
  selfCheck: null,
  keypad: null,
};

export const IDLE: KioskView = {
  ...OFF_DUTY,
  state: 'idle',
  staff: { staffNo: '10023', name: '林晓芸', post: '综合受理岗', title: '一级科员', photo: true },
};

export const LATER = codePicture('https://pj.example.gov.cn/r/AQABh3pZ0mJ7Yt8bQ2xVn4KfWcRsLdEuGoTiPaXyZ01');

export const INVITED: KioskView = {
  ...IDLE,
  state: 'invited',
  service: { caseNo: '640202202611210137', matter: '居民身份证换领', stage: 'completion' },
  remainingMs: 60_000,
  totalMs: 60_000,
  later: LATER,
};

export const PRESSED: KioskView = {
  ...INVITED,
  state: 'pressed',
  remainingMs: 60_000,
  totalMs: 60_000,
  canChange: true,
  reasons: REASONS,
  later: null,
};

/** An indicator that is marked, and the matters of a theme. */
export const THINGS: KioskView['things'] = [
  { of: 'indicator', code: 'service', zh: '服务评价', en: 'Service of the staff', isMarked: true },
  { of: 'matter', code: 'M-1', zh: '社会保险登记', en: '社会保险登记', isMarked: false },
  { of: 'matter', code: 'M-2', zh: '住房公积金缴存登记', en: '住房公积金缴存登记', isMarked: false },
];

export interface Asked {
  readonly path: string;
  readonly body: unknown;
}

export class StandIn {
  readonly seal = new Seal(SECRET);
  /** What the page asked for, in order. */
  readonly asked: Asked[] = [];
  /** The levels that were pressed. */
  readonly pressed: Level[] = [];
  /** Answers only when this is done: a terminal that commits slowly. */
  commit: Promise<unknown> = Promise.resolve();
  #view: KioskView = IDLE;
  #setAtMs = 0;
  #feed: Feed<KioskView>;
  #server: FastifyInstance | undefined;
  #origin = '';

  constructor() {
    this.#feed = new Feed<KioskView>({
      view: () => this.view,
      running: ['remainingMs'],
      monoMs: () => performance.now(),
      timers: systemTimers,
    });
  }

  /** As it was set, but for the time, which runs down. */
  get view(): KioskView {
    const { remainingMs } = this.#view;
    const passedMs = performance.now() - this.#setAtMs;
    return remainingMs === null ? this.#view : { ...this.#view, remainingMs: Math.max(0, remainingMs - passedMs) };
  }

  address(query = ''): string {
    return `${this.#origin}/kiosk/${query}#${SECRET}`;
  }

  /** @param port the one from before, to come back at the same address. */
  async start(port = 0): Promise<void> {
    const server = fastify({ forceCloseConnections: true });
    await servePages(server, resolve('dist/device/pages'), []);
    await server.register(async (scope) => this.#routes(scope));
    this.#server = server;
    this.#origin = await server.listen({ host: '127.0.0.1', port });
  }

  async stop(): Promise<void> {
    this.#feed.stop();
    await this.#server?.close();
  }

  async restart(): Promise<void> {
    const port = Number(new URL(this.#origin).port);
    await this.stop();
    this.#feed = new Feed<KioskView>({
      view: () => this.view,
      running: ['remainingMs'],
      monoMs: () => performance.now(),
      timers: systemTimers,
    });
    await this.start(port);
  }

  set(view: KioskView): void {
    this.#view = view;
    this.#setAtMs = performance.now();
    this.#feed.update();
  }

  change(set: Partial<KioskView>): void {
    this.set({ ...this.view, ...set });
  }

  say(event: object): void {
    this.#feed.say(event);
  }

  /** A press stands, wherever it came from. */
  accept(level: Level): void {
    this.pressed.push(level);
    const { marking } = this.#view;
    if (marking !== null) return this.mark(marking, level);
    const canChange = { canChange: true, remainingMs: PRESSED.remainingMs, totalMs: PRESSED.totalMs };
    const asked = { reasons: REASONS, reasonsOpen: false };
    this.change({ state: 'pressed', ...asked, later: null, ...canChange, choice: this.choice(level) });
    this.say({ type: 'accepted' });
  }

  /** A single thing was given its level. */
  mark(index: number, level: Level): void {
    const things = this.view.things.map((thing, at) => (at === index ? { ...thing, isMarked: true } : thing));
    this.change({ things, choice: this.seal.close({ level: 5, reasons: [], mark: level }) });
    this.say({ type: 'accepted' });
  }

  choice(level: Level, reasons: readonly string[] = []): string {
    return this.seal.close({ level, reasons });
  }

  paths(): string[] {
    return this.asked.map(({ path }) => path);
  }

  #routes(scope: FastifyInstance): void {
    scope.addHook('onRequest', async (request, reply) => {
      if (request.headers.authorization !== `Bearer ${SECRET}`) await reply.code(401).send({ code: 'secret-wrong' });
    });
    scope.addHook('preHandler', async ({ method, url, body }) => {
      if (method === 'POST') this.asked.push({ path: url, body });
      await this.commit;
    });
    scope.get('/v1/screen', async () => this.view);
    scope.get('/v1/screen/events', (_request, reply) => {
      reply.hijack();
      this.#feed.follow(reply.raw, {});
    });
    scope.get('/v1/staff/:staffNo/photo', async (_request, reply) => reply.type('image/jpeg').send(await portrait()));
    scope.post('/v1/press', async ({ body }, reply) => {
      const { level } = this.#opened(body) as { level: Level };
      if (this.#view.state !== 'invited' && this.#view.state !== 'pressed') {
        this.say({ type: 'notice', notice: this.#view.state === 'paused' ? 'paused' : 'nothing-open' });
        return reply.code(409).send({ code: 'session-absent' });
      }
      this.accept(level);
      return { ok: true };
    });
    scope.post('/v1/touch', async () => ({ ok: true }));
    scope.post('/v1/self-check/touch', async ({ body }, reply) => {
      const { target } = body as { target: string };
      if (this.#view.selfCheck?.target !== target) return reply.code(409).send({ code: 'selfcheck-step' });
      const next = Number(target.slice('touch-'.length)) + 1;
      this.change({ selfCheck: next > 5 ? null : { step: 'touch', target: `touch-${next}` } });
      return { ok: true };
    });
    scope.post('/v1/chord', async () => {
      this.say({ type: 'notice', notice: 'one-key-only' });
      return { ok: true };
    });
    scope.post('/v1/later', async () => {
      const over = { service: null, remainingMs: null, totalMs: null };
      this.change({ state: 'idle', ...over, ended: 'later', slip: 'printing' });
      return { ok: true };
    });
    scope.post('/v1/thing', async ({ body }) => {
      const marking = (body as { index: number }).index;
      this.change({ reasonsOpen: false, marking, choice: this.seal.close({ level: 5, reasons: [], mark: null }) });
      return { ok: true };
    });
    scope.post('/v1/reasons/open', async () => {
      // A thing was on the screen: of the whole nothing was told meanwhile.
      const choice = this.#view.marking === null ? this.#view.choice : this.choice(5);
      this.change({ reasonsOpen: true, marking: null, choice });
      return { ok: true };
    });
    scope.post('/v1/reasons', async ({ body }) => {
      const { codes } = this.#opened(body) as { codes: string[] };
      this.change({ choice: this.choice(this.pressed.at(-1) ?? 5, codes) });
      return { ok: true };
    });
    scope.post('/v1/done', async () => {
      this.change({ reasonsOpen: false, marking: null });
      return { ok: true };
    });
  }

  #opened(body: unknown): unknown {
    return this.seal.open((body as { sealed: string }).sealed);
  }
}
