/** Publisher at the edge: QoS 1, so many on their way, until the edge has acknowledged every one. */
import { connect } from 'node:net';
import { load } from './packages.js';
import { recordOf, TOPIC } from './peer.js';

interface Packet {
  readonly cmd: string;
}
interface PacketCodec {
  parser(): { on(event: 'packet', listener: (packet: Packet) => void): void; parse(chunk: Buffer): number };
  generate(packet: Readonly<Record<string, unknown>>): Buffer;
}

const { port, records } = JSON.parse(process.argv[2] ?? '{}') as { port: number; records: number };
const WINDOW = 100;
const codec = load<PacketCodec>('mqtt-packet');
const parser = codec.parser();
const socket = connect(port, '127.0.0.1');
socket.setNoDelay(true);
let sent = 0;
let acked = 0;

function send(): void {
  const packets: Buffer[] = [];
  for (; sent < records && sent - acked < WINDOW; sent += 1)
    packets.push(
      codec.generate({
        cmd: 'publish',
        topic: `${TOPIC}/edge`,
        payload: recordOf(sent),
        qos: 1,
        messageId: (sent % 65_535) + 1,
        retain: false,
        dup: false,
      }),
    );
  if (packets.length > 0) socket.write(Buffer.concat(packets));
}

parser.on('packet', ({ cmd }) => {
  if (cmd === 'puback') acked += 1;
  if (acked === records) process.send?.({ word: 'filled' });
  else send();
});
socket.on('connect', () =>
  socket.write(
    codec.generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: 'filler',
      clean: true,
      keepalive: 0,
    }),
  ),
);
socket.on('data', (chunk) => parser.parse(chunk));
socket.on('error', () => process.exit(1));
process.on('disconnect', () => process.exit(0));
