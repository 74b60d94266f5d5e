/** What this machine can do at best, measured in the same run: nothing that is durable can be faster than these. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { freePorts } from '../../support/hall.js';
import { connected } from './connected.js';
import { newFolder, removeFolder } from './folders.js';
import { quantilesMs, type Contestant, type Figures } from './figures.js';
import { versionOf } from './machine.js';

const SYNCS = 1_000;
const ROWS = 100_000;
const ROWS_A_TRANSACTION = 1_000;
const RECORD_BYTES = 400;
const MESSAGES = 40_000;
const WINDOW = 200;

export function rawLimits(): Contestant[] {
  return [
    { name: 'raw: 4 KiB write + fdatasync', once: async () => inFolder(rawSync) },
    { name: 'raw: SQLite insert, 400 B, 1,000 a transaction', once: async () => inFolder(rawInsert) },
    ...(versionOf('mosquitto', '-h') === null
      ? []
      : [{ name: 'raw: MQTT QoS 1 over loopback, 400 B, window 200', once: () => inFolder(rawMqtt) }]),
  ];
}

async function inFolder(work: (folder: string) => Figures | Promise<Figures>): Promise<Figures> {
  const folder = newFolder('raw');
  try {
    return await work(folder);
  } finally {
    removeFolder(folder);
  }
}

function rawSync(folder: string): Figures {
  const file = openSync(join(folder, 'bare'), 'w');
  const page = Buffer.alloc(4096, 7);
  const tookUs: number[] = [];
  for (let n = 0; n < SYNCS; n += 1) {
    const before = process.hrtime.bigint();
    writeSync(file, page, 0, page.length, 0);
    fdatasyncSync(file);
    tookUs.push(Number(process.hrtime.bigint() - before) / 1_000);
  }
  closeSync(file);
  return quantilesMs('sync', tookUs);
}

function rawInsert(folder: string): Figures {
  const db = new Database(join(folder, 'raw.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE record (id INTEGER PRIMARY KEY, source INTEGER, seq INTEGER, body BLOB, UNIQUE (source, seq))');
  const insert = db.prepare('INSERT INTO record (source, seq, body) VALUES (?, ?, ?)');
  const body = Buffer.alloc(RECORD_BYTES, 'x');
  const begun = performance.now();
  for (let from = 0; from < ROWS; from += ROWS_A_TRANSACTION)
    db.transaction(() => {
      for (let n = from; n < from + ROWS_A_TRANSACTION; n += 1) insert.run(n % 50, n, body);
    })();
  const rowsPerSecond = (ROWS / (performance.now() - begun)) * 1_000;
  db.close();
  return { rowsPerSecond };
}

/** A publisher that does nothing but write ready packets and count what comes back (MQTT 3.1.1, 3.3 and 3.4). */
async function rawMqtt(folder: string): Promise<Figures> {
  const [port] = (await freePorts(1)) as [number];
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_inflight_messages 0\n`,
  );
  const broker = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
  try {
    const socket = await connected(port);
    socket.setNoDelay(true);
    // CONNECT: MQTT, level 4, clean session, keep-alive 60 s, client id `raw`.
    socket.write(Buffer.from([0x10, 15, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 3, 0x72, 0x61, 0x77]));
    await once(socket, 'data');
    const begun = performance.now();
    await new Promise<void>((resolve, reject) => {
      let sent = 0;
      let acked = 0;
      let rest = 0;
      const send = () => {
        const packets: Buffer[] = [];
        while (sent < MESSAGES && sent - acked < WINDOW) packets.push(publishPacket((sent++ % 65_535) + 1));
        if (packets.length > 0) socket.write(Buffer.concat(packets));
      };
      socket.on('data', (chunk: Buffer) => {
        // Every answer is a PUBACK of four bytes.
        rest += chunk.length;
        acked += Math.floor(rest / 4);
        rest %= 4;
        if (acked >= MESSAGES) resolve();
        else send();
      });
      socket.on('error', reject);
      send();
    });
    const messagesPerSecond = (MESSAGES / (performance.now() - begun)) * 1_000;
    socket.destroy();
    return { messagesPerSecond };
  } finally {
    const ended = once(broker, 'exit');
    broker.kill('SIGKILL');
    await ended;
  }
}

function publishPacket(packetId: number): Buffer {
  const length = 2 + 1 + 2 + RECORD_BYTES;
  const packet = Buffer.alloc(3 + length, 'x');
  packet[0] = 0x32; // PUBLISH, QoS 1
  packet[1] = (length & 0x7f) | 0x80;
  packet[2] = length >> 7;
  packet.writeUInt16BE(1, 3);
  packet.write('r', 5);
  packet.writeUInt16BE(packetId, 6);
  return packet;
}
