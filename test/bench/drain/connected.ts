/** A connection to somebody who may not listen yet. */
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** @throws when nobody listens in time. */
export async function connected(port: number, timeoutMs = 10_000): Promise<Socket> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const up = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (up) return socket;
    if (Date.now() > deadline) throw new Error(`nobody listened on ${port} within ${timeoutMs} ms`);
    await wait(20);
  }
}
