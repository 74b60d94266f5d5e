/** A registered terminal over the real wire that says one right entry at a time and waits for its ack: a press, timed. */
import mqtt, { type MqttClient } from 'mqtt';
import type { Socket } from 'node:net';
import {
  decodeMessage,
  encodeBatch,
  encodeEntry,
  genesisHash,
  nextHash,
  topicOf,
  type HeadSigner,
} from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { Program } from '../support/program.js';
import type { Hall } from '../support/hall.js';

const EPOCH = 'epochOfPeer';

export class MqttTerminal {
  readonly name: string;
  readonly #key = generateLogKey();
  readonly #signer: HeadSigner = headSigner(this.#key.privatePem);
  #client: MqttClient | undefined;
  #seq = 0;
  #head: Uint8Array;
  #onThrough: (throughSeq: number) => void = () => undefined;

  constructor(name: string) {
    this.name = name;
    this.#head = genesisHash(nodeSuite, this.#source, EPOCH);
  }

  get #source(): string {
    return `demo/${this.name}`;
  }

  get isConnected(): boolean {
    return this.#client?.connected ?? false;
  }

  async register(hall: Hall, window: number): Promise<this> {
    const { code, stderr } = await Program.run([
      'dist/gateway/pjq.js',
      'terminal',
      'add',
      this.name,
      '--window',
      String(window),
      '--public-key',
      this.#key.publicKey,
      '--config',
      hall.gatewayConfig,
    ]);
    if (code !== 0) throw new Error(stderr);
    return this;
  }

  async connect(port: number): Promise<this> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: 4,
      clientId: `pjq-demo-${this.name}`,
      clean: true,
      reconnectPeriod: 0,
    });
    this.#client = client;
    (client.stream as unknown as Socket).setNoDelay(true);
    client.on('error', () => undefined);
    client.on('message', (_topic, payload) => {
      const { epoch, throughSeq } = decodeMessage(nodeSuite, 'ack', payload);
      if (epoch === EPOCH) this.#onThrough(throughSeq);
    });
    await client.subscribeAsync(topicOf('demo', this.name, 'ack'), { qos: 1 });
    return this;
  }

  /** The next batch of its log, of so many entries. */
  nextBatch(total = 1): Uint8Array {
    const prevHash = this.#head;
    const firstSeq = this.#seq + 1;
    const entries = Array.from({ length: total }, () => {
      this.#seq += 1;
      const at = Date.now();
      const entry = encodeEntry(nodeSuite, {
        source: this.#source,
        epoch: EPOCH,
        seq: this.#seq,
        kind: 'boot',
        at,
        bootId: EPOCH,
        mono: at,
        clock: 'free',
        body: { version: '1' },
      });
      this.#head = nextHash(nodeSuite, this.#head, entry);
      return entry;
    });
    return encodeBatch(nodeSuite, this.#signer, {
      source: this.#source,
      epoch: EPOCH,
      firstSeq,
      prevHash,
      entries,
      headHash: this.#head,
      time: { bootId: EPOCH, mono: 1, at: 1 },
    });
  }

  /** Says one entry. @returns how long until the hall said that it is committed, ms. */
  async press(timeoutMs = 10_000): Promise<number> {
    const batch = this.nextBatch();
    const seq = this.#seq;
    const since = performance.now();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} has no ack of ${seq}`)), timeoutMs);
      this.#onThrough = (throughSeq) => {
        if (throughSeq < seq) return;
        clearTimeout(timer);
        resolve();
      };
      this.#client?.publish(topicOf('demo', this.name, 'log'), Buffer.from(batch), { qos: 1 });
    });
    return performance.now() - since;
  }

  async end(): Promise<void> {
    await this.#client?.endAsync(true);
  }
}
