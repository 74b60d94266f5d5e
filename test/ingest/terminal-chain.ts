/** A terminal's chain as its log would hold it: entries of any kind, right or wrong, and batches of any part of it. */
import {
  encodeBatch,
  encodeEntry,
  encodeEntryAgain,
  encodeMessage,
  genesisHash,
  headMessage,
  nextHash,
  parseEntry,
  type AckMessage,
  type BatchHeader,
  type ClockState,
  type EntryBody,
  type EntryKind,
  type HeadSigner,
  type Level,
  type TimeClaim,
} from '../../protocol/index.js';
import { headSigner, nodeRandomness, nodeSuite, type LogKeyPair } from '../../protocol/runtime/node-suite.js';
import { VirtualClock } from './virtual-clock.js';

export interface ChainOptions {
  readonly terminal: string;
  readonly key: LogKeyPair;
  readonly clock?: VirtualClock;
  readonly bootId?: string;
}

export interface PackOptions {
  readonly checkpoint?: BatchHeader['checkpoint'];
  readonly signer?: HeadSigner;
  readonly source?: string;
  readonly prevHash?: Uint8Array;
  readonly headHash?: Uint8Array;
  readonly time?: TimeClaim;
}

export class TerminalChain {
  readonly terminal: string;
  readonly source: string;
  readonly key: LogKeyPair;
  readonly signer: HeadSigner;
  readonly clock: VirtualClock;
  readonly bootId: string;
  epoch = nodeRandomness.newId();
  #entries: Uint8Array[] = [];
  #hashes: Uint8Array[] = [];

  constructor({ terminal, key, clock = new VirtualClock(), bootId = nodeRandomness.newId() }: ChainOptions) {
    this.terminal = terminal;
    this.source = `demo/${terminal}`;
    this.key = key;
    this.signer = headSigner(key.privatePem);
    this.clock = clock;
    this.bootId = bootId;
  }

  get headSeq(): number {
    return this.#entries.length;
  }

  hashAt(seq: number): Uint8Array {
    return seq === 0 ? genesisHash(nodeSuite, this.source, this.epoch) : (this.#hashes[seq - 1] as Uint8Array);
  }

  entry(seq: number): Uint8Array {
    return this.#entries[seq - 1] as Uint8Array;
  }

  /** @returns its seq. */
  append<K extends EntryKind>(kind: K, body: EntryBody<K>, clock: ClockState = 'synced'): number {
    const envelope = {
      source: this.source,
      epoch: this.epoch,
      seq: this.headSeq + 1,
      at: this.clock.wallMs(),
      bootId: this.bootId,
      mono: this.clock.monoMs(),
      clock,
    };
    return this.appendBytes(encodeEntry(nodeSuite, { ...envelope, kind, body }));
  }

  /** An entry whose envelope is right unless told otherwise, and whose kind and body may be anything. */
  appendAnything(changes: { source?: string; epoch?: string; seq?: number; kind: string; body: unknown }): number {
    const envelope = { source: this.source, epoch: this.epoch, seq: this.headSeq + 1 };
    const moment = { at: this.clock.wallMs(), bootId: this.bootId, mono: this.clock.monoMs(), clock: 'synced' };
    return this.appendBytes(nodeSuite.utf8Encode(JSON.stringify({ ...envelope, ...moment, ...changes })));
  }

  appendBytes(bytes: Uint8Array): number {
    this.#hashes.push(nextHash(nodeSuite, this.hashAt(this.headSeq), bytes));
    this.#entries.push(bytes);
    return this.headSeq;
  }

  first(): number {
    return this.append('epoch', { cause: 'first', ancestor: null, keyId: this.key.keyId });
  }

  opened(serviceId: string): number {
    return this.append('service.opened', {
      serviceId,
      caseNo: `case-${serviceId}`,
      stage: 'completion',
      origin: 'command',
      window: '1',
      staffNo: '1001',
      policy: 'default@1',
    });
  }

  /** @returns the id of the press. */
  press(serviceId: string, level: Level, id = nodeRandomness.newId()): string {
    this.append('press', { id, serviceId, level, via: 'key' });
    return id;
  }

  rating(serviceId: string, level: Level, id: string): number {
    return this.append('rating', { id, serviceId, level, cause: 'time-over' });
  }

  /** A whole service: opened, pressed, rated. @returns the rating's id. */
  ratedService(serviceId: string, level: Level = 4): string {
    this.opened(serviceId);
    const id = this.press(serviceId, level);
    this.rating(serviceId, level, id);
    return id;
  }

  /** Goes on from `seq` as if nothing after it had been written (a copied-back card). */
  cutTo(seq: number): void {
    this.#entries = this.#entries.slice(0, seq);
    this.#hashes = this.#hashes.slice(0, seq);
  }

  /** A new epoch that names this one at `ackedSeq` and carries over what came after it, as a terminal does after a fork. */
  leave(ackedSeq: number): void {
    const ancestor = {
      epoch: this.epoch,
      seq: this.headSeq,
      hash: nodeSuite.base64urlEncode(this.hashAt(this.headSeq)),
    };
    const again = this.#entries
      .slice(ackedSeq)
      .map((bytes) => parseEntry(nodeSuite, bytes))
      .filter(({ kind }) => kind !== 'epoch');
    this.epoch = nodeRandomness.newId();
    this.cutTo(0);
    this.append('epoch', { cause: 'fork', ancestor, keyId: this.key.keyId });
    for (const entry of again)
      this.appendBytes(encodeEntryAgain(nodeSuite, entry, { epoch: this.epoch, seq: this.headSeq + 1 }));
  }

  batch(firstSeq = 1, lastSeq = this.headSeq, options: PackOptions = {}): Uint8Array {
    const { signer = this.signer, source = this.source, checkpoint } = options;
    return encodeBatch(nodeSuite, signer, {
      source,
      epoch: this.epoch,
      firstSeq,
      prevHash: options.prevHash ?? this.hashAt(firstSeq - 1),
      entries: this.#entries.slice(firstSeq - 1, lastSeq),
      headHash: options.headHash ?? this.hashAt(lastSeq),
      time: options.time ?? { bootId: this.bootId, mono: this.clock.monoMs(), at: this.clock.wallMs() },
      ...(checkpoint === undefined ? {} : { checkpoint }),
    });
  }

  /** The signed head that stays where everything through `seq` was pruned. */
  checkpointAt(seq: number, signer = this.signer): NonNullable<BatchHeader['checkpoint']> {
    const hash = this.hashAt(seq);
    const sig = signer.sign(headMessage(nodeSuite, { source: this.source, epoch: this.epoch, seq, hash }));
    return { seq, hash: nodeSuite.base64urlEncode(hash), keyId: signer.keyId, sig: nodeSuite.base64urlEncode(sig) };
  }

  /** What the terminal says on connecting. */
  state(promised?: Pick<AckMessage, 'storeId' | 'generation' | 'throughSeq' | 'headHash' | 'sig'>): Uint8Array {
    return encodeMessage(nodeSuite, 'state', {
      v: 1,
      state: 'connected',
      session: nodeRandomness.newId(),
      epoch: this.epoch,
      headSeq: this.headSeq,
      bootId: this.bootId,
      mono: this.clock.monoMs(),
      at: this.clock.wallMs(),
      ...(promised === undefined ? {} : { promise: promised }),
    });
  }
}
