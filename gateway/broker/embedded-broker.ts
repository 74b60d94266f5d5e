/**
 * The embedded broker: aedes in this process. Loopback in the clear; any other address only with TLS and
 * client certificates whose common name is `{hall}/{terminal}`. What one peer may ask of it is bounded before
 * aedes sees it: `connection-door.ts`, `guarded-connection.ts`.
 */
import { readFileSync } from 'node:fs';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes';
import type { Logger } from '../../protocol/runtime/logging.js';
import {
  DOWN_CHANNELS,
  isPjqError,
  MAX_BATCH_WIRE_BYTES,
  MAX_MESSAGE_BYTES,
  parseTopic,
  PjqError,
  topicOf,
  UP_CHANNELS,
  type DownChannel,
  type ErrorCode,
  type UpChannel,
} from '../../protocol/index.js';
import type { Broker, BrokerEvents } from './broker.js';
import { DEFAULT_BROKER_LIMITS, type BrokerLimits } from './broker-limits.js';
import { ConnectionDoor } from './connection-door.js';
import { GuardedConnection } from './guarded-connection.js';
import { PeerInflow } from './peer-inflow.js';
import { PeerLog } from '../peers/peer-log.js';

export interface EmbeddedBrokerOptions {
  readonly hall: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly caFile: string; readonly certFile: string; readonly keyFile: string } | undefined;
  /** Whether a terminal of this name is registered. */
  readonly isKnown: (terminal: string) => Promise<boolean>;
  readonly limits?: BrokerLimits | undefined;
  /** Where bad peers are named; nowhere without one. */
  readonly logger?: Logger | undefined;
}

/** What is refused is published here instead, where nobody listens: closing the socket would make the client resend for ever. */
const REFUSED_TOPIC = 'pjq/refused';
/** No terminal of ours sends any. */
const MAX_HALF_OPEN_QOS2 = 16;
const LOOK_MS = 1_000;

export class EmbeddedBroker implements Broker {
  readonly #options: EmbeddedBrokerOptions;
  readonly #limits: BrokerLimits;
  readonly #door: ConnectionDoor;
  readonly #peerLog: PeerLog | undefined;
  readonly #connections = new Set<GuardedConnection>();
  readonly #accepted = new Map<string, GuardedConnection>();
  readonly #inflows = new Map<string, PeerInflow>();
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #events: BrokerEvents | undefined;
  #lookTimer: NodeJS.Timeout | undefined;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? DEFAULT_BROKER_LIMITS;
    this.#peerLog = options.logger === undefined ? undefined : new PeerLog(options.logger, monoMs);
    this.#door = new ConnectionDoor({
      limits: this.#limits,
      monoMs,
      onRefused: (address, { code, detail }) => this.#peerLog?.tell({ address }, code, detail ?? ''),
    });
  }

  get connected(): boolean {
    return this.#server?.listening ?? false;
  }

  /** The port that is listened on. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** What peers cost just now. */
  get load(): { readonly connections: number; readonly unreadBytes: number } {
    const unread = [...this.#connections].map(({ socket }) => socket.writableLength);
    return { connections: this.#door.total, unreadBytes: unread.reduce((sum, bytes) => sum + bytes, 0) };
  }

  async start(events: BrokerEvents): Promise<void> {
    this.#events = events;
    const aedes = await Aedes.createBroker({
      connectTimeout: this.#limits.connectTimeoutMs + 5_000,
      heartbeatInterval: 60_000,
      maxInflightInbound: MAX_HALF_OPEN_QOS2,
    });
    this.#aedes = aedes;
    aedes.preConnect = (_client, packet, done) => {
      packet.clean = true; // no session is kept for anybody who is away: the terminal's log is the queue
      done(null, true);
    };
    aedes.authenticate = (client, _username, _password, done) => {
      this.#authenticate(client).then(
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
    aedes.on('clientReady', (client) => this.#ready(client));
    aedes.on('clientError', (client, error) => this.#failed(client, error));
    aedes.on('connectionError', (client, error) => this.#failed(client, error));
    await this.#listen(aedes);
    this.#lookTimer = setInterval(() => this.#look(), Math.min(LOOK_MS, this.#limits.connectTimeoutMs / 2));
  }

  publish(terminal: string, channel: DownChannel, payload: Uint8Array, { retain }: { retain: boolean }): void {
    if (channel === 'ack') this.#accepted.get(terminal)?.answered(isRefusal(payload));
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
    clearInterval(this.#lookTimer);
    if (server !== undefined) server.close();
    if (aedes !== undefined) await new Promise<void>((resolve) => aedes.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
  }

  async #listen(aedes: Aedes): Promise<void> {
    const { host, port, tls } = this.#options;
    const handle = (socket: Socket | TLSSocket) => {
      if (socket.destroyed) return; // was refused at the door
      socket.setNoDelay(true); // windows of small packets stall 40 ms under Nagle
      const connection = new GuardedConnection({
        socket,
        limits: this.#limits,
        monoMs,
        onSlowed: () => this.#tell(connection, 'peer-too-fast', 'has to wait'),
      });
      this.#connections.add(connection);
      connection.once('close', () => this.#connections.delete(connection));
      aedes.handle(connection);
    };
    const server =
      tls === undefined
        ? createTcpServer()
        : createTlsServer({
            ca: readFileSync(tls.caFile),
            cert: readFileSync(tls.certFile),
            key: readFileSync(tls.keyFile),
            requestCert: true,
            rejectUnauthorized: true,
            handshakeTimeout: this.#limits.connectTimeoutMs,
          });
    server.prependListener('connection', (socket: Socket) => this.#door.admit(socket));
    server.on(tls === undefined ? 'connection' : 'secureConnection', handle);
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

  async #authenticate(client: Client): Promise<boolean> {
    const connection = client.conn as GuardedConnection;
    const { address } = connection;
    const terminal = terminalOf(this.#options.hall, client.id);
    const named = terminal !== null && this.#certificateAllows(connection, terminal);
    if (!this.#door.mayAsk(address, named ? terminal : '')) {
      this.#peerLog?.tell({ address }, 'peer-too-fast', 'asks to be let in too often');
      throw new PjqError('peer-too-fast');
    }
    if (named && (await this.#options.isKnown(terminal))) {
      this.#door.knownConnect(terminal);
      return true;
    }
    this.#door.unknownConnect(address);
    this.#peerLog?.tell({ address }, 'terminal-unknown', `calls itself ${client.id}`);
    return false;
  }

  #certificateAllows({ socket }: GuardedConnection, terminal: string): boolean {
    if (this.#options.tls === undefined) return true;
    return (socket as TLSSocket).getPeerCertificate().subject?.CN === `${this.#options.hall}/${terminal}`;
  }

  #ready(client: Client): void {
    const connection = client.conn as GuardedConnection;
    const terminal = terminalOf(this.#options.hall, client.id);
    if (terminal === null || connection.destroyed) return;
    this.#door.accepted(connection.socket);
    this.#accepted.set(terminal, connection);
    connection.terminal = terminal;
    connection.once('close', () => {
      if (this.#accepted.get(terminal) === connection) this.#accepted.delete(terminal);
    });
    connection.accept(this.#inflowOf(terminal));
  }

  /** It outlives connections: coming again is no way out of what is owed. There are no more than registered terminals. */
  #inflowOf(terminal: string): PeerInflow {
    const inflow = this.#inflows.get(terminal) ?? new PeerInflow(this.#limits, monoMs());
    this.#inflows.set(terminal, inflow);
    inflow.reconnected();
    return inflow;
  }

  /** A peer that breaks the rules of MQTT, or was cut off here; a network that went away is no bad peer. */
  #failed(client: Client, error: Error & { code?: string; errorCode?: number }): void {
    const connection = client.conn as GuardedConnection;
    if (isPjqError(error)) this.#tell(connection, error.code, error.detail ?? '');
    else if (error.code === undefined && (error.errorCode ?? 0) <= 2 && error.message !== 'keep alive timeout')
      this.#tell(connection, 'message-malformed', error.message);
  }

  #tell({ address, terminal }: GuardedConnection, code: ErrorCode, detail: string): void {
    this.#peerLog?.tell({ address, terminal }, code, detail);
  }

  #look(): void {
    const nowMs = monoMs();
    for (const connection of this.#connections) connection.look(nowMs);
  }

  /** Bad input is set aside with its reason and answered, never looped on. */
  #authorize(client: Client | null, packet: PublishPacket): void {
    // Nobody may read here what a terminal says: the gateway keeps it in its store.
    packet.retain = false;
    const terminal = terminalOf(this.#options.hall, client?.id ?? '');
    if (terminal === null) {
      packet.topic = REFUSED_TOPIC;
      return;
    }
    const topic = parseTopic(packet.topic);
    const own = topic?.hall === this.#options.hall && topic.terminal === terminal && isUp(topic.channel);
    if (!own) {
      this.#refuse(packet, terminal, 'wrong-terminal', `published to ${packet.topic.slice(0, 100)}`);
    } else if (packet.payload.length > (topic.channel === 'log' ? MAX_BATCH_WIRE_BYTES : MAX_MESSAGE_BYTES)) {
      this.#refuse(
        packet,
        terminal,
        topic.channel === 'log' ? 'batch-too-large' : 'message-too-large',
        `${packet.payload.length} bytes or more`,
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

function monoMs(): number {
  return performance.now();
}

/** Whether an ack refuses: the peer said what it should not, and is listened to more slowly if it goes on. */
function isRefusal(ack: Uint8Array): boolean {
  return 'refused' in (JSON.parse(Buffer.from(ack).toString()) as object);
}

function isUp(channel: string): channel is UpChannel {
  return (UP_CHANNELS as readonly string[]).includes(channel);
}

/** The terminal of a client id `pjq-{hall}-{terminal}`. */
function terminalOf(hall: string, clientId: string): string | null {
  const prefix = `pjq-${hall}-`;
  return clientId.startsWith(prefix) && clientId.length > prefix.length ? clientId.slice(prefix.length) : null;
}
