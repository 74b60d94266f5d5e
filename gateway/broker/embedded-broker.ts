/**
 * The embedded broker: aedes in this process. Loopback in the clear; any other address only with TLS and
 * client certificates whose common name is `{hall}/{terminal}`.
 */
import { readFileSync } from 'node:fs';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes';
import {
  DOWN_CHANNELS,
  MAX_BATCH_WIRE_BYTES,
  parseTopic,
  topicOf,
  UP_CHANNELS,
  type DownChannel,
  type UpChannel,
} from '../../protocol/index.js';
import type { Broker, BrokerEvents } from './broker.js';

export interface EmbeddedBrokerOptions {
  readonly hall: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly caFile: string; readonly certFile: string; readonly keyFile: string } | undefined;
  /** Whether a terminal of this name is registered. */
  readonly isKnown: (terminal: string) => Promise<boolean>;
}

/** What is refused is published here instead, where nobody listens: closing the socket would make the client resend for ever. */
const REFUSED_TOPIC = 'pjq/refused';

export class EmbeddedBroker implements Broker {
  readonly #options: EmbeddedBrokerOptions;
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #events: BrokerEvents | undefined;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#server?.listening ?? false;
  }

  /** The port that is listened on. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async start(events: BrokerEvents): Promise<void> {
    this.#events = events;
    const aedes = await Aedes.createBroker({ connectTimeout: 10_000, heartbeatInterval: 60_000, drainTimeout: 30_000 });
    this.#aedes = aedes;
    aedes.authenticate = (client, _username, _password, done) => {
      const terminal = terminalOf(this.#options.hall, client.id);
      const named = terminal !== null && this.#certificateAllows(client, terminal);
      if (!named) return done(null, false);
      this.#options.isKnown(terminal).then(
        (known) => done(null, known),
        (error: Error) => done(Object.assign(error, { returnCode: 3 }), null),
      );
    };
    aedes.authorizePublish = (client, packet, done) => {
      this.#authorize(client, packet);
      done(null);
    };
    aedes.authorizeSubscribe = (client, subscription, done) => {
      const terminal = terminalOf(this.#options.hall, client?.id ?? '');
      const own =
        terminal !== null &&
        DOWN_CHANNELS.some((channel) => topicOf(this.#options.hall, terminal, channel) === subscription.topic);
      done(null, own ? subscription : null);
    };
    aedes.on('publish', (packet, client) => this.#published(packet, client));
    aedes.on('clientError', () => undefined);
    aedes.on('connectionError', () => undefined);
    await this.#listen(aedes);
  }

  publish(terminal: string, channel: DownChannel, payload: Uint8Array, { retain }: { retain: boolean }): void {
    this.#aedes?.publish(
      {
        cmd: 'publish',
        topic: topicOf(this.#options.hall, terminal, channel),
        payload: Buffer.from(payload),
        qos: 1,
        retain,
        dup: false,
      },
      () => undefined,
    );
  }

  async stop(): Promise<void> {
    const { '#aedes': aedes, '#server': server } = { '#aedes': this.#aedes, '#server': this.#server };
    if (server !== undefined) server.close();
    if (aedes !== undefined) await new Promise<void>((resolve) => aedes.close(() => resolve()));
  }

  async #listen(aedes: Aedes): Promise<void> {
    const { host, port, tls } = this.#options;
    const handle = (socket: Socket | TLSSocket) => {
      socket.setNoDelay(true); // windows of small packets stall 40 ms under Nagle
      aedes.handle(socket);
    };
    const server =
      tls === undefined
        ? createTcpServer(handle)
        : createTlsServer(
            {
              ca: readFileSync(tls.caFile),
              cert: readFileSync(tls.certFile),
              key: readFileSync(tls.keyFile),
              requestCert: true,
              rejectUnauthorized: true,
            },
            handle,
          );
    server.on('tlsClientError', () => undefined);
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  #certificateAllows(client: Client, terminal: string): boolean {
    if (this.#options.tls === undefined) return true;
    const socket = client.conn as unknown as TLSSocket;
    return socket.getPeerCertificate().subject?.CN === `${this.#options.hall}/${terminal}`;
  }

  /** Bad input is set aside with its reason and answered, never looped on. */
  #authorize(client: Client | null, packet: PublishPacket): void {
    const terminal = terminalOf(this.#options.hall, client?.id ?? '');
    if (terminal === null) {
      packet.topic = REFUSED_TOPIC;
      return;
    }
    const topic = parseTopic(packet.topic);
    const own = topic?.hall === this.#options.hall && topic.terminal === terminal && isUp(topic.channel);
    if (!own) {
      this.#refuse(packet, terminal, 'wrong-terminal', `published to ${packet.topic.slice(0, 100)}`);
    } else if (packet.payload.length > MAX_BATCH_WIRE_BYTES) {
      this.#refuse(
        packet,
        terminal,
        topic.channel === 'log' ? 'batch-too-large' : 'message-too-large',
        `${packet.payload.length} bytes`,
      );
    }
  }

  #refuse(
    packet: PublishPacket,
    terminal: string,
    code: 'wrong-terminal' | 'batch-too-large' | 'message-too-large',
    detail: string,
  ): void {
    packet.topic = REFUSED_TOPIC;
    packet.payload = Buffer.alloc(0);
    packet.retain = false;
    this.#events?.refused(terminal, code, detail);
  }

  /** Wills of terminals that died come without a client. */
  #published(packet: AedesPublishPacket, _client: Client | null): void {
    const topic = parseTopic(packet.topic);
    if (topic === null || topic.hall !== this.#options.hall || !isUp(topic.channel)) return;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    this.#events?.message(topic.terminal, topic.channel, payload);
  }
}

function isUp(channel: string): channel is UpChannel {
  return (UP_CHANNELS as readonly string[]).includes(channel);
}

/** The terminal of a client id `pjq-{hall}-{terminal}`. */
function terminalOf(hall: string, clientId: string): string | null {
  const prefix = `pjq-${hall}-`;
  return clientId.startsWith(prefix) && clientId.length > prefix.length ? clientId.slice(prefix.length) : null;
}
