/** An external MQTT 3.1.1 broker by its URL (Mosquitto, EMQX, NanoMQ). Who may publish what is that broker's access list. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import {
  hallFilter,
  parseTopic,
  retryDelayMs,
  topicOf,
  UP_CHANNELS,
  type DownChannel,
  type RetryPolicy,
  type UpChannel,
} from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Broker, BrokerEvents } from './broker.js';

export interface ExternalBrokerOptions {
  readonly hall: string;
  readonly gateway: string;
  readonly url: string;
  readonly retry: RetryPolicy;
  readonly logger: Logger;
  readonly tls?: { readonly caFile: string; readonly certFile: string; readonly keyFile: string } | undefined;
}

export class ExternalBroker implements Broker {
  readonly #options: ExternalBrokerOptions;
  readonly #fault: RepeatedFault;
  #client: MqttClient | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tries = 0;
  #running = false;

  constructor(options: ExternalBrokerOptions) {
    this.#options = options;
    this.#fault = new RepeatedFault(options.logger, 'broker');
  }

  get connected(): boolean {
    return this.#client?.connected ?? false;
  }

  /** Does not wait for the broker: one that is not up yet is a state, not an error. */
  async start(events: BrokerEvents): Promise<void> {
    this.#running = true;
    this.#connect(events);
    return Promise.resolve();
  }

  publish(terminal: string, channel: DownChannel, payload: Uint8Array, { retain }: { retain: boolean }): void {
    if (!this.connected) return;
    this.#client?.publish(topicOf(this.#options.hall, terminal, channel), Buffer.from(payload), { qos: 1, retain });
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    await this.#client?.endAsync(true).catch(() => undefined);
  }

  #connect(events: BrokerEvents): void {
    const { hall } = this.#options;
    this.#tries += 1;
    let client: MqttClient;
    try {
      client = this.#newClient();
    } catch (error) {
      return this.#tryAgain(error, events); // a certificate cannot be read, perhaps while it is exchanged
    }
    this.#client = client;
    let over = false;
    let up = false;
    const down = (error: unknown) => {
      if (over) return;
      over = true;
      client.end(true);
      if (!this.#running) return;
      if (up) events.down();
      this.#tryAgain(error, events);
    };
    client.on('connect', () => {
      (client.stream as Partial<Socket>).setNoDelay?.(true);
      client.subscribe(
        UP_CHANNELS.map((channel) => hallFilter(hall, channel)),
        { qos: 1 },
        (error) => {
          if (error) return down(error);
          up = true;
          this.#tries = 0;
          this.#fault.clear();
        },
      );
    });
    client.on('message', (name, payload) => {
      const topic = parseTopic(name);
      if (topic !== null && topic.hall === hall && payload.length > 0)
        events.message(topic.terminal, topic.channel as UpChannel, payload);
    });
    client.on('error', down);
    client.on('close', () => down(new Error('connection to the broker closed')));
  }
  #newClient(): MqttClient {
    const { hall, gateway, url, tls } = this.#options;
    return mqtt.connect(url, {
      protocolVersion: 4,
      clientId: `pjq-${hall}-@${gateway}`,
      username: `@${gateway}`,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 10_000,
      keepalive: 30,
      ...(tls
        ? {
            ca: readFileSync(tls.caFile),
            cert: readFileSync(tls.certFile),
            key: readFileSync(tls.keyFile),
            rejectUnauthorized: true,
          }
        : {}),
    });
  }

  #tryAgain(error: unknown, events: BrokerEvents): void {
    this.#fault.report(error);
    this.#timer = setTimeout(() => this.#connect(events), retryDelayMs(this.#options.retry, this.#tries, Math.random));
  }
}
