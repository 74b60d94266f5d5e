/** A terminal's card and the program on it, as far as log and sync go: the compiled ones, in this process, on a real file. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sync } from '../../../device/sync/sync.js';
import type { EpochPosition, TerminalLog } from '../../../device/log/terminal-log.js';
import type { Level } from '../../../protocol/index.js';
import type { Seen } from '../fault-class.js';
import type { Post } from './post.js';
import type { Programs } from './programs.js';

export interface CardOptions {
  readonly programs: Programs;
  readonly post: Post;
  readonly terminal: string;
  /** Of its files; it is made. */
  readonly folder: string;
}

const HALL = 'demo';
/** Everything that waits in real halls for seconds waits here for as little as makes sense within one process. */
const RETRY = { initialMs: 20, factor: 2, capMs: 200, jitter: 0.3 };
const WINDOW = { batches: 3, minResendMs: 60, maxResendMs: 500 };
const CLOCK_TOLERANCE_MS = 2_000;

export class Card {
  readonly folder: string;
  readonly terminal: string;
  readonly #options: CardOptions;
  #running: { readonly log: TerminalLog; readonly sync: Sync } | undefined;

  constructor(options: CardOptions) {
    this.#options = options;
    this.folder = options.folder;
    this.terminal = options.terminal;
  }

  get logFile(): string {
    return join(this.folder, 'log.db');
  }

  /** The public key of its log; made at the first call. */
  publicKey(): string {
    mkdirSync(this.folder, { recursive: true });
    return this.#key().publicKey;
  }

  get log(): TerminalLog {
    if (this.#running === undefined) throw new Error(`${this.terminal} is off`);
    return this.#running.log;
  }

  /** @param connected whether it may look for the gateway. */
  start(connected = true): void {
    mkdirSync(this.folder, { recursive: true });
    const { programs, post, terminal } = this.#options;
    const { nodeRandomness, nodeSuite, systemClock } = programs.suite;
    const { signer } = this.#key();
    const source = `${HALL}/${terminal}`;
    const bootId = nodeRandomness.newId();
    const gatewayTime = new programs.gatewayTime.GatewayTime(systemClock, CLOCK_TOLERANCE_MS);
    const common = { suite: nodeSuite, signer, clock: systemClock, randomness: nodeRandomness, bootId, source };
    const log = new programs.terminalLog.TerminalLog({
      ...common,
      file: this.logFile,
      clockState: () => gatewayTime.clockState(),
    });
    log.open();
    log.append([{ kind: 'boot', body: { version: '0.0.0' } }]);
    const sync = new programs.sync.Sync({
      ...common,
      log,
      link: post.link(terminal),
      gatewayTime,
      retry: RETRY,
      window: WINDOW,
      logger: programs.logging.createLogger('terminal', { level: 'silent' }),
      info: () => ({ v: 1, version: '0.0.0', keyId: signer.keyId }),
      health: () => ({
        v: 1,
        at: systemClock.wallMs(),
        parts: {},
        duty: 'on',
        service: 'idle',
        backlog: log.backlog(),
        rssBytes: 1,
      }),
      onCommand: ({ id }) => ({ v: 1, id, ok: true }),
      onConfig: () => undefined,
      onLink: () => undefined,
    });
    this.#running = { log, sync };
    if (connected) sync.start();
  }

  /** From `start(false)`: looks for the gateway now. */
  connect(): void {
    this.#running?.sync.start();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.sync.stop();
    running?.log.close();
  }

  /** A citizen is served and rates: what stands in the log when this returns was told to him as taken. */
  rate(serviceId: string, level: Level): Seen {
    const id = this.#options.programs.suite.nodeRandomness.newId();
    this.log.append([
      {
        kind: 'service.opened',
        body: { serviceId, caseNo: `case-${serviceId}`, stage: 'completion', origin: 'local', policy: 'default@1' },
      },
      { kind: 'press', body: { id, serviceId, level, via: 'key' } },
    ]);
    this.log.append([{ kind: 'rating', body: { id, serviceId, level, cause: 'next-service' } }]);
    return { serviceId, terminal: this.terminal, level, outcome: 'accepted' };
  }

  get level(): boolean {
    return this.log.backlog() === 0;
  }

  live(): EpochPosition {
    const found = this.log.epochs().find(({ live }) => live);
    if (found === undefined) throw new Error('no live epoch');
    return found;
  }

  /** A copy of its files as they are now; nothing writes while this copies. */
  copyTo(folder: string): void {
    cpSync(this.folder, folder, { recursive: true });
  }

  /** Its files give way to those of a copy. It must be off. */
  becomes(copy: string): void {
    rmSync(this.folder, { recursive: true });
    cpSync(copy, this.folder, { recursive: true });
  }

  #key() {
    return this.#options.programs.logKey.openLogKey(join(this.folder, 'log-key.pem'));
  }
}
