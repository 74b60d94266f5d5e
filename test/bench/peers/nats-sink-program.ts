/** Consumer of the hall's stream with the far table behind it: a commit a message, or a commit for all that has come. */
import { setTimeout as wait } from 'node:timers/promises';
import { connected } from '../drain/connected.js';
import { FarTable } from './far-table.js';
import { connectNats, CONSUMER, HALL_STREAM, type JsConsumer, type JsMessage } from './nats-client.js';
import type { SinkKind } from './peer.js';

const { file, port, sink } = JSON.parse(process.argv[2] ?? '{}') as { file: string; port: number; sink: SinkKind };
const WINDOW = 1_000;
/** The hall may be long in coming. */
const HALL_MS = 120_000;
const table = new FarTable(file);
const decoder = new TextDecoder();

process.on('disconnect', () => process.exit(0));
process.send?.({ word: 'waiting' });
(await connected(port, HALL_MS)).destroy();
const connection = await connectNats(port);
const consumer = await found();
process.send?.({ word: 'ready' });

/** The server listens before it has read its streams from the disk. */
async function found(): Promise<JsConsumer> {
  for (const deadline = Date.now() + HALL_MS; ; await wait(20)) {
    try {
      return await connection.jetstream().consumers.get(HALL_STREAM, CONSUMER);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

let waiting: JsMessage[] = [];
function commit(): void {
  const group = waiting;
  waiting = [];
  table.write(group.map(({ data }) => decoder.decode(data)));
  for (const message of group) message.ack();
}

for await (const message of await consumer.consume({ max_messages: WINDOW })) {
  if (sink === 'ordinary') {
    table.write([decoder.decode(message.data)]);
    message.ack();
  } else {
    if (waiting.length === 0) setImmediate(commit);
    waiting.push(message);
  }
}
