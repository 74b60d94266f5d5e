/** Where the parts of the demo listen, all on 127.0.0.1, and whether they can. */
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { PjqError } from '../../protocol/index.js';

export const LOOPBACK = '127.0.0.1';

/** The ports of terminals, boards and printers are the first of a row, one a terminal. */
export interface DemoPorts {
  readonly page: number;
  readonly gateway: number;
  readonly mqtt: number;
  /** Where phones rate: the address in the slips' codes. */
  readonly phone: number;
  readonly centre: number;
  readonly terminals: number;
  readonly boards: number;
  readonly printers: number;
  /** Where a virtual printer shows its paper. */
  readonly printerControls: number;
}

export const DEFAULT_PORTS: DemoPorts = {
  page: 7300,
  gateway: 7310,
  mqtt: 7311,
  phone: 7312,
  centre: 7320,
  terminals: 7401,
  boards: 7411,
  printers: 7421,
  printerControls: 7431,
};

interface NamedPort {
  readonly port: number;
  /** The option that moves it. */
  readonly option: string;
}

/** Every port that the demo opens. */
export function namedPorts(ports: DemoPorts, terminals: number): NamedPort[] {
  const row = (first: number, option: string) =>
    Array.from({ length: terminals }, (_, index) => ({ port: first + index, option }));
  return [
    { port: ports.page, option: '--page-port' },
    { port: ports.gateway, option: '--gateway-port' },
    { port: ports.mqtt, option: '--mqtt-port' },
    { port: ports.phone, option: '--phone-port' },
    { port: ports.centre, option: '--centre-port' },
    ...row(ports.terminals, '--terminal-port'),
    ...row(ports.boards, '--board-port'),
    ...row(ports.printers, '--printer-port'),
    ...row(ports.printerControls, '--printer-control-port'),
  ];
}

/**
 * Waits until the ports are free: the children of a demo that was just killed need a moment to end.
 * @param onWait told once, when a port is not free at once.
 * @throws PjqError `port-in-use` with each port and its option.
 */
export async function waitForFreePorts(
  ports: readonly NamedPort[],
  { timeoutMs, onWait }: { timeoutMs: number; onWait: (taken: string) => void },
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  let told = false;
  for (;;) {
    const taken = await takenPorts(ports);
    if (taken.length === 0) return;
    const text = taken.map(({ port, option }) => `${port} (${option})`).join(', ');
    if (performance.now() >= deadlineMs) throw new PjqError('port-in-use', text);
    if (!told) onWait(text);
    told = true;
    await wait(200);
  }
}

async function takenPorts(ports: readonly NamedPort[]): Promise<NamedPort[]> {
  const free = await Promise.all(ports.map(({ port }) => isFree(port)));
  return ports.filter((_, index) => free[index] === false);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    probe.listen(port, LOOPBACK, () => probe.close(() => resolve(true)));
  });
}
