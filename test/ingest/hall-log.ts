/**
 * A hall's log without its wires: the real store on disk, the real registry and ingest, real keys. Every ack
 * is compared, at the moment it is published, with what a second connection sees committed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { Ingest } from '../../gateway/ingest/ingest.js';
import type { ProjectRules } from '../../gateway/ingest/project-entries.js';
import { Registry } from '../../gateway/registry/registry.js';
import type { StoreFault } from '../../gateway/store/store-fault.js';
import { DATABASE_FILE, openStore, type Store } from '../../gateway/store/store.js';
import { decodeMessage, parseEntry, type AckMessage } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
  type LogKeyPair,
} from '../../protocol/runtime/node-suite.js';
import { TerminalChain } from './terminal-chain.js';
import { VirtualClock } from './virtual-clock.js';

export const OWN_SOURCE = 'demo/@gw';
export const quiet = createLogger('gateway', { level: 'silent' });

export type HeardAck = AckMessage & { readonly terminal: string };

export interface HallLogOptions {
  /** An existing folder (a copied backup, say); made and removed here when absent. */
  readonly folder?: string;
  readonly key?: LogKeyPair;
  /** After each group's commit and its acks: how many entries it brought. */
  readonly onCommit?: (linked: number) => void;
  readonly onStoreFault?: (fault: StoreFault | null) => void;
  /** Of the hall's policy; without them no act is too late. */
  readonly rules?: ProjectRules;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

export function openHallStore(
  folder: string,
  key: LogKeyPair,
  clock: VirtualClock,
  source = OWN_SOURCE,
): Promise<Store> {
  return openStore(folder, {
    suite: nodeSuite,
    signer: headSigner(key.privatePem),
    clock,
    randomness: nodeRandomness,
    bootId: nodeRandomness.newId(),
    source,
    version: '0.0.0-test',
  });
}

export class HallLog {
  readonly acks: HeardAck[] = [];
  readonly quarantined: string[] = [];
  /** Acks that promised more than was committed when they were published. */
  readonly broken: string[] = [];
  readonly folder: string;
  readonly key: LogKeyPair;
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly registry: Registry;
  readonly ingest: Ingest;
  readonly #beside: Database.Database;

  private constructor(
    folder: string,
    key: LogKeyPair,
    clock: VirtualClock,
    store: Store,
    { onCommit = () => undefined, onStoreFault = () => undefined, rules }: HallLogOptions,
  ) {
    this.folder = folder;
    this.key = key;
    this.clock = clock;
    this.store = store;
    this.#beside = new Database(join(folder, DATABASE_FILE));
    this.registry = new Registry({ db: store.db, own: store.own, clock });
    this.ingest = new Ingest({
      hall: 'demo',
      store,
      registry: this.registry,
      suite: nodeSuite,
      signer: headSigner(key.privatePem),
      verifyOwn: signatureCheck(key.publicKey),
      clock,
      logger: quiet,
      onCommit,
      onStoreFault,
      ...(rules === undefined ? {} : { rules }),
      onQuarantine: (code) => this.quarantined.push(code),
      publishAck: (terminal, payload) => this.#heard(terminal, decodeMessage(nodeSuite, 'ack', payload)),
    });
  }

  static async open(options: HallLogOptions = {}): Promise<HallLog> {
    const { folder = temporaryFolder(), key = generateLogKey() } = options;
    const clock = new VirtualClock();
    const hall = new HallLog(folder, key, clock, await openHallStore(folder, key, clock), options);
    onTestFinished(() => hall.close());
    return hall;
  }

  /** Once or more often. */
  async close(): Promise<void> {
    await this.ingest.stop();
    this.#beside.close();
    await this.store.close();
  }

  /** Registers a terminal and answers its empty chain, with entry 1 written. */
  async terminal(name: string): Promise<TerminalChain> {
    const chain = new TerminalChain({ terminal: name, key: generateLogKey() });
    await this.registry.addTerminal(name, '1', chain.key.publicKey);
    chain.first();
    return chain;
  }

  /** Hands in batches as they would arrive together. @returns what was answered to them. */
  async send(chain: TerminalChain, ...payloads: Uint8Array[]): Promise<HeardAck[]> {
    return this.arrive(...payloads.map((payload) => [chain.terminal, payload] as const));
  }

  async arrive(...batches: (readonly [terminal: string, payload: Uint8Array])[]): Promise<HeardAck[]> {
    return this.#answers(() => {
      for (const [terminal, payload] of batches) this.ingest.batch(terminal, payload);
    });
  }

  async state(chain: TerminalChain, payload: Uint8Array): Promise<HeardAck[]> {
    return this.#answers(() => this.ingest.state(chain.terminal, payload));
  }

  /** Reads or changes the database through a second connection, as another program would. */
  rows<T>(sql: string, ...parameters: unknown[]): T[] {
    return this.#beside.prepare(sql).all(...parameters) as T[];
  }

  run(sql: string): void {
    this.#beside.exec(sql);
  }

  total(table: string, where = '1'): number {
    return this.rows<{ total: number }>(`SELECT count(*) AS total FROM "${table}" WHERE ${where}`)[0]?.total ?? -1;
  }

  /** Seqs of what is stored of a chain's present epoch. */
  storedSeqs(chain: TerminalChain): number[] {
    return this.rows<{ seq: number }>(
      'SELECT seq FROM entry WHERE epochId = (SELECT id FROM epoch WHERE source = ? AND epoch = ?) ORDER BY seq',
      chain.source,
      chain.epoch,
    ).map(({ seq }) => seq);
  }

  alarms(): { code: string; subject: string; detail: string }[] {
    return this.rows('SELECT code, subject, detail FROM alarm ORDER BY id');
  }

  /** Bodies of one kind of entries in the gateway's own log. */
  ownBodies(kind: string): Record<string, unknown>[] {
    return this.rows<{ bytes: Buffer }>(
      "SELECT bytes FROM entry JOIN epoch ON epoch.id = epochId WHERE source LIKE '%/@%' AND kind = ? ORDER BY entry.id",
      kind,
    ).map(({ bytes }) => parseEntry(nodeSuite, bytes).body);
  }

  /** What stands in quarantine, by seq. */
  setAside(): { seq: number; code: string }[] {
    return this.rows(
      'SELECT seq, code FROM quarantine JOIN entry ON entry.id = entryId WHERE resolvedAt IS NULL ORDER BY entry.id',
    );
  }

  async #answers(hand: () => void): Promise<HeardAck[]> {
    const from = this.acks.length;
    hand();
    await this.ingest.idle();
    if (this.broken.length > 0) throw new Error(this.broken.join('\n'));
    return this.acks.slice(from);
  }

  #heard(terminal: string, ack: AckMessage): void {
    const [row] = this.rows<{ throughSeq: number }>(
      'SELECT throughSeq FROM epoch WHERE source = ? AND epoch = ?',
      `demo/${terminal}`,
      ack.epoch,
    );
    if (ack.throughSeq > (row?.throughSeq ?? 0))
      this.broken.push(`acknowledged through ${ack.throughSeq}, committed through ${row?.throughSeq ?? 0}`);
    this.acks.push({ ...ack, terminal });
  }
}
