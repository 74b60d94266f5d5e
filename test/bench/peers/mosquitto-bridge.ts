/** Mosquitto at the edge, bridged to Mosquitto in the hall, both with persistence; a subscriber writes the far table. */
import { join } from 'node:path';
import { freePorts } from '../../support/hall.js';
import { versionOf } from '../drain/machine.js';
import { Mosquitto } from './mosquitto.js';
import { OwnProcess } from './own-process.js';
import { recordOf, TOPIC, type Peer, type PeerPlace, type PeerRun } from './peer.js';
import { Sink } from './sink.js';

export const mosquittoBridge: Peer = {
  name: 'Mosquitto bridge, persistence',
  patienceMs: 15_000,
  unavailable: () => (versionOf('mosquitto', '-h') === null ? 'mosquitto is not installed' : null),
  at: (place) => new MosquittoBridge(place),
};

class MosquittoBridge implements PeerRun {
  readonly #place: PeerPlace;
  #edge!: Mosquitto;
  #hall!: Mosquitto;
  #sink!: Sink;
  #edgePort = 0;

  constructor(place: PeerPlace) {
    this.#place = place;
  }

  async prepare(): Promise<void> {
    const { folder, sink } = this.#place;
    const [edgePort, hallPort] = (await freePorts(2)) as [number, number];
    this.#edgePort = edgePort;
    this.#hall = new Mosquitto(join(folder, 'hall'), hallPort, sink);
    this.#edge = new Mosquitto(join(folder, 'edge'), edgePort, sink, [
      'connection hall',
      `address 127.0.0.1:${hallPort}`,
      `topic ${TOPIC}/# out 1`,
      'remote_clientid edge-bridge',
      'cleansession false',
      'notifications false',
      'restart_timeout 1',
    ]);
    this.#sink = new Sink('mqtt-sink-program.ts', this.#place, hallPort);
    // The hall was there yesterday: it knows the far table's subscription.
    await this.startHall();
    await this.#sink.end();
    await this.#hall.stop();
    await this.#edge.start();
  }

  async fill(records: number): Promise<void> {
    const filler = OwnProcess.ours(join(import.meta.dirname, 'mqtt-fill-program.ts'), {
      port: this.#edgePort,
      records,
    });
    filler.start();
    try {
      await filler.said('filled', 300_000);
    } finally {
      await filler.end();
    }
    await this.#edge.save(records * recordOf(0).length);
  }

  async startHall(): Promise<void> {
    await this.#sink.start();
    await this.#hall.start();
    await this.#sink.ready();
  }

  async killHall(): Promise<void> {
    await Promise.all([this.#hall.kill(), this.#sink.end()]);
  }

  killEdge(): Promise<void> {
    return this.#edge.kill();
  }

  startEdge(): Promise<void> {
    return this.#edge.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#edge?.kill(), this.#hall?.kill(), this.#sink?.end()]);
  }
}
