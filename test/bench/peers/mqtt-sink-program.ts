/**
 * Subscriber with a durable table behind it. `ordinary`: MQTT.js, a commit a message, then its PUBACK. `tuned`: bare
 * packets; whatever has arrived at once is one commit, and then all their PUBACKs in one write.
 */
import { connected } from '../drain/connected.js';
import { FarTable } from './far-table.js';
import { load } from './packages.js';
import { TOPIC, type SinkKind } from './peer.js';

interface Packet {
  readonly cmd: string;
  readonly messageId?: number;
  readonly payload: Buffer;
}
interface PacketCodec {
  parser(): { on(event: 'packet', listener: (packet: Packet) => void): void; parse(chunk: Buffer): number };
  generate(packet: Readonly<Record<string, unknown>>): Buffer;
}
interface MqttClient {
  on(event: 'connect' | 'error', listener: () => void): void;
  subscribe(topic: string, options: { qos: number }, done: (error: Error | null) => void): void;
  handleMessage: (packet: Packet, done: (error?: Error) => void) => void;
  stream: { setNoDelay?(on: boolean): void };
}
interface Mqtt {
  connect(url: string, options: Readonly<Record<string, unknown>>): MqttClient;
}

const { file, port, sink } = JSON.parse(process.argv[2] ?? '{}') as { file: string; port: number; sink: SinkKind };
const table = new FarTable(file);
const ready = () => process.send?.({ word: 'ready' });
const CLIENT_ID = 'far-table';
/** The hall may be long in coming. */
const HALL_MS = 120_000;

async function ordinary(): Promise<void> {
  (await connected(port, HALL_MS)).destroy();
  const client = load<Mqtt>('mqtt').connect(`mqtt://127.0.0.1:${port}`, {
    clientId: CLIENT_ID,
    clean: false,
    reconnectPeriod: 100,
  });
  client.handleMessage = ({ payload }, done) => {
    table.write([payload.toString()]);
    done();
  };
  client.on('error', () => undefined);
  client.on('connect', () => {
    client.stream.setNoDelay?.(true);
    client.subscribe(`${TOPIC}/#`, { qos: 1 }, ready);
  });
}

async function tuned(): Promise<void> {
  const codec = load<PacketCodec>('mqtt-packet');
  const parser = codec.parser();
  const socket = await connected(port, HALL_MS);
  socket.setNoDelay(true);
  let waiting: Packet[] = [];
  const commit = () => {
    const group = waiting;
    waiting = [];
    table.write(group.map(({ payload }) => payload.toString()));
    socket.write(
      Buffer.concat(group.map(({ messageId }) => codec.generate({ cmd: 'puback', messageId: messageId ?? 0 }))),
    );
  };
  parser.on('packet', (packet) => {
    if (packet.cmd === 'connack')
      socket.write(
        codec.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: `${TOPIC}/#`, qos: 1 }] }),
      );
    else if (packet.cmd === 'suback') ready();
    else if (packet.cmd === 'publish') {
      if (waiting.length === 0) setImmediate(commit);
      waiting.push(packet);
    }
  });
  socket.on('data', (chunk) => parser.parse(chunk));
  socket.write(
    codec.generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: CLIENT_ID,
      clean: false,
      keepalive: 0,
    }),
  );
  socket.on('close', () => process.exit(0));
  socket.on('error', () => process.exit(1));
}

process.on('disconnect', () => process.exit(0));
process.send?.({ word: 'waiting' });
if (sink === 'tuned') await tuned();
else await ordinary();
