/** A demo as a script sees it: the compiled program, started on free ports with data of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, onTestFailed, onTestFinished, vi } from 'vitest';
import type { LedgerEntry } from '../../simulator/centre/ledger.js';
import { freeRow } from '../support/hall.js';

const MAIN = fileURLToPath(new URL('../../dist/simulator/demo/main.js', import.meta.url));
const DEFAULT_POLICY = fileURLToPath(new URL('../../gateway/policies/default.yaml', import.meta.url));

export const START_TIMEOUT_MS = 60_000;
export const CHANGE_OF_MIND_MS = 400;

export interface Ports {
  readonly page: number;
  readonly gateway: number;
  readonly mqtt: number;
  readonly phone: number;
  readonly centre: number;
  readonly terminals: number;
  readonly boards: number;
  readonly printers: number;
  readonly printerControls: number;
}

/** Takes what is to be done when a demo is needed no more; the last of it is done first. */
type AtEnd = (end: () => Promise<void> | void) => void;

export function temporaryFolder(atEnd: AtEnd = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-demo-test-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

/** Free just now, in one row; terminals, boards, printers and their controls have `length` ports each. */
export async function freePorts(length: number): Promise<Ports> {
  const page = await freeRow(5 + 4 * length);
  const row = (index: number) => page + 5 + index * length;
  return {
    page,
    gateway: page + 1,
    mqtt: page + 2,
    centre: page + 3,
    phone: page + 4,
    terminals: row(0),
    boards: row(1),
    printers: row(2),
    printerControls: row(3),
  };
}

/** The default policy, with a change of mind that a test can wait for. */
export function quickPolicy(folder: string, changeOfMindMs: number = CHANGE_OF_MIND_MS): string {
  const file = join(folder, 'policy.yaml');
  const text = readFileSync(DEFAULT_POLICY, 'utf8');
  const quick = text.replace(/changeOfMindMs: \d+/, `changeOfMindMs: ${changeOfMindMs}`);
  if (quick === text) throw new Error('the default policy has no changeOfMindMs to shorten');
  writeFileSync(file, quick);
  return file;
}

export class DemoAtWork {
  readonly ports: Ports;
  readonly terminals: number;
  readonly child: ChildProcess;
  output = '';
  /** How many ratings the centre had when the test began. */
  #earlier = 0;

  constructor(options: {
    ports: Ports;
    terminals: number;
    dataDir: string;
    policyFile: string;
    /** With the page; otherwise --headless. */
    page?: boolean;
    env?: Readonly<Record<string, string>>;
    atEnd?: AtEnd;
  }) {
    const { ports, terminals, dataDir, policyFile, page = false, env = {}, atEnd = onTestFinished } = options;
    this.ports = ports;
    this.terminals = terminals;
    this.child = spawn(
      process.execPath,
      [
        MAIN,
        ...(page ? [] : ['--headless']),
        '--data',
        dataDir,
        '--terminals',
        String(terminals),
        '--policy',
        policyFile,
        '--page-port',
        String(ports.page),
        '--gateway-port',
        String(ports.gateway),
        '--mqtt-port',
        String(ports.mqtt),
        '--phone-port',
        String(ports.phone),
        '--centre-port',
        String(ports.centre),
        '--terminal-port',
        String(ports.terminals),
        '--board-port',
        String(ports.boards),
        '--printer-port',
        String(ports.printers),
        '--printer-control-port',
        String(ports.printerControls),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
    );
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    atEnd(() => this.end('SIGKILL'));
  }

  async ready(): Promise<this> {
    const isReady = () => this.output.includes(`ready: http://127.0.0.1:${this.ports.page}\n`);
    await vi.waitFor(
      () => {
        if (!isReady() && this.child.exitCode === null) throw new Error(`not ready: ${this.output}`);
      },
      { timeout: START_TIMEOUT_MS, interval: 50 },
    );
    if (!isReady()) throw new Error(`the demo ended: ${this.output}`);
    return this;
  }

  /** Ends the demo and waits for its end. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill(signal);
    await ended;
  }

  processes(): Promise<{ name: string; pid: number }[]> {
    return this.#get(this.ports.page, '/api/processes') as Promise<{ name: string; pid: number }[]>;
  }

  async pidOf(name: string): Promise<number | undefined> {
    return (await this.processes()).find((process) => process.name === name)?.pid;
  }

  /** What the centre has been told since the test began, in order. */
  async ledger(): Promise<LedgerEntry[]> {
    return ((await this.#get(this.ports.centre, '/ledger')) as LedgerEntry[]).slice(this.#earlier);
  }

  /** What stands at the centre now is of an earlier test. */
  async beginAnew(): Promise<void> {
    this.#earlier += (await this.ledger()).length;
  }

  /** Status and body of GET /api/…. */
  async ask(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${this.ports.page}${path}`);
    return { status: response.status, body: await response.json() };
  }

  async tell(path: string, body: unknown): Promise<{ status: number; type: string | null; body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${this.ports.page}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  }

  open(counter: number, caseNo: string) {
    return this.tell(`/api/terminals/${counter}/service`, { caseNo });
  }

  press(counter: number, level: number) {
    return this.tell(`/api/terminals/${counter}/press`, { level });
  }

  async #get(port: number, path: string): Promise<unknown> {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).json();
  }
}

export interface DemoWish {
  readonly page?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly changeOfMindMs?: number;
  readonly atEnd?: AtEnd;
}

/** A demo on free ports that is ready. */
export async function startDemo(terminals: number, { changeOfMindMs, ...options }: DemoWish = {}): Promise<DemoAtWork> {
  const folder = temporaryFolder(options.atEnd);
  return new DemoAtWork({
    ports: await freePorts(terminals),
    terminals,
    dataDir: join(folder, 'data'),
    policyFile: quickPolicy(folder, changeOfMindMs),
    ...options,
  }).ready();
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * One for the tests of a file, each of which leaves its hall at rest: a demo is a dozen programs to start. After a test
 * that failed there is a new one.
 */
export function demoOfTheFile(terminals: number, wish: DemoWish = {}): () => DemoAtWork {
  const ends: (() => Promise<void> | void)[] = [];
  let demo: DemoAtWork | undefined;
  const end = async () => {
    demo = undefined;
    for (let one = ends.pop(); one !== undefined; one = ends.pop()) await one();
  };
  beforeAll(() => end);
  beforeEach(async () => {
    demo ??= await startDemo(terminals, { ...wish, atEnd: (one) => void ends.push(one) });
    await demo.beginAnew();
    onTestFailed(end);
  }, START_TIMEOUT_MS);
  return () => {
    if (demo === undefined) throw new Error('the demo is not there');
    return demo;
  };
}
