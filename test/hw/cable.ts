/** A cable between a driver and a virtual device that a test can cut and join: a TCP relay, or a pty by socat. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.js';

export interface Cable {
  /** Where the driver finds its end, as an address of a board; the same after each cut. */
  readonly address: string;
  cut(): Promise<void>;
  join(): Promise<void>;
}

/** Both cables need the device's port; `hasClient` tells when the device's end is really in. */
interface Device {
  readonly port: number;
  readonly hasClient: () => boolean;
}

export async function tcpCable({ port }: Device): Promise<Cable> {
  const sockets = new Set<Socket>();
  const hold = (socket: Socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  let server: Server | undefined;
  const listen = (at: number) =>
    new Promise<number>((resolve, reject) => {
      server = createServer((near) => {
        const far = connect({ host: '127.0.0.1', port });
        hold(near);
        hold(far);
        near.pipe(far).pipe(near);
        near.on('close', () => far.destroy());
        far.on('close', () => near.destroy());
      });
      server.once('error', reject);
      server.listen(at, '127.0.0.1', () => {
        const address = server?.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  const near = await listen(0);
  return {
    address: `tcp://127.0.0.1:${near}`,
    cut: async () => {
      const closing = server;
      server = undefined;
      if (!closing) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    join: async () => {
      if (!server) await listen(near);
    },
  };
}

/** Whether the program socat is there (Debian: apt-get install socat), which makes a serial port. */
export function hasSocat(): boolean {
  try {
    execFileSync('socat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The folder of the port goes with the last cut of the test: `remove`. */
export async function ptyCable({ port, hasClient }: Device): Promise<Cable & { remove(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-pty-'));
  const path = join(folder, 'board');
  let socat: { child: ChildProcess; gone: Promise<void> } | undefined;
  const cut = async () => {
    socat?.child.kill('SIGTERM');
    await socat?.gone;
    socat = undefined;
    await until(() => !hasClient());
  };
  const plug = async () => {
    if (socat) return;
    const child = spawn('socat', [`PTY,link=${path},raw,echo=0`, `TCP:127.0.0.1:${port},nodelay`], {
      stdio: 'ignore',
    });
    socat = { child, gone: new Promise((resolve) => child.once('exit', () => resolve())) };
    // socat makes the port before it has reached the device.
    await until(() => existsSync(path) && hasClient(), 15_000);
  };
  await plug();
  return {
    address: `serial:${path}?baud=57600`,
    cut,
    join: plug,
    remove: async () => {
      await cut();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
