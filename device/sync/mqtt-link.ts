/** The link over MQTT 3.1.1. A fresh client for each connection: MQTT.js keeps no queue for us, the log does. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { parseTopic, topicOf, type Channel } from '../../protocol/index.js';
import type { Link, LinkConnection, LinkEvents } from './link.js';

export interface MqttLinkOptions {
  /** mqtt://… on loopback, mqtts://… anywhere else. */
  readonly url: string;
  readonly hall: string;
  readonly terminal: string;
  readonly connectTimeoutMs: number;
  readonly keepaliveSeconds: number;
  /** PEM files; needed for mqtts. */
  readonly tls?: { readonly caFile: string; readonly certFile: string; readonly keyFile: string } | undefined;
}

const DOWN: readonly Channel[] = ['ack', 'cmd', 'config'];
/**
 * Publishes without a PUBACK. MQTT.js keeps each of them; a broker that answers pings and takes nothing would fill
 * the terminal's memory. A window of batches, health and replies is far below this.
 */
const MAX_UNANSWERED = 64;

export class MqttLink implements Link {
  readonly #options: MqttLinkOptions;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
  }

  connect(events: LinkEvents, lastWill: Uint8Array): LinkConnection {
    const { hall, terminal } = this.#options;
    const topic = (channel: Channel) => topicOf(hall, terminal, channel);
    let client: MqttClient;
    try {
      client = this.#newClient(topic('state'), lastWill);
    } catch (error) {
      // A certificate cannot be read, perhaps while it is exchanged.
      setImmediate(() => events.down((error as Error).message));
      return { publish: () => undefined, close: () => Promise.resolve() };
    }
    let over = false;
    const down = (reason: string) => {
      if (over) return;
      over = true;
      client.end(true);
      setImmediate(() => events.down(reason));
    };
    client.on('connect', () => {
      (client.stream as Partial<Socket>).setNoDelay?.(true); // windows of small packets stall 40 ms under Nagle
      client.subscribe(DOWN.map(topic), { qos: 1 }, (error, granted) => {
        if (over) return;
        const refused = granted?.some((one) => one.qos > 2) ?? false;
        if (error || refused) down(error?.message ?? 'the broker refused the subscription');
        else events.up();
      });
    });
    client.on('message', (name, payload) => {
      const parsed = parseTopic(name);
      if (!over && parsed?.hall === hall && parsed.terminal === terminal) events.message(parsed.channel, payload);
    });
    client.on('error', (error) => down(error.message || error.name));
    client.on('close', () => down('connection closed'));
    let unanswered = 0;
    return {
      publish: (channel, payload, { retain }) => {
        if (over || !client.connected) return;
        if (unanswered >= MAX_UNANSWERED) return down('the broker takes nothing');
        unanswered += 1;
        client.publish(topic(channel), Buffer.from(payload), { qos: 1, retain }, () => {
          unanswered -= 1;
        });
      },
      close: async () => {
        if (!over) await client.endAsync(false, {}).catch(() => undefined);
        down('closed');
      },
    };
  }
  #newClient(stateTopic: string, lastWill: Uint8Array): MqttClient {
    const { url, hall, terminal, connectTimeoutMs, keepaliveSeconds, tls } = this.#options;
    return mqtt.connect(url, {
      protocolVersion: 4,
      clientId: `pjq-${hall}-${terminal}`,
      username: terminal,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: connectTimeoutMs,
      keepalive: keepaliveSeconds,
      resubscribe: false,
      will: { topic: stateTopic, payload: Buffer.from(lastWill), qos: 1, retain: true },
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
}
