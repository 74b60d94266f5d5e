/** Topics: `pjq/v1/{hall}/{terminal}/{channel}` (MQTT 3.1.1; no feature depends on one broker). */
import { nameSchema } from './identifiers.js';

/** Channels that a terminal publishes. */
export const UP_CHANNELS = ['state', 'info', 'health', 'log', 'reply'] as const;
/** Channels that the gateway publishes. */
export const DOWN_CHANNELS = ['ack', 'cmd', 'config', 'roster'] as const;

export type UpChannel = (typeof UP_CHANNELS)[number];
export type DownChannel = (typeof DOWN_CHANNELS)[number];
export type Channel = UpChannel | DownChannel;

/** Whether the broker keeps the last message of a channel for whoever comes later. */
export const RETAINED: Readonly<Record<Channel, boolean>> = {
  state: true,
  info: true,
  health: true,
  log: false,
  reply: false,
  ack: false,
  cmd: false,
  config: true,
  roster: true,
};

const ROOT = 'pjq/v1';

export function topicOf(hall: string, terminal: string, channel: Channel): string {
  return `${ROOT}/${hall}/${terminal}/${channel}`;
}

/** The filter by which a gateway hears one channel of every terminal of its hall. */
export function hallFilter(hall: string, channel: UpChannel): string {
  return `${ROOT}/${hall}/+/${channel}`;
}

/** The parts of a topic of ours; `null` for any other text. */
export function parseTopic(topic: string): { hall: string; terminal: string; channel: Channel } | null {
  const parts = topic.split('/');
  const [root, version, hall, terminal, channel] = parts;
  if (parts.length !== 5 || `${root}/${version}` !== ROOT) return null;
  if (!nameSchema.safeParse(hall).success || !nameSchema.safeParse(terminal).success) return null;
  const known: readonly string[] = [...UP_CHANNELS, ...DOWN_CHANNELS];
  if (channel === undefined || !known.includes(channel)) return null;
  return { hall: hall as string, terminal: terminal as string, channel: channel as Channel };
}
