/** What tests of a wire stand on: something that says everything back, and lines to it through the wire. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { FaultyLink } from '../../simulator/network/faulty-link.js';

/** A server that says everything back, behind a wire, and one connection through it. */
export async function echoThroughWire(): Promise<{ link: FaultyLink; port: number; dial: () => Promise<Line> }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const link = new FaultyLink({ targetPort: typeof address === 'object' && address !== null ? address.port : 0 });
  const { port } = await link.start();
  onTestFinished(async () => {
    await link.stop();
    server.close();
  });
  return { link, port, dial: () => Line.dial(port) };
}

export class Line {
  readonly socket: Socket;
  heard = '';
  bytes = 0;
  ended = false;
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (this.heard.length < 1_000) this.heard += chunk.toString('latin1');
    });
    socket.on('end', () => (this.ended = true));
    socket.on('close', () => (this.closed = true));
    onTestFinished(() => void socket.destroy());
  }

  static async dial(port: number): Promise<Line> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const line = new Line(socket);
    await once(socket, 'connect');
    return line;
  }
}
