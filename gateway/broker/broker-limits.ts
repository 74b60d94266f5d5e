/** What the embedded broker takes from one peer. Every bound has a default far above what a terminal of ours needs. */
import { z } from 'zod';
import { rateSchema } from '../peers/rate.js';

const ms = (defaultMs: number) => z.int().min(50).max(86_400_000).default(defaultMs);

export const brokerLimitsSchema = z.strictObject({
  maxConnections: z.int().min(1).max(65_535).default(4_096).describe('connections at once'),
  maxStrangers: z
    .int()
    .min(1)
    .max(65_535)
    .default(1_024)
    .describe('connections that were not accepted under a name yet; past that the oldest of them goes'),
  connections: rateSchema(200, 2_000).describe('new connections of one address'),
  refusedConnects: rateSchema(20, 200).describe('CONNECT under unknown names, by address'),
  connects: rateSchema(5, 60).describe('CONNECT under the name of one terminal'),
  connectTimeoutMs: ms(10_000).describe('longest wait for CONNECT, ms'),
  packetTimeoutMs: ms(120_000).describe('longest wait for the rest of a packet, ms'),
  idleTimeoutMs: ms(600_000).describe('longest silence of a peer, whatever keep-alive it asked for, ms'),
  unreadTimeoutMs: ms(30_000).describe('longest time in which a peer reads nothing of what waits for it, ms'),
  maxUnreadBytes: z
    .int()
    .min(16_384)
    .max(64 * 1024 * 1024)
    .default(256 * 1024)
    .describe('bytes that wait for a peer to read them; past that it is cut off'),
  maxPublishBytes: z
    .int()
    .min(128 * 1024)
    .max(256 * 1024 * 1024)
    .default(2 * 1024 * 1024)
    .describe('a message past this ends its connection at once; a smaller one that is too large is answered'),
  maxUnanswered: z
    .int()
    .min(4)
    .max(10_000)
    .default(8)
    .describe('batches of a terminal that wait for their ack; further ones wait in its socket'),
  unansweredMs: ms(1_000).describe('after which batches are taken again although no ack was given, ms'),
  bytes: rateSchema(16 * 1024 * 1024, 32 * 1024 * 1024).describe('bytes of one peer'),
  messages: rateSchema(100, 500).describe('packets of one peer that are neither batches nor PUBACK'),
  refusals: rateSchema(20, 100).describe('messages of one peer that are refused'),
});
export type BrokerLimits = z.infer<typeof brokerLimitsSchema>;

export const DEFAULT_BROKER_LIMITS: BrokerLimits = brokerLimitsSchema.parse({});
