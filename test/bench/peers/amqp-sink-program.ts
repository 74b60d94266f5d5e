/** Consumer of the hall's queue with the far table behind it: a commit a message, or a commit for all that has come. */
import { connected } from '../drain/connected.js';
import { connectAmqp, QUEUE, type Delivery } from './amqp-client.js';
import { FarTable } from './far-table.js';
import type { SinkKind } from './peer.js';

const { file, port, sink } = JSON.parse(process.argv[2] ?? '{}') as { file: string; port: number; sink: SinkKind };
/** The hall may be long in coming. */
const HALL_MS = 120_000;
const table = new FarTable(file);

process.on('disconnect', () => process.exit(0));
process.send?.({ word: 'waiting' });
(await connected(port, HALL_MS)).destroy();
const connection = await connectAmqp(port);
connection.on('error', () => process.exit(1));
connection.on('close', () => process.exit(0));
const channel = await connection.createChannel();
await channel.assertQueue(QUEUE, { durable: true });
await channel.prefetch(sink === 'tuned' ? 2_000 : 100);

let waiting: Delivery[] = [];
function commit(): void {
  const group = waiting;
  waiting = [];
  table.write(group.map(({ content }) => content.toString()));
  const last = group.at(-1);
  if (last !== undefined) channel.ack(last, true);
}

await channel.consume(QUEUE, (message) => {
  if (message === null) return;
  if (sink === 'ordinary') {
    table.write([message.content.toString()]);
    channel.ack(message);
    return;
  }
  if (waiting.length === 0) setImmediate(commit);
  waiting.push(message);
});
process.send?.({ word: 'ready' });
