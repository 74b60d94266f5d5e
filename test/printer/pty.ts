/** A serial port out of a TCP connection, by the program socat (Debian: apt-get install socat). */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

export function hasSocat(): boolean {
  try {
    execFileSync('socat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export class Pty {
  readonly path: string;
  readonly #port: number;
  #socat: ChildProcess | undefined;

  constructor(path: string, port: number) {
    this.path = path;
    this.#port = port;
  }

  /** Plugs it in; it is there when this settles. */
  async join(): Promise<void> {
    const far = `TCP:127.0.0.1:${this.#port},nodelay`;
    this.#socat = spawn('socat', [`PTY,link=${this.path},raw,echo=0`, far], { stdio: 'ignore' });
    await expect.poll(() => existsSync(this.path), { timeout: 10_000, interval: 5 }).toBe(true);
  }

  /** Whether the far end takes anything; what it does not take stays with the kernel, until that is full. */
  takes(on: boolean): void {
    this.#socat?.kill(on ? 'SIGCONT' : 'SIGSTOP');
  }

  /** Pulls it out: the port is gone when this settles. */
  async cut(): Promise<void> {
    const socat = this.#socat;
    this.#socat = undefined;
    if (!socat || socat.exitCode !== null || socat.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => socat.once('exit', () => resolve()));
    socat.kill('SIGTERM');
    socat.kill('SIGCONT');
    await gone;
    rmSync(this.path, { force: true });
  }
}

/** A pty whose other end is the TCP port; pulled out with the test. */
export async function startPty(port: number): Promise<Pty> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-pty-'));
  const pty = new Pty(join(folder, 'printer'), port);
  onTestFinished(async () => {
    await pty.cut();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  await pty.join();
  return pty;
}
