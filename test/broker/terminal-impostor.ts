/** A raw MQTT client that says what no terminal of ours would say, and counts what it is answered. */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { decodeMessage, parseTopic, topicOf, type Channel } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';

export const HALL = 'demo';

export class Impostor {
  readonly client: MqttClient;
  readonly terminal: string;
  /** Codes of refusals that came on the own `ack`, in order. */
  readonly refusals: string[] = [];
  /** Whatever else came. */
  readonly heard: { topic: string; text: string }[] = [];
  closings = 0;

  private constructor(client: MqttClient, terminal: string) {
    this.client = client;
    this.terminal = terminal;
    client.on('close', () => {
      this.closings += 1;
    });
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      const ack = parseTopic(topic)?.channel === 'ack' && decodeMessage(nodeSuite, 'ack', payload);
      if (ack && ack.refused !== undefined) this.refusals.push(ack.refused.code);
      else this.heard.push({ topic, text: payload.toString() });
    });
  }

  /** @throws what the broker or the handshake refused with. */
  static connect(url: string, terminal: string, options: IClientOptions = {}): Promise<Impostor> {
    const client = mqtt.connect(url, {
      protocolVersion: 4,
      clientId: `pjq-${HALL}-${terminal}`,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 5_000,
      ...options,
    });
    return new Promise((resolve, reject) => {
      client.once('connect', () => resolve(new Impostor(client, terminal)));
      client.once('error', (error) => {
        client.end(true);
        reject(error);
      });
      client.once('close', () => reject(new Error('connection closed')));
    });
  }

  say(
    channel: Channel,
    payload: string | Uint8Array,
    options: { of?: string; retain?: boolean } = {},
  ): Promise<unknown> {
    return this.sayAt(topicOf(HALL, options.of ?? this.terminal, channel), payload, options.retain);
  }

  /** Resolves when the broker has taken it. */
  sayAt(topic: string, payload: string | Uint8Array, retain = false): Promise<unknown> {
    return this.client.publishAsync(topic, Buffer.from(payload), { qos: 1, retain });
  }

  /** @returns what was granted; 128 is a refusal. */
  subscribe(topic: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.client.subscribe(topic, { qos: 1 }, (_error, granted, packet) => {
        resolve((packet as { granted?: number[] } | undefined)?.granted?.[0] ?? granted?.[0]?.qos);
      });
    });
  }

  /** Dies without a word, so that its last will is published. */
  die(): void {
    (this.client.stream as unknown as { destroy(): void }).destroy();
  }

  async end(): Promise<void> {
    await this.client.endAsync(true);
  }
}
