/**
 * A terminal's log and sync against the real ingest on real SQLite. Only the wire between them is simulated, by
 * the contract of its port, and can be made to lose, double, reorder and cut. Time is driven: call
 * `vi.useFakeTimers(FAKED)` first.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished, vi } from 'vitest';
import {
  decodeBatch, decodeMessage, encodeMessage, parseEntry, type AckMessage, type Channel, type Command, type Entry, type Reply, type RetryPolicy,
} from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { generateLogKey, headSigner, nodeRandomness, nodeSuite, signatureCheck } from '../../protocol/runtime/node-suite.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { GatewayTime } from '../../device/sync/gateway-time.js';
import type { Link, LinkConnection, LinkEvents } from '../../device/sync/link.js';
import { Sync } from '../../device/sync/sync.js';
import { Ingest } from '../../gateway/ingest/ingest.js';
import { Registry } from '../../gateway/registry/registry.js';
import { openStore, type Store } from '../../gateway/store/store.js';
import { DrivenClock, live, PUBLIC_KEY, SIGNER } from '../device-log/log-at-work.js';

/** What is faked of time; immediates and promises run on. */
export const FAKED = { toFake: ['setTimeout', 'clearTimeout'] } satisfies Parameters<typeof vi.useFakeTimers>[0];
export const RETRY: RetryPolicy = { initialMs: 1_000, factor: 2, capMs: 16_000, jitter: 0 };
export const WINDOW = { batches: 3, minResendMs: 3_000, maxResendMs: 60_000 };

export interface Up { readonly channel: Channel; readonly payload: Uint8Array }

/** The wire, by the contract of `Link`: `up` or `down` once, nothing after `down`. */
export class SimulatedLink implements Link {
  /** Whether the next try reaches the broker. */
  reachable = true;
  tries = 0;
  readonly sent: Up[] = [];
  readonly wills: Uint8Array[] = [];
  /** What becomes of a message up; the default delivers it. */
  carryUp: (message: Up) => readonly Up[] = (message) => [message];
  /** What becomes of a message down. */
  carryDown: (message: Up) => readonly Up[] = (message) => [message];
  deliver: (message: Up) => void = () => undefined;
  #events: LinkEvents | undefined;

  connect(events: LinkEvents, lastWill: Uint8Array): LinkConnection {
    this.tries += 1;
    this.wills.push(lastWill);
    let over = false;
    const own: LinkEvents = {
      up: () => events.up(),
      message: (channel, payload) => {
        if (!over) events.message(channel, payload);
      },
      down: (reason) => {
        if (over) return;
        over = true;
        this.#events = undefined;
        setImmediate(() => events.down(reason));
      },
    };
    const { reachable } = this;
    setImmediate(() => {
      if (over) return;
      if (!reachable) return own.down('unreachable');
      this.#events = own;
      own.up();
    });
    return {
      publish: (channel, payload) => {
        if (over || this.#events !== own) return;
        this.sent.push({ channel, payload });
        for (const message of this.carryUp({ channel, payload })) setImmediate(() => this.deliver(message));
      },
      close: async () => own.down('closed'),
    };
  }

  get up(): boolean {
    return this.#events !== undefined;
  }

  cut(): void {
    this.#events?.down('cut');
  }

  /** Something comes down the wire. */
  receive(message: Up): void {
    for (const one of this.carryDown(message)) this.#events?.message(one.channel, one.payload);
  }

  batches(): { epoch: string; firstSeq: number; lastSeq: number }[] {
    return this.sent.filter(({ channel }) => channel === 'log').map(({ payload }) => {
      const { epoch, firstSeq, count } = decodeBatch(nodeSuite, payload).header;
      return { epoch, firstSeq, lastSeq: firstSeq + count - 1 };
    });
  }

  states(): Record<string, unknown>[] {
    return this.sent.filter(({ channel }) => channel === 'state').map(({ payload }) => ({ ...decodeMessage(nodeSuite, 'state', payload) }));
  }
}

/** The hall's side: a store in a folder and the real ingest on it. */
export class SimulatedHall {
  readonly clock: DrivenClock;
  readonly key = generateLogKey();
  readonly acks: AckMessage[] = [];
  readonly replies: Reply[] = [];
  readonly refused: string[] = [];
  /** How far the hall's own clock is off. */
  clockOffsetMs = 0;
  folder = '';
  onAck: (payload: Uint8Array) => void = () => undefined;
  #store: Store | undefined;
  #ingest: Ingest | undefined;

  constructor(clock: DrivenClock) {
    this.clock = clock;
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('the hall is closed');
    return this.#store;
  }

  /** Opens a store, in a new folder unless told where, with the terminal known. */
  async open(folder = mkdtempSync(join(tmpdir(), 'pjq-hall-'))): Promise<string> {
    const { key } = this;
    this.folder = folder;
    const clock = { wallMs: () => this.clock.nowMs + this.clockOffsetMs, monoMs: () => this.clock.monoMs() };
    const signer = headSigner(key.privatePem);
    const store = await openStore(folder, {
      suite: nodeSuite, signer, clock, randomness: nodeRandomness, bootId: nodeRandomness.newId(), source: 'hall/@gw', version: '0',
    });
    this.#store = store;
    const registry = new Registry({ db: store.db, own: store.own, clock });
    await registry.addTerminal('t1', '1', PUBLIC_KEY).catch(() => undefined);
    const ingest = new Ingest({
      hall: 'hall', store, registry, suite: nodeSuite, signer, verifyOwn: signatureCheck(key.publicKey), clock, logger: pino({ level: 'silent' }),
      publishAck: (_terminal, payload) => {
        const ack = decodeMessage(nodeSuite, 'ack', payload);
        this.acks.push(ack);
        if (ack.refused !== undefined) this.refused.push(ack.refused.code);
        this.onAck(payload);
      },
      onCommit: () => undefined,
      onQuarantine: (code) => this.refused.push(code),
    });
    this.#ingest = ingest;
    onTestFinished(async () => {
      await ingest.stop();
      await store.close().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    });
    return folder;
  }

  /** The gateway ends; `open` starts another, perhaps elsewhere. */
  async close(): Promise<void> {
    const [ingest, store] = [this.#ingest, this.#store];
    this.#ingest = undefined;
    this.#store = undefined;
    await ingest?.stop();
    await store?.close();
  }

  hear({ channel, payload }: Up): void {
    if (channel === 'log') this.#ingest?.batch('t1', payload);
    if (channel === 'state') this.#ingest?.state('t1', payload);
    if (channel === 'reply') this.replies.push(decodeMessage(nodeSuite, 'reply', payload));
  }

  async idle(): Promise<void> {
    await this.#ingest?.idle();
  }

  async entries(): Promise<Entry[]> {
    const rows = await this.store.db.selectFrom('entry').innerJoin('epoch', 'epoch.id', 'entry.epochId')
      .select('bytes').where('source', '=', 'hall/t1').orderBy('entry.id').execute();
    return rows.map(({ bytes }) => parseEntry(nodeSuite, bytes));
  }

  async rated(): Promise<string[]> {
    return (await this.store.db.selectFrom('rating').select('serviceId').orderBy('entryId').execute()).map(({ serviceId }) => serviceId);
  }
}

export interface SyncAtWork {
  readonly clock: DrivenClock;
  readonly log: TerminalLog;
  readonly sync: Sync;
  readonly link: SimulatedLink;
  readonly hall: SimulatedHall;
  readonly gatewayTime: GatewayTime;
  readonly linkStates: string[];
  readonly folder: string;
  /** Lets everything that can happen now happen. */
  settle(): Promise<void>;
  /** Time passes, in steps in which everything happens. */
  pass(ms: number, stepMs?: number): Promise<void>;
  command(command: Command): void;
  /** Whether the hall has everything that the log has. */
  level(): Promise<boolean>;
}

export async function syncAtWork(options: { folder: string; onCommand?: (command: Command) => Reply; windowBatches?: number }): Promise<SyncAtWork> {
  const clock = new DrivenClock();
  const hall = new SimulatedHall(clock);
  await hall.open();
  const log = new TerminalLog({
    file: join(options.folder, 'log.db'), source: 'hall/t1', bootId: 'bootbootboo', suite: nodeSuite, signer: SIGNER, clock,
    randomness: nodeRandomness, clockState: () => 'synced',
  });
  log.open();
  const link = new SimulatedLink();
  const gatewayTime = new GatewayTime(clock, 2_000);
  const linkStates: string[] = [];
  const sync = new Sync({
    log, link, suite: nodeSuite, signer: SIGNER, clock, randomness: nodeRandomness, bootId: 'bootbootboo', source: 'hall/t1', gatewayTime,
    retry: RETRY, window: { ...WINDOW, batches: options.windowBatches ?? WINDOW.batches }, logger: createLogger('test', { level: 'silent' }),
    info: () => ({ v: 1, version: '0', keyId: SIGNER.keyId }),
    health: () => ({ v: 1, at: clock.wallMs(), parts: {}, duty: 'on', service: 'idle', backlog: log.backlog(), rssBytes: 1 }),
    onCommand: options.onCommand ?? (({ id }) => ({ v: 1, id, ok: true })),
    onConfig: () => undefined,
    onLink: (state) => {
      if (linkStates.at(-1) !== state) linkStates.push(state);
    },
  });
  link.deliver = (message) => hall.hear(message);
  hall.onAck = (payload) => link.receive({ channel: 'ack', payload });
  onTestFinished(async () => {
    await sync.stop();
    log.close();
  });
  const settle = async () => {
    for (let round = 0; round < 6; round += 1) {
      for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await hall.idle();
    }
  };
  return {
    clock, log, sync, link, hall, gatewayTime, linkStates, folder: options.folder, settle,
    pass: async (ms, stepMs = 250) => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.nowMs += stepMs;
        vi.advanceTimersByTime(stepMs);
        await settle();
      }
    },
    command: (command) => link.receive({ channel: 'cmd', payload: encodeMessage(nodeSuite, 'cmd', command) }),
    level: async () => {
      const { epoch, endSeq, ackedSeq } = live(log);
      const row = await hall.store.db.selectFrom('epoch').select('throughSeq').where('epoch', '=', epoch).executeTakeFirst();
      return row?.throughSeq === endSeq && ackedSeq === endSeq && log.backlog() === 0;
    },
  };
}
