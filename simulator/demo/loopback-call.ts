/** One HTTP call to a part of the hall, on a connection of its own: parts are killed, and a kept connection would be a dead one. */
import { request } from 'node:http';
import { LOOPBACK } from './demo-ports.js';

export interface LoopbackCall {
  readonly port: number;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export interface LoopbackAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** The same as UTF-8. */
  readonly text: string;
}

/** `timeout`: nothing came in time. `cut`: no connection, or it broke; what was asked may have been done. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly kind: 'timeout' | 'cut';

  constructor(kind: 'timeout' | 'cut', cause: unknown) {
    super(`no answer (${kind})`, { cause });
    this.kind = kind;
  }
}

/** @throws NoAnswer. */
export function call({ port, method, path, headers = {}, body, timeoutMs }: LoopbackCall): Promise<LoopbackAnswer> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(new NoAnswer(signal.aborted ? 'timeout' : 'cut', error));
    const outgoing = request(
      {
        host: LOOPBACK,
        port,
        method,
        path,
        agent: false,
        signal,
        headers: {
          ...headers,
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            contentType: incoming.headers['content-type'] ?? 'application/json',
            bytes,
            text: bytes.toString('utf8'),
          });
        });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(payload);
  });
}

/** The answer's JSON; `undefined` when it is none. */
export function jsonOf({ text }: LoopbackAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
