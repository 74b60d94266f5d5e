/** A hall of a scenario's own: the demo as a program, on free ports, with data and a policy of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Policy } from '../../protocol/index.js';
import { DemoClient } from './demo-client.js';
import { freeRow } from './free-ports.js';
import type { RatedService } from './press-book.js';
import type { HallWish } from './scenario-schema.js';

/** Whatever makes one hall another. */
export interface HallSpec {
  readonly wish: Omit<HallWish, 'policy'>;
  readonly policy: Policy;
}

const DEMO = fileURLToPath(new URL('../demo/main.js', import.meta.url));
/** On a machine that is busy with something else, too. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;
const LOOK_MS = 100;
const KEPT_OUTPUT = 4_000;
const KEPT_LOG = 600;
/** Gateway, broker, centre and the page, beside a port each for terminal, board, printer and its control. */
const PORTS_OF_HALL = 5;
const PORTS_OF_COUNTER = ['--terminal-port', '--board-port', '--printer-port', '--printer-control-port'];

/** The hall could not be started; its message holds what it said. */
export class HallFailed extends Error {
  override readonly name = 'HallFailed';
}

export class ScenarioHall {
  readonly spec: HallSpec;
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #keep: boolean;
  readonly #port: number;
  #output = '';
  /** Who serves at its counters when nothing has happened yet, by counter. */
  staffNos: readonly string[] = [];
  /** How many runs it has seen; each marks its cases with its own. */
  runs = 0;
  /** Services of runs that are over. */
  readonly past: RatedService[] = [];

  private constructor(spec: HallSpec, folder: string, port: number, keep: boolean) {
    this.spec = spec;
    this.folder = folder;
    this.#port = port;
    this.#keep = keep;
    this.#child = spawn(process.execPath, [DEMO, ...argumentsOf(spec, folder, port)], {
      // It ends with us: the pipe on its standard input breaks, however we end.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PJQ_PARENT_PIPE: '1',
        ...(spec.wish.screen === 'page' ? {} : { PJQ_CHROMIUM: '' }),
      },
    });
    const hear = (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT));
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.#child.stdin?.on('error', () => undefined);
    this.#child.on('error', (error) => (this.#output += String(error)));
  }

  /**
   * @param end ends it, whatever it does.
   * @throws HallFailed when it is not ready in time.
   */
  static async start(spec: HallSpec, keep: boolean, end: AbortSignal): Promise<ScenarioHall> {
    const folder = mkdtempSync(join(tmpdir(), 'pjq-scenario-'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'policy.yaml'), stringify(spec.policy));
    const port = await freeRow(PORTS_OF_HALL + PORTS_OF_COUNTER.length * spec.wish.terminals);
    const hall = new ScenarioHall(spec, folder, port, keep);
    // Whoever drives it finds that nobody answers, and stops it.
    end.addEventListener('abort', () => void hall.#child.kill('SIGTERM'), { once: true });
    try {
      await hall.#ready();
      const counters = Array.from({ length: spec.wish.terminals }, (_, index) => hall.client.staffNo(index + 1));
      hall.staffNos = await Promise.all(counters);
      return hall;
    } catch (error) {
      await hall.stop();
      throw error;
    }
  }

  get client(): DemoClient {
    return new DemoClient(this.#port);
  }

  /** The configuration of a terminal's program, with which its codes are checked. */
  configOf(terminal: number): string {
    return join(this.folder, 'data', `terminal-${terminal}`, 'terminal.yaml');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined) {
      const ended = new Promise((resolve) => this.#child.once('close', resolve));
      this.#child.kill('SIGTERM');
      const killer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(killer);
    }
    if (!this.#keep) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #ready(): Promise<void> {
    const endMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new HallFailed(`the hall ended: ${this.#output}`);
      // Before it listens there is no answer, which is no more than not being ready.
      const answer = await this.client.get('/api/ready').catch(() => undefined);
      if (answer?.status === 200) return;
      if (performance.now() > endMs)
        throw new HallFailed(`the hall is not ready: ${JSON.stringify(answer?.body)}${this.#lastWords()}`);
      await wait(LOOK_MS);
    }
  }

  /** What each program said last: the one that cannot start says why. */
  #lastWords(): string {
    const folder = join(this.folder, 'data', 'logs');
    if (!existsSync(folder)) return `\n${this.#output}`;
    return readdirSync(folder)
      .map((name) => `\n${name}: …${readFileSync(join(folder, name), 'utf8').slice(-KEPT_LOG).trimEnd()}`)
      .join('');
  }
}

function argumentsOf({ wish }: HallSpec, folder: string, port: number): string[] {
  const { terminals, board, keypad } = wish;
  const values: [option: string, value: string | number][] = [
    ['--data', join(folder, 'data')],
    ['--policy', join(folder, 'policy.yaml')],
    ['--terminals', terminals],
    ['--board', board],
    ...keypad.map((n): [string, number] => ['--keypad', n]),
    ['--page-port', port],
    ['--gateway-port', port + 1],
    ['--mqtt-port', port + 2],
    ['--centre-port', port + 3],
    ['--phone-port', port + 4],
    ...PORTS_OF_COUNTER.map((option, index): [string, number] => [option, port + PORTS_OF_HALL + index * terminals]),
  ];
  return ['--headless', ...values.flatMap(([option, value]) => [option, String(value)])];
}
