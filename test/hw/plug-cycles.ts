/**
 * A driver whose board is pulled out and plugged in again so many times, at every stage of a connection, and what that
 * leaves behind. 100 times in `npm test`; more by `PJQ_PLUG_CYCLES=1000 npx vitest run test/hw/plugged`.
 */
import { createRequire } from 'node:module';
import { FirmataCounterBoard } from '../../hw/firmata/firmata-counter-board.js';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { QUICK_PROFILE, QUICK_TIMINGS } from './quick-profile.js';
import { tcpCable } from './cable.js';
import { heapBytes } from './heap-bytes.js';
import { until } from './until.js';
import { Witness } from './witness.js';

/** What a process holds on to. */
export interface Holdings {
  readonly heapBytes: number;
  /** Sockets, servers, timers and the like that keep the process. */
  readonly resources: readonly string[];
  /** Boards in the table that johnny-five keeps for the life of the process. */
  readonly boards: number;
  readonly processListeners: number;
}

export interface PlugReport {
  readonly cycles: number;
  /** Cycles in which the keys came to serve before the next cut. */
  readonly served: number;
  readonly presses: number;
  readonly before: Holdings;
  readonly after: Holdings;
  readonly warnings: readonly string[];
}

const five = createRequire(import.meta.url)('johnny-five') as { readonly Board: { readonly cache: unknown[] } };

function holdings(): Holdings {
  return {
    heapBytes: heapBytes(),
    resources: process.getActiveResourcesInfo().sort(),
    boards: five.Board.cache.length,
    processListeners: process.eventNames().reduce((all, name) => all + process.listenerCount(name), 0),
  };
}

/** A quarter more cycles come first, to warm up. */
export async function plugCycles(cycles: number): Promise<PlugReport> {
  const bench = new VirtualBoard();
  const { port } = await bench.start();
  const cable = await tcpCable({ port, hasClient: () => bench.hasClient });
  const board = new FirmataCounterBoard({
    profile: { ...QUICK_PROFILE, armUpMs: 50 },
    address: parseBoardAddress(cable.address, { serialBaud: 57_600 }),
    monoMs: () => performance.now(),
    nextDelayMs: () => 2,
    timings: { ...QUICK_TIMINGS, handshakeTimeoutMs: 10_000 },
  });
  const warnings: string[] = [];
  const warn = (warning: Error) => warnings.push(warning.message);
  process.on('warning', warn);
  const witness = new Witness();
  board.start(witness.events);
  const connected = () => board.link === 'connected';
  /** Pulled as soon as it is in, when the lamps are lit, or when the keys serve. */
  const stages = [() => bench.hasClient, () => bench.lamps().invited, () => bench.lamps().invited, connected] as const;
  const plug = async (n: number) => {
    await cable.cut();
    await until(() => board.link === 'lost' && !bench.hasClient);
    // What the witness keeps is not the driver's.
    witness.told.length = 0;
    await cable.join();
    const stage = stages[n % stages.length] ?? connected;
    await until(stage, 20_000);
    return stage === connected;
  };
  try {
    board.setLamps('invited');
    await until(connected, 20_000);
    for (let n = 0; n < Math.ceil(cycles / 4 / stages.length) * stages.length; n += 1) await plug(n);
    const before = holdings();
    let served = 0;
    let presses = 0;
    // A multiple of the stages ends where the keys serve, as it began.
    for (let n = 0; n < Math.ceil(cycles / stages.length) * stages.length; n += 1) {
      if (await plug(n)) served += 1;
      presses += witness.presses.length;
    }
    await until(() => process.getActiveResourcesInfo().length <= before.resources.length, 2_000).catch(() => undefined);
    return { cycles, served, presses, before, after: holdings(), warnings };
  } finally {
    process.off('warning', warn);
    await board.stop();
    await cable.cut();
    await bench.stop();
  }
}
