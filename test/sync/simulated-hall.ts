/** The hall's side of the wire: the real ingest on real SQLite. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { decodeMessage, parseEntry, type AckMessage, type Entry, type Reply } from '../../protocol/index.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
} from '../../protocol/runtime/node-suite.js';
import { Ingest } from '../../gateway/ingest/ingest.js';
import { Registry } from '../../gateway/registry/registry.js';
import { openStore, type Store } from '../../gateway/store/store.js';
import { PUBLIC_KEY, type DrivenClock } from '../device-log/log-at-work.js';
import type { Up } from './simulated-link.js';

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
      suite: nodeSuite,
      signer,
      clock,
      randomness: nodeRandomness,
      bootId: nodeRandomness.newId(),
      source: 'hall/@gw',
      version: '0',
    });
    this.#store = store;
    const registry = new Registry({ db: store.db, own: store.own, clock });
    await registry.addTerminal('t1', '1', PUBLIC_KEY).catch(() => undefined);
    const ingest = new Ingest({
      hall: 'hall',
      store,
      registry,
      suite: nodeSuite,
      signer,
      verifyOwn: signatureCheck(key.publicKey),
      clock,
      logger: pino({ level: 'silent' }),
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
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
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
    const rows = await this.store.db
      .selectFrom('entry')
      .innerJoin('epoch', 'epoch.id', 'entry.epochId')
      .select('bytes')
      .where('source', '=', 'hall/t1')
      .orderBy('entry.id')
      .execute();
    return rows.map(({ bytes }) => parseEntry(nodeSuite, bytes));
  }

  async rated(): Promise<string[]> {
    return (await this.store.db.selectFrom('rating').select('serviceId').orderBy('entryId').execute()).map(
      ({ serviceId }) => serviceId,
    );
  }
}
