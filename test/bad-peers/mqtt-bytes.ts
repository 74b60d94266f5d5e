/** MQTT 3.1.1 packets as bytes, so that they can be wrong in every way that no client library allows. */

export function remainingLength(bytes: number): number[] {
  const low = bytes % 128;
  const rest = Math.floor(bytes / 128);
  return rest === 0 ? [low] : [low | 0x80, ...remainingLength(rest)];
}

export function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

/** A packet of this first byte; its length is what its parts are long, unless something else is claimed. */
export function packet(first: number, parts: readonly Uint8Array[], claimedBytes?: number): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(first, ...remainingLength(claimedBytes ?? body.length)), body]);
}

export interface ConnectOptions {
  readonly protocol?: string;
  readonly version?: number;
  readonly clean?: boolean;
  readonly keepaliveSeconds?: number;
  readonly will?: { readonly topic: string; readonly payload: Uint8Array };
}

export function connect(clientId: string, options: ConnectOptions = {}): Buffer {
  const { protocol = 'MQTT', version = 4, clean = true, keepaliveSeconds = 0, will } = options;
  const flags = (clean ? 0x02 : 0) | (will === undefined ? 0 : 0x04 | 0x08 | 0x20);
  return packet(0x10, [
    text(protocol),
    Buffer.of(version, flags, keepaliveSeconds >> 8, keepaliveSeconds & 0xff),
    text(clientId),
    ...(will === undefined ? [] : [text(will.topic), text(will.payload)]),
  ]);
}

export function publish(
  topic: string,
  payload: Uint8Array,
  {
    qos = 1,
    id = 1,
    retain = false,
    claimedBytes,
  }: { qos?: 0 | 1 | 2; id?: number; retain?: boolean; claimedBytes?: number } = {},
): Buffer {
  const head = qos === 0 ? [] : [Buffer.of(id >> 8, id & 0xff)];
  return packet(0x30 | (qos << 1) | (retain ? 1 : 0), [text(topic), ...head, payload], claimedBytes);
}

export function subscribe(topics: readonly string[], id = 1): Buffer {
  return packet(0x82, [
    Buffer.of(id >> 8, id & 0xff),
    ...topics.map((topic) => Buffer.concat([text(topic), Buffer.of(1)])),
  ]);
}

export const PINGREQ = Buffer.of(0xc0, 0);
