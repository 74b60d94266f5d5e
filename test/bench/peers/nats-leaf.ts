/** NATS with JetStream: a leaf node at the edge keeps the records, the hall's stream takes them from there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../support/hall.js';
import { connected } from '../drain/connected.js';
import { versionOf } from '../drain/machine.js';
import { connectNats, CONSUMER, EDGE_STREAM, HALL_STREAM, SUBJECT, type NatsConnection } from './nats-client.js';
import { OwnProcess } from './own-process.js';
import { recordOf, type Peer, type PeerPlace, type PeerRun } from './peer.js';
import { Sink } from './sink.js';

export const natsLeaf: Peer = {
  name: 'NATS JetStream leaf',
  patienceMs: 60_000,
  unavailable: () => (versionOf('nats-server', '--version') === null ? 'nats-server is not installed' : null),
  at: (place) => new NatsLeaf(place),
};

const WINDOW = 200;

class NatsLeaf implements PeerRun {
  readonly #place: PeerPlace;
  #edge!: OwnProcess;
  #hall!: OwnProcess;
  #sink!: Sink;
  #edgePort = 0;
  #hallPort = 0;

  constructor(place: PeerPlace) {
    this.#place = place;
  }

  async prepare(): Promise<void> {
    const [edgePort, hallPort, leafPort] = (await freePorts(3)) as [number, number, number];
    this.#edgePort = edgePort;
    this.#hallPort = hallPort;
    this.#edge = this.#server('edge', edgePort, `remotes = [{ url: "nats://127.0.0.1:${leafPort}" }]\n reconnect = 1`);
    this.#hall = this.#server('hall', hallPort, `host: "127.0.0.1"\n port: ${leafPort}`);
    this.#sink = new Sink('nats-sink-program.ts', this.#place, hallPort);
    await this.#startServer(this.#edge, edgePort);
    await this.#startServer(this.#hall, hallPort);
    await this.#with(edgePort, async (connection) => {
      const manager = await connection.jetstreamManager();
      await manager.streams.add({ name: EDGE_STREAM, subjects: ['rating.>'], storage: 'file' });
    });
    await this.#with(hallPort, async (connection) => {
      const manager = await connection.jetstreamManager();
      await manager.streams.add({
        name: HALL_STREAM,
        storage: 'file',
        sources: [{ name: EDGE_STREAM, external: { api: '$JS.edge.API', deliver: '' } }],
      });
      await manager.consumers.add(HALL_STREAM, {
        durable_name: CONSUMER,
        ack_policy: 'explicit',
        max_ack_pending: 20_000,
      });
    });
    await this.#hall.end('SIGTERM');
  }

  async fill(records: number): Promise<void> {
    const encoder = new TextEncoder();
    await this.#with(this.#edgePort, async (connection) => {
      const stream = connection.jetstream();
      for (let from = 0; from < records; from += WINDOW) {
        const group = Array.from({ length: Math.min(WINDOW, records - from) }, (_, n) => recordOf(from + n));
        await Promise.all(group.map((record) => stream.publish(SUBJECT, encoder.encode(record))));
      }
    });
  }

  async startHall(): Promise<void> {
    await this.#sink.start();
    await this.#startServer(this.#hall, this.#hallPort);
    await this.#sink.ready();
  }

  async killHall(): Promise<void> {
    await Promise.all([this.#hall.end(), this.#sink.end()]);
  }

  killEdge(): Promise<void> {
    return this.#edge.end();
  }

  startEdge(): Promise<void> {
    return this.#startServer(this.#edge, this.#edgePort);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#edge?.end(), this.#hall?.end(), this.#sink?.end()]);
  }

  #server(name: string, port: number, leafnodes: string): OwnProcess {
    const folder = join(this.#place.folder, name);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'nats.conf');
    writeFileSync(
      file,
      `server_name: ${name}\nhost: "127.0.0.1"\nport: ${port}\njetstream { store_dir: "${folder}", domain: ${name} }\nleafnodes {\n ${leafnodes}\n}\n`,
    );
    return OwnProcess.of('nats-server', ['-c', file]);
  }

  async #startServer(server: OwnProcess, port: number): Promise<void> {
    server.start();
    (await connected(port)).destroy();
  }

  async #with(port: number, work: (connection: NatsConnection) => Promise<void>): Promise<void> {
    const connection = await connectNats(port);
    try {
      await work(connection);
    } finally {
      await connection.close();
    }
  }
}
