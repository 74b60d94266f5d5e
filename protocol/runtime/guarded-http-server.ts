/**
 * An HTTP server that no caller holds up: what is not said in time is cut, and when the room is full the connection
 * goes that has waited longest without a request, so that whoever has something to ask always comes in.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';

export interface HttpBounds {
  /** Connections at once. */
  readonly maxConnections: number;
  /** Longest wait for the headers of a request, ms. */
  readonly headersTimeoutMs: number;
  /** Longest wait for the whole of a request, ms. */
  readonly requestTimeoutMs: number;
  /** Longest wait for the next request of a connection, ms. */
  readonly keepAliveMs: number;
  /** Longest time in which a caller neither says nor reads anything, ms. */
  readonly silenceMs: number;
  readonly maxHeaderBytes: number;
  /** Requests of one connection that are not answered yet. */
  readonly maxUnanswered: number;
}

export type CutCode = 'peer-too-fast' | 'peer-too-slow';

export interface GuardedHttpEvents {
  /** A caller was cut off. */
  cut(address: string, code: CutCode, detail: string): void;
  /** Whether a new connection of this address is taken at all. */
  mayCome(address: string): boolean;
}

/** Of this server, PEM; callers show a certificate of the same authority. */
export interface HttpTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Node looks at its deadlines every 30 s if it is not told otherwise. */
const LOOK_MS = 500;

/** @param tls without it, in the clear. */
export function guardedHttpServer(
  bounds: HttpBounds,
  handle: RequestListener,
  events: GuardedHttpEvents,
  tls?: HttpTls,
): Server {
  const unanswered = new Map<Socket, number>();
  const idle = new Set<Socket>();
  const cut = (socket: Socket, code: CutCode, detail: string) => {
    const address = socket.remoteAddress ?? 'unknown';
    socket.destroy();
    events.cut(address, code, detail);
  };
  const options = {
    connectionsCheckingInterval: LOOK_MS,
    headersTimeout: bounds.headersTimeoutMs,
    requestTimeout: bounds.requestTimeoutMs,
    keepAliveTimeout: bounds.keepAliveMs,
    maxHeaderSize: bounds.maxHeaderBytes,
    noDelay: true,
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (socket.destroyed) return; // the rest of what it said at once
    const total = (unanswered.get(socket) ?? 0) + 1;
    if (total > bounds.maxUnanswered) {
      cut(socket, 'peer-too-fast', `more than ${bounds.maxUnanswered} requests before an answer`);
      return;
    }
    unanswered.set(socket, total);
    idle.delete(socket);
    response.once('close', () => {
      const before = unanswered.get(socket);
      if (before === undefined) return; // the connection went first, and is forgotten
      unanswered.set(socket, before - 1);
      if (before === 1) idle.add(socket);
    });
    handle(request, response);
  };
  const server: Server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer(
          {
            ...options,
            ...tls,
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: 'TLSv1.2',
            handshakeTimeout: bounds.headersTimeoutMs,
          },
          listener,
        );
  server.setTimeout(bounds.silenceMs, (socket) => {
    // Between requests a caller may be silent; only its connection is given up.
    if (unanswered.get(socket) === 0) socket.destroy();
    else cut(socket, 'peer-too-slow', `silent for ${bounds.silenceMs} ms`);
  });
  // What is spoken to is the socket inside TLS, which exists once that is agreed upon.
  server.prependListener(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    if (!events.mayCome(socket.remoteAddress ?? 'unknown')) {
      socket.destroy();
      return;
    }
    unanswered.set(socket, 0);
    idle.add(socket);
    socket.once('close', () => {
      unanswered.delete(socket);
      idle.delete(socket);
    });
    if (unanswered.size <= bounds.maxConnections) return;
    const [oldest] = idle;
    cut(oldest ?? socket, 'peer-too-fast', `more than ${bounds.maxConnections} connections`);
  });
  return server;
}
