/** A hall whose gateway keeps its data on a disk of its own: small, and ours to spoil. Needs root for the mount. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayRows } from '../../support/gateway-rows.js';
import { Hall, until } from '../../support/hall.js';

/** Why no disk can be mounted here; `undefined` where one can. */
export function noMounts(): string | undefined {
  if (process.getuid?.() !== 0) return 'mounting needs root';
  const { status } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return status === 0 ? undefined : 'no tmpfs can be mounted here';
}

export function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

export class SmallDiskHall {
  readonly hall = new Hall({ terminals: 2 });
  readonly #unmount: (() => void)[] = [];
  #cases = 0;
  /** Cases whose press was accepted. */
  readonly accepted: string[] = [];

  /** @param mount puts a file system on the given folder, and answers how to take it away. */
  async start(mount: (folder: string, beside: string) => () => void): Promise<this> {
    mkdirSync(this.hall.gatewayData);
    this.#unmount.push(mount(this.hall.gatewayData, this.hall.folder));
    try {
      return await this.hall.start().then(() => this);
    } catch (error) {
      for (const unmount of this.#unmount) unmount();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.hall.gateway.kill();
    for (const unmount of this.#unmount) unmount();
    await this.hall.stop();
  }

  /** A citizen at a counter, with a service that the terminal opens itself: it needs no gateway. */
  async rate(n: number): Promise<void> {
    this.#cases += 1;
    const caseNo = `case-${this.#cases}`;
    await this.hall.openLocally(n, caseNo);
    if (!(await this.hall.press(n, 4))) throw new Error(`the press of ${caseNo} was not taken`);
    this.accepted.push(caseNo);
  }

  async readiness(): Promise<{ status: number; parts: Record<string, boolean> }> {
    const response = await fetch(`http://127.0.0.1:${this.hall.gatewayPort}/readyz`);
    return { status: response.status, ...((await response.json()) as { parts: Record<string, boolean> }) };
  }

  /** Every accepted press is at the centre, once, and at the gateway, once; nothing was set aside, lost or forked. */
  async everythingArrivedOnce(): Promise<void> {
    const { hall, accepted } = this;
    await until('everything is at the centre', async () => (await hall.ledger()).length >= accepted.length, 40_000);
    const ledger = (await hall.ledger()).map(({ caseNo }) => caseNo).sort();
    const rated = gatewayRows<{ caseNo: string }>(hall, 'SELECT caseNo FROM rating JOIN service USING (serviceId)')
      .map(({ caseNo }) => caseNo)
      .sort();
    const wanted = JSON.stringify([...accepted].sort());
    if (JSON.stringify(ledger) !== wanted) throw new Error(`the centre has ${ledger.join()}`);
    if (JSON.stringify(rated) !== wanted) throw new Error(`the gateway has ${rated.join()}`);
    for (const table of ['quarantine', 'gap', 'pending'])
      if (gatewayRows(hall, `SELECT 1 FROM "${table}"`).length > 0) throw new Error(`${table} is not empty`);
  }
}

/** Fills a disk to its last byte. @returns how to make room again. */
export function fill(folder: string): () => void {
  const file = join(folder, 'somebody-elses');
  const handle = openSync(file, 'w');
  const pieces = [Buffer.alloc(64 * 1024, 1), Buffer.alloc(4_096, 1), Buffer.alloc(64, 1)];
  for (const piece of pieces) {
    try {
      for (;;) if (writeSync(handle, piece) < piece.length) break;
    } catch {
      // No room for a piece of this size.
    }
  }
  closeSync(handle);
  return () => rmSync(file);
}
