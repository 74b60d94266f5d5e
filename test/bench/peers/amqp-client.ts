/** What is used of the `amqplib` package. */
import { load } from './packages.js';

export interface Delivery {
  readonly content: Buffer;
}
export interface Channel {
  assertQueue(queue: string, options: { durable: boolean }): Promise<unknown>;
  prefetch(count: number): Promise<unknown>;
  consume(queue: string, deliver: (message: Delivery | null) => void): Promise<unknown>;
  ack(message: Delivery, allUpTo?: boolean): void;
}
export interface ConfirmChannel extends Channel {
  sendToQueue(
    queue: string,
    content: Buffer,
    options: { persistent: boolean },
    done: (error: Error | null) => void,
  ): boolean;
}
export interface AmqpConnection {
  createChannel(): Promise<Channel>;
  createConfirmChannel(): Promise<ConfirmChannel>;
  close(): Promise<void>;
  on(event: 'error' | 'close', listener: () => void): void;
}
interface Amqp {
  connect(url: string, options: { noDelay: boolean }): Promise<AmqpConnection>;
}

export function connectAmqp(port: number): Promise<AmqpConnection> {
  return load<Amqp>('amqplib').connect(`amqp://guest:guest@127.0.0.1:${port}`, { noDelay: true });
}

export const QUEUE = 'ratings';
