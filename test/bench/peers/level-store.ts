/** MQTT.js with mqtt-level-store at the edge, Mosquitto with persistence in the hall; a subscriber writes the far table. */
import { join } from 'node:path';
import { freePorts } from '../../support/hall.js';
import { versionOf } from '../drain/machine.js';
import { Mosquitto } from './mosquitto.js';
import { OwnProcess } from './own-process.js';
import type { Peer, PeerPlace, PeerRun } from './peer.js';
import { Sink } from './sink.js';

export const levelStore: Peer = {
  name: 'MQTT.js + mqtt-level-store',
  patienceMs: 15_000,
  unavailable: () => (versionOf('mosquitto', '-h') === null ? 'mosquitto is not installed' : null),
  at: (place) => new LevelStore(place),
};

class LevelStore implements PeerRun {
  readonly #place: PeerPlace;
  #edge!: OwnProcess;
  #hall!: Mosquitto;
  #sink!: Sink;
  #hallPort = 0;

  constructor(place: PeerPlace) {
    this.#place = place;
  }

  async prepare(): Promise<void> {
    const { folder, sink } = this.#place;
    const [hallPort] = (await freePorts(1)) as [number];
    this.#hallPort = hallPort;
    this.#hall = new Mosquitto(join(folder, 'hall'), hallPort, sink);
    this.#sink = new Sink('mqtt-sink-program.ts', this.#place, hallPort);
    await this.startHall();
    await this.#sink.end();
    await this.#hall.stop();
  }

  async fill(records: number): Promise<void> {
    this.#edge = this.#program(records);
    this.#edge.start();
    await this.#edge.said('filled', 300_000);
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
    return this.#edge.end();
  }

  async startEdge(): Promise<void> {
    this.#edge = this.#program(0);
    this.#edge.start();
    await this.#edge.said('ready');
  }

  async stop(): Promise<void> {
    await Promise.all([this.#edge?.end(), this.#hall?.kill(), this.#sink?.end()]);
  }

  #program(records: number): OwnProcess {
    return OwnProcess.ours(join(import.meta.dirname, 'level-store-program.ts'), {
      folder: join(this.#place.folder, 'level'),
      port: this.#hallPort,
      records,
    });
  }
}
