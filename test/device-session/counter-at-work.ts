/** A counter with its real log on disk; the board is simulated by its contract, and time is driven. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import {
  parseEntry,
  PjqError,
  type Clock,
  type Entry,
  type ServiceFacts,
  type TerminalPolicy,
} from '../../protocol/index.js';
import { createLogger, type Logger } from '../../protocol/runtime/logging.js';
import { generateLogKey, headSigner, nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { Counter } from '../../device/counter/counter.js';
import type { Timers } from '../../device/timers.js';
import type { ServiceBook } from '../../device/log/service-book.js';
import type { CounterRecord, Draft, SessionLog } from '../../device/log/session-log.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import type {
  CounterBoard,
  CounterBoardEvents,
  KeyLevel,
  LampSignal,
  LinkState,
} from '../../hw/ports/counter-board.js';
import { BOOT, POLICY } from './table-fixtures.js';

const KEY = generateLogKey();

/** Clock and timers that move only when told; `wallOffsetMs` steps the wall clock. */
export class DrivenTime implements Clock, Timers {
  wallOffsetMs = 1_790_000_000_000;
  #monoMs = 1_000;
  readonly #waiting = new Map<object, { readonly atMs: number; readonly run: () => void }>();

  wallMs(): number {
    return this.wallOffsetMs + this.#monoMs;
  }

  monoMs(): number {
    return this.#monoMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const key = {};
    this.#waiting.set(key, { atMs: this.#monoMs + delayMs, run });
    return () => this.#waiting.delete(key);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  advance(ms: number): void {
    const endMs = this.#monoMs + ms;
    for (;;) {
      const next = [...this.#waiting]
        .filter(([, { atMs }]) => atMs <= endMs)
        .sort(([, a], [, b]) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      const [key, { atMs, run }] = next;
      this.#waiting.delete(key);
      this.#monoMs = Math.max(this.#monoMs, atMs);
      run();
    }
    this.#monoMs = endMs;
  }
}

/** The board by its contract: no event before `start` or after `stop`; it shows the last wish. */
export class SimulatedBoard implements CounterBoard {
  link: LinkState = 'lost';
  readonly #story: string[];
  readonly #time: DrivenTime;
  #events: CounterBoardEvents | undefined;

  constructor(story: string[], time: DrivenTime) {
    this.#story = story;
    this.#time = time;
  }

  start(events: CounterBoardEvents): void {
    this.#events = events;
  }

  setLamps(signal: LampSignal): void {
    this.#story.push(`lamps ${signal}`);
  }

  async stop(): Promise<void> {
    this.#events = undefined;
  }

  get events(): CounterBoardEvents {
    if (this.#events === undefined) throw new Error('the board is not started');
    return this.#events;
  }

  press(level: KeyLevel, atMonoMs = this.#time.monoMs()): void {
    this.events.press(level, atMonoMs);
  }

  setLink(state: LinkState): void {
    this.link = state;
    this.events.link(state, 'told by the test');
  }
}

/** The terminal's own log; its disk can be made to fail. */
export class WatchedLog implements SessionLog {
  broken = false;
  readonly #log: TerminalLog;
  readonly #story: string[];

  constructor(log: TerminalLog, story: string[]) {
    this.#log = log;
    this.#story = story;
  }

  append(drafts: readonly Draft[]): void {
    if (this.broken) {
      this.#story.push('no commit');
      throw new PjqError('log-write-failed');
    }
    this.#log.append(drafts);
    this.#story.push(`commit ${drafts.map(({ kind }) => kind).join(' ')}`);
  }

  record(): CounterRecord {
    return this.#log.record();
  }

  serviceState(serviceId: string): 'unknown' | 'open' | 'ended' {
    return this.#log.serviceState(serviceId);
  }
}

export interface CounterAtWork {
  readonly counter: Counter;
  readonly board: SimulatedBoard;
  readonly log: WatchedLog;
  readonly book: ServiceBook;
  /** The same log whose disk does not fail. */
  readonly terminalLog: TerminalLog;
  readonly logFile: string;
  readonly time: DrivenTime;
  /** Commits, lamps and what followers heard, in their order. */
  readonly story: string[];
  readonly logger: Logger;
  /** Log lines so far. */
  readonly lines: string[];
  /** Entries of the log, without what the log itself writes. */
  entries(): Entry[];
  /** The program dies (no `stop`) and starts again, perhaps in another boot, `awayMs` later. */
  restart(options?: { bootId?: string; awayMs?: number; broken?: boolean }): CounterAtWork;
}

export const CASE: ServiceFacts = { serviceId: 'S1', caseNo: '2026-0001', stage: 'completion' };

export function counterAtWork(options: { policy?: Partial<TerminalPolicy> } = {}): CounterAtWork {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-counter-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return started(join(folder, 'log.sqlite'), new DrivenTime(), BOOT, { ...POLICY, ...options.policy }, false);
}

function started(
  file: string,
  time: DrivenTime,
  bootId: string,
  policy: TerminalPolicy,
  broken: boolean,
): CounterAtWork {
  const story: string[] = [];
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = loggerTo(sink);
  const terminalLog = new TerminalLog({
    file,
    source: 'hall/t1',
    bootId,
    suite: nodeSuite,
    signer: headSigner(KEY.privatePem),
    clock: time,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  terminalLog.open();
  onTestFinished(() => terminalLog.close());
  const log = new WatchedLog(terminalLog, story);
  log.broken = broken;
  const board = new SimulatedBoard(story, time);
  const counter = new Counter({
    board,
    log,
    clock: time,
    bootId,
    randomness: nodeRandomness,
    policy: () => ({ policy, policyId: 'test@1' }),
    window: () => '12',
    logger,
    timers: time,
  });
  counter.subscribe((event) => {
    story.push(
      event.type === 'notice'
        ? `says ${event.notice}`
        : event.type === 'changed'
          ? `shows ${event.snapshot.state}`
          : event.type,
    );
  });
  counter.start();
  const OWN = ['epoch', 'boot', 'checkpoint'];
  return {
    counter,
    board,
    log,
    book: terminalLog,
    terminalLog,
    logFile: file,
    time,
    story,
    logger,
    lines,
    entries: () => {
      const live = terminalLog.epochs().find((epoch) => epoch.live);
      const slice = live === undefined ? null : terminalLog.slice(live, 1, 10_000, 10_000_000);
      return (slice?.entries ?? [])
        .map((bytes) => parseEntry(nodeSuite, bytes))
        .filter(({ kind }) => !OWN.includes(kind));
    },
    restart: ({ bootId: nextBoot = bootId, awayMs = 0, broken: nextBroken = false } = {}) => {
      terminalLog.close();
      const later = new DrivenTime();
      later.advance(time.monoMs() - later.monoMs() + awayMs);
      return started(file, later, nextBoot, policy, nextBroken);
    },
  };
}

function loggerTo(sink: Writable): Logger {
  const logger = createLogger('test', { level: 'debug' });
  Object.assign(logger, { [pino.symbols.streamSym]: sink });
  return logger;
}
