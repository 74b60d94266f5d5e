/** The gateway's program under load, and what its store has, read beside it without a word to it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { terminalSource } from '../../../protocol/index.js';
import { Program } from '../../support/program.js';
import { gatewayConfiguration } from './backlog.js';
import { HALL } from './hall-of-the-bench.js';

/** A centre that takes connections and never answers: the queue for it is written, and nothing of it is worked off. */
export class SilentCentre {
  readonly #server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    this.#sockets.add(socket);
  });
  readonly #sockets = new Set<{ destroy(): void }>();

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as { port: number }).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export interface ProcessFigures {
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  /** Processor time, user and system. */
  readonly cpuMs: number;
}

export class GatewayAtWork {
  readonly #folder: string;
  readonly #program: Program;
  #reader: Database.Database | undefined;

  /**
   * @param ports where terminals find it and where it finds the centre; the same again after a kill.
   * @param options.root folder that the program is taken from.
   * @param options.preload a library that is loaded first: a slow disk.
   */
  constructor(
    folder: string,
    ports: { readonly mqtt: number; readonly centre: number },
    options: { readonly root?: string | undefined; readonly preload?: string | undefined } = {},
  ) {
    this.#folder = folder;
    const config = join(folder, 'gateway.yaml');
    writeFileSync(config, JSON.stringify(gatewayConfiguration(folder, ports)));
    this.#program = new Program('gateway', ['dist/gateway/main.js', '--config', config], {
      ...(options.root === undefined ? {} : { root: options.root }),
      ...(options.preload === undefined ? {} : { env: { LD_PRELOAD: options.preload } }),
    });
  }

  async start(): Promise<void> {
    await this.#program.start();
    this.#reader ??= new Database(this.file, { readonly: true });
  }

  get file(): string {
    return join(this.#folder, 'gateway', 'hall.db');
  }

  /** How far the disk has every terminal's log. */
  throughSeqs(): ReadonlyMap<string, number> {
    const rows = this.#open.prepare('SELECT source, throughSeq FROM epoch').all() as {
      source: string;
      throughSeq: number;
    }[];
    return new Map(rows.map(({ source, throughSeq }) => [source, throughSeq]));
  }

  /** Whether the disk has every log through the place given. */
  has(endSeq: ReadonlyMap<string, number>): boolean {
    const through = this.throughSeqs();
    return [...endSeq].every(([terminal, seq]) => (through.get(terminalSource(HALL, terminal)) ?? 0) >= seq);
  }

  figures(): ProcessFigures {
    const { pid } = this.#program;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    return { rssBytes: kb('VmRSS') * 1024, peakRssBytes: kb('VmHWM') * 1024, cpuMs: cpuMs(pid) };
  }

  async kill(): Promise<void> {
    await this.#program.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.#reader?.close();
    this.#reader = undefined;
    await this.#program.stop();
  }

  get #open(): Database.Database {
    if (this.#reader === undefined) throw new Error('the gateway was not started');
    return this.#reader;
  }
}

/** Clock ticks of the kernel's accounting, a second: 100 on every Linux that Node runs on (proc(5), `sysconf`). */
const TICKS_PER_SECOND = 100;

/** Processor time of a process so far; fields 14 and 15 of proc(5) `stat`, counted after the name in brackets. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}
