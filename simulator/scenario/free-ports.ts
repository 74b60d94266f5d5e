/** Ports for a hall of its own. */
import { createServer } from 'node:net';

/** Below the range from which the system takes those of outgoing connections: nobody takes them meanwhile. */
const FIRST = 12_000;
const RANGE = 20_000;

/** The first of `length` ports in a row that are free just now. */
export async function freeRow(length: number): Promise<number> {
  for (;;) {
    const first = FIRST + Math.floor(Math.random() * (RANGE - length));
    const row = await Promise.all(Array.from({ length }, (_, index) => isFree(first + index)));
    if (row.every((free) => free)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
