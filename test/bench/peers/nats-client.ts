/** What is used of the `nats` package, version 2. */
import { load } from './packages.js';

export interface JsMessage {
  readonly data: Uint8Array;
  ack(): void;
  ackAck(): Promise<boolean>;
}
export interface JsConsumer {
  consume(options: { max_messages: number }): Promise<AsyncIterable<JsMessage>>;
  fetch(options: { max_messages: number; expires: number }): Promise<AsyncIterable<JsMessage>>;
}
export interface JetStream {
  publish(subject: string, payload: Uint8Array): Promise<unknown>;
  readonly consumers: { get(stream: string, consumer: string): Promise<JsConsumer> };
}
export interface JetStreamManager {
  readonly streams: {
    add(config: Readonly<Record<string, unknown>>): Promise<unknown>;
    info(stream: string): Promise<{ readonly state: { readonly messages: number } }>;
  };
  readonly consumers: { add(stream: string, config: Readonly<Record<string, unknown>>): Promise<unknown> };
}
export interface NatsConnection {
  jetstream(): JetStream;
  jetstreamManager(): Promise<JetStreamManager>;
  flush(): Promise<void>;
  close(): Promise<void>;
}
interface Nats {
  connect(options: Readonly<Record<string, unknown>>): Promise<NatsConnection>;
}

export function connectNats(port: number): Promise<NatsConnection> {
  return load<Nats>('nats').connect({
    servers: `127.0.0.1:${port}`,
    waitOnFirstConnect: true,
    reconnectTimeWait: 100,
    maxReconnectAttempts: -1,
  });
}

export const EDGE_STREAM = 'EDGE';
export const HALL_STREAM = 'HALL';
export const CONSUMER = 'far-table';
export const SUBJECT = 'rating.edge';
