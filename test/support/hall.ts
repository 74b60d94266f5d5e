/**
 * A hall for tests: the real programs (device, gateway, centre) as processes, real SQLite, a real broker; the
 * boards are virtual and speak Firmata over TCP. A press counts as made when the accepted lamp has been seen.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CentreRating, Level } from '../../protocol/index.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { FaultyLink } from '../../simulator/network/faulty-link.js';
import { logKeyOf, register } from './enrolment.js';
import { Plugs } from './plugs.js';
import { CHECKOUT, Program } from './program.js';

export const SECRET = 'a-secret-for-tests-only';

export interface Counter {
  readonly name: string;
  readonly program: Program;
  readonly board: VirtualBoard;
  readonly dataDir: string;
  /** Of its log, as it is registered. */
  readonly publicKey: string;
  readonly port: number;
  /** With `plugs`: what can be pulled. */
  readonly plugs: Plugs | null;
}

export interface HallOptions {
  readonly terminals?: number;
  /** URL of an external broker; without it the gateway brings its own. */
  readonly brokerUrl?: string;
  /** `more`: lines of YAML at the policy's end. */
  readonly policy?: { changeOfMindMs?: number; more?: string };
  /** Board, printer and network of every counter can be pulled; a slip is printed for every service. */
  readonly plugs?: boolean;
  /** With `plugs`: where the slips' codes lead. */
  readonly receiptUrl?: string;
  /** Folder that the programs are taken from; the checkout where it is not said. */
  readonly root?: string;
  /** Further arguments of the centre; without them it shows what is delivered twice. */
  readonly centreArgs?: readonly string[];
  /** Wires that can fail between every terminal and the broker, and between the gateway and the centre. */
  readonly wires?: boolean;
  /** Further settings of every terminal's `sync`, and of the gateway's `centre`. */
  readonly sync?: Readonly<Record<string, unknown>>;
  readonly centreSettings?: Readonly<Record<string, unknown>>;
  /** Further settings of the gateway. */
  readonly gatewaySettings?: Readonly<Record<string, unknown>>;
  /** Something that listens, in place of `wires`, between a program (by the name of its wire) and `port`. */
  readonly through?: (name: string, port: number) => Promise<number>;
}

/** A centre that knows a rating by its case hides what is delivered twice; this one takes it under another key. */
const DOUBLES_SHOW = ['--recognise', 'key'];

/** Keep-alive and time-outs as short as they can be set: a fault is noticed within seconds. */
export const QUICK_TO_NOTICE = {
  sync: { keepaliveSeconds: 5, connectTimeoutMs: 1_000, minResendMs: 500 },
  centreSettings: { timeoutMs: 1_000 },
} satisfies Pick<HallOptions, 'sync' | 'centreSettings'>;

export class Hall {
  readonly folder = mkdtempSync(join(tmpdir(), 'pjq-hall-'));
  readonly counters: Counter[] = [];
  gateway!: Program;
  centre!: Program;
  gatewayPort = 0;
  mqttPort = 0;
  centrePort = 0;
  /** With `wires`: gateway to centre, and by the terminal's name terminal to broker. */
  readonly wires = new Map<string, FaultyLink>();

  readonly #options: HallOptions;

  constructor(options: HallOptions = {}) {
    this.#options = options;
  }

  get root(): string {
    return this.#options.root ?? CHECKOUT;
  }

  get gatewayConfig(): string {
    return join(this.folder, 'gateway.yaml');
  }

  get gatewayData(): string {
    return join(this.folder, 'gateway');
  }

  get policyFile(): string {
    return join(this.folder, 'policy.yaml');
  }

  /** Starts everything, with somebody on duty at every counter and every terminal known and connected. */
  async start(): Promise<this> {
    this.#writePolicy();
    [this.gatewayPort, this.mqttPort, this.centrePort] = (await freePorts(3)) as [number, number, number];
    writeFileSync(join(this.folder, 'secret'), SECRET);
    const { root } = this;
    this.centre = new Program(
      'centre',
      [
        'dist/simulator/centre/main.js',
        '--port',
        String(this.centrePort),
        '--data',
        this.#mkdir('centre'),
        '--secret-file',
        join(this.folder, 'secret'),
        ...(this.#options.centreArgs ?? DOUBLES_SHOW),
      ],
      { root },
    );
    const centreEnd = await this.#wire('centre', this.centrePort);
    writeFileSync(
      this.gatewayConfig,
      JSON.stringify({
        hall: 'demo',
        gateway: 'gw',
        dataDir: this.gatewayData,
        policyFile: this.policyFile,
        http: { port: this.gatewayPort, secretFile: join(this.folder, 'secret') },
        mqtt:
          this.#options.brokerUrl === undefined
            ? { embedded: { port: this.mqttPort } }
            : { url: this.#options.brokerUrl },
        centre: {
          url: `http://127.0.0.1:${centreEnd}`,
          secretFile: join(this.folder, 'secret'),
          retry: { initialMs: 100, factor: 2, capMs: 1_000, jitter: 0.3 },
          ...this.#options.centreSettings,
        },
        ...this.#options.gatewaySettings,
      }),
    );
    this.gateway = new Program('gateway', ['dist/gateway/main.js', '--config', this.gatewayConfig], { root });
    for (let n = 1; n <= (this.#options.terminals ?? 1); n += 1) await this.#addCounter(n);
    const terminals = this.counters.map(({ name, publicKey }, index) => ({
      name,
      publicKey,
      window: String(index + 1),
    }));
    await register(this.gatewayConfig, terminals);
    await Promise.all([
      this.centre.start(),
      this.gateway.start(),
      ...this.counters.map(({ program }) => program.start()),
    ]);
    await Promise.all(this.counters.map((counter) => this.#signOn(counter)));
    await this.connected();
    return this;
  }

  async stopPrograms(): Promise<void> {
    await Promise.all([...this.counters.map(({ program }) => program.stop()), this.gateway.stop(), this.centre.stop()]);
  }

  async stop(): Promise<void> {
    await this.stopPrograms();
    await Promise.all(this.counters.map(({ board }) => board.stop()));
    for (const { plugs } of this.counters) await plugs?.stop();
    for (const wire of this.wires.values()) await wire.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Waits until the gateway has heard of every terminal and every board serves. */
  async connected(): Promise<void> {
    await until('every counter is connected', async () => {
      const windows = await this.api('GET', '/v1/windows').catch(() => null);
      const rows =
        (windows?.body as { windows?: { terminal: string; connection: string }[] } | null)?.windows ??
        (windows?.body as { terminal: string; connection: string }[] | undefined);
      const boards = await Promise.all(
        this.counters.map(
          async (counter) => (await this.local(counter, 'GET', '/v1/health')).body as { parts?: { board?: string } },
        ),
      );
      return (
        Array.isArray(rows) &&
        this.counters.every(({ name }) =>
          rows.some(({ terminal, connection }) => terminal === name && connection === 'connected'),
        ) &&
        boards.every((health) => health.parts?.board === 'connected')
      );
    });
  }

  counter(n: number): Counter {
    const counter = this.counters[n - 1];
    if (counter === undefined) throw new RangeError(`no counter ${n}`);
    return counter;
  }

  /** Asks the gateway's HTTP interface. */
  async api(
    method: string,
    path: string,
    body?: unknown,
    key = Math.random().toString(36),
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${this.gatewayPort}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${SECRET}`,
        'idempotency-key': key,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Asks a terminal's local interface as its staff. */
  async local(
    counter: Counter,
    method: string,
    path: string,
    body?: unknown,
    who: 'staff' | 'kiosk' = 'staff',
  ): Promise<{ status: number; body: unknown }> {
    const secret = readFileSync(join(counter.dataDir, `${who}-secret`), 'utf8').trim();
    const response = await fetch(`http://127.0.0.1:${counter.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  }

  /** Opens a completion-stage service through the gateway. @returns its serviceId. */
  async open(n: number, caseNo: string): Promise<string> {
    const { status, body } = await this.api('POST', '/v1/services', { caseNo, terminal: this.counter(n).name });
    if (status !== 201) throw new Error(`opening answered ${status} ${JSON.stringify(body)}`);
    return (body as { serviceId: string }).serviceId;
  }

  /** Opens a service at the terminal itself, as without a gateway. */
  async openLocally(n: number, caseNo: string): Promise<string> {
    const { status, body } = await this.local(this.counter(n), 'POST', '/v1/services', { caseNo });
    if (status >= 300) throw new Error(`opening answered ${status} ${JSON.stringify(body)}`);
    return (body as { serviceId: string }).serviceId;
  }

  /** Presses a key. @returns whether the accepted lamp was seen going on. */
  press(n: number, level: Level, timeoutMs = 3_000): Promise<boolean> {
    const { board } = this.counter(n);
    return new Promise((resolve) => {
      const end = (seen: boolean) => {
        clearTimeout(timer);
        unlisten();
        board.release(level);
        resolve(seen);
      };
      const unlisten = board.onLamp((lamp, lit) => lamp === 'accepted' && lit && end(true));
      const timer = setTimeout(() => end(false), timeoutMs);
      board.press(level);
    });
  }

  async ledger(): Promise<(CentreRating & { receivedAt: number })[]> {
    return (await fetch(`http://127.0.0.1:${this.centrePort}/ledger`)).json() as Promise<
      (CentreRating & { receivedAt: number })[]
    >;
  }

  async #signOn(counter: Counter): Promise<void> {
    const { status } = await this.local(counter, 'POST', '/v1/duty', { staffNo: '1001' });
    if (status >= 300) throw new Error(`signing on answered ${status}`);
  }

  /** @returns where to connect to reach what listens on `port`: there, or at the near end of a wire that can fail. */
  async #wire(name: string, port: number): Promise<number> {
    if (this.#options.through !== undefined) return this.#options.through(name, port);
    if (this.#options.wires !== true) return port;
    const wire = new FaultyLink({ targetPort: port });
    this.wires.set(name, wire);
    return (await wire.start()).port;
  }

  #mkdir(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  #writePolicy(): void {
    const text = readFileSync('gateway/policies/default.yaml', 'utf8');
    const changeOfMindMs = this.#options.policy?.changeOfMindMs ?? 300;
    writeFileSync(
      this.policyFile,
      text
        .replace(/changeOfMindMs: \d+/, `changeOfMindMs: ${changeOfMindMs}`)
        .replace(/ratedDelayMs: \d+/, 'ratedDelayMs: 100')
        .replace(/onOpen: \w+/, `onOpen: ${this.#options.plugs === true}`)
        .concat(this.#options.policy?.more ?? ''),
    );
  }

  async #addCounter(n: number): Promise<void> {
    const name = `t${n}`;
    const dataDir = this.#mkdir(name);
    const board = new VirtualBoard();
    const { port: boardPort } = await board.start();
    const [port] = (await freePorts(1)) as [number];
    const plugs =
      this.#options.plugs === true ? await new Plugs().start({ board: boardPort, network: this.mqttPort }) : null;
    const config = join(this.folder, `${name}.yaml`);
    const { brokerUrl } = this.#options;
    const brokerPort = brokerUrl === undefined ? this.mqttPort : Number(new URL(brokerUrl).port);
    const pulled = brokerUrl === undefined ? plugs?.ports.network : undefined;
    const brokerEnd = pulled ?? (await this.#wire(name, brokerPort));
    writeFileSync(
      config,
      JSON.stringify({
        hall: 'demo',
        terminal: name,
        dataDir,
        policyFile: this.policyFile,
        http: { port },
        mqtt: { url: `mqtt://127.0.0.1:${brokerEnd}` },
        board: { url: `tcp://127.0.0.1:${plugs?.ports.board ?? boardPort}`, profile: 'uno-five-keys' },
        ...(plugs === null
          ? {}
          : {
              printer: { url: `tcp://127.0.0.1:${plugs.ports.printer}`, profile: 'escpos-58' },
              receipt: { url: this.#options.receiptUrl ?? 'https://pj.example.gov.cn/r', terminalNumber: n },
            }),
        sync: {
          retry: { initialMs: 100, factor: 2, capMs: 1_000, jitter: 0.3 },
          minResendMs: 1_000,
          ...this.#options.sync,
        },
      }),
    );
    const { root } = this;
    this.counters.push({
      name,
      publicKey: await logKeyOf(dataDir),
      program: new Program(name, ['--config', config], { program: 'device/pjq-device', root }),
      board,
      dataDir,
      port,
      plugs,
    });
  }
}

/** Waits for a condition. @throws when it does not come true in time. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  timeoutMs = 40_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ports below the range from which the system takes those of outgoing connections: nobody takes them meanwhile. */
export async function freePorts(total: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < total) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    if (!ports.includes(port) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

/** The first of `length` free ports in a row, from the same range. */
export async function freeRow(length: number): Promise<number> {
  for (;;) {
    const first = 12_000 + Math.floor(Math.random() * (20_000 - length));
    const row = await Promise.all(Array.from({ length }, (_, index) => isFree(first + index)));
    if (row.every((free) => free)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
