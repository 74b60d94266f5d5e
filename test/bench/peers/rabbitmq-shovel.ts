/** RabbitMQ at the edge with a shovel (acknowledged on confirmation) to RabbitMQ in the hall. */
import { join } from 'node:path';
import { freePorts } from '../../support/hall.js';
import { connectAmqp, QUEUE } from './amqp-client.js';
import type { OwnProcess } from './own-process.js';
import { recordOf, type Peer, type PeerPlace, type PeerRun } from './peer.js';
import { nameServer, RabbitmqNode, rabbitmqMissing } from './rabbitmq-node.js';
import { Sink } from './sink.js';

export const rabbitmqShovel: Peer = {
  name: 'RabbitMQ shovel, on-confirm',
  patienceMs: 30_000,
  unavailable: rabbitmqMissing,
  at: (place) => new RabbitmqShovel(place),
};

const WINDOW = 200;

class RabbitmqShovel implements PeerRun {
  readonly #place: PeerPlace;
  #names!: OwnProcess;
  #edge!: RabbitmqNode;
  #hall!: RabbitmqNode;
  #sink!: Sink;
  #edgePort = 0;

  constructor(place: PeerPlace) {
    this.#place = place;
  }

  async prepare(): Promise<void> {
    const { folder } = this.#place;
    const [names, edge, edgePeer, hall, hallPeer] = (await freePorts(5)) as [number, number, number, number, number];
    this.#edgePort = edge;
    this.#names = nameServer(names);
    this.#names.start();
    this.#hall = new RabbitmqNode(join(folder, 'hall'), 'hall', { amqp: hall, distribution: hallPeer, names });
    this.#edge = new RabbitmqNode(
      join(folder, 'edge'),
      'edge',
      { amqp: edge, distribution: edgePeer, names },
      shovel(edge, hall),
    );
    this.#sink = new Sink('amqp-sink-program.ts', this.#place, hall);
    await this.#edge.start();
  }

  async fill(records: number): Promise<void> {
    const connection = await connectAmqp(this.#edgePort);
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(QUEUE, { durable: true });
    const send = (record: string) =>
      new Promise<void>((resolve, reject) =>
        channel.sendToQueue(QUEUE, Buffer.from(record), { persistent: true }, (error) =>
          error === null || error === undefined ? resolve() : reject(error),
        ),
      );
    for (let from = 0; from < records; from += WINDOW)
      await Promise.all(Array.from({ length: Math.min(WINDOW, records - from) }, (_, n) => send(recordOf(from + n))));
    await connection.close();
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
    await this.#names?.end();
  }
}

/** A static shovel, as its manual has it: https://www.rabbitmq.com/docs/shovel-static */
function shovel(edgePort: number, hallPort: number): string {
  const declared = `{declarations, [{'queue.declare', [{queue, <<"${QUEUE}">>}, durable]}]}`;
  return `[{rabbitmq_shovel, [{shovels, [{ratings, [
    {source, [{protocol, amqp091}, {uris, ["amqp://guest:guest@127.0.0.1:${edgePort}"]}, ${declared},
      {queue, <<"${QUEUE}">>}, {prefetch_count, 1000}]},
    {destination, [{protocol, amqp091}, {uris, ["amqp://guest:guest@127.0.0.1:${hallPort}"]}, ${declared},
      {publish_properties, [{delivery_mode, 2}]},
      {publish_fields, [{exchange, <<"">>}, {routing_key, <<"${QUEUE}">>}]}]},
    {ack_mode, on_confirm}, {reconnect_delay, 1}]}]}]}].`;
}
