/** The drivers that ship, on the virtual board and printer: what a clerk presses, sees and scans is theirs. */
import { onTestFinished, vi } from 'vitest';
import { checkSlip } from '../../device/receipt/check-slip.js';
import type { TerminalCheckParts } from '../../device/self-check/terminal-check.js';
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { FirmataCounterBoard } from '../../hw/firmata/firmata-counter-board.js';
import { parseBoardAddress } from '../../hw/link/byte-link.js';
import type { CounterBoard, KeyLevel, LampSignal } from '../../hw/ports/counter-board.js';
import type { PrinterStatus } from '../../hw/ports/receipt-printer.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import { UNO_WIRING, type BoardWiring } from '../../simulator/board/uno-wiring.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { QUICK_PROFILE, QUICK_TIMINGS } from '../hw/bench-counter.js';
import { PrinterAtWork } from '../virtual-printer/printer-at-work.js';
import type { Clerk } from './check-bench.js';

const FINGER_MS = 60;

export interface RealBoard {
  readonly driver: FirmataCounterBoard;
  readonly bench: VirtualBoard;
  readonly clerk: Pick<Clerk, 'press' | 'sees'>;
}

/** @param wiring with its fault. The counter that takes the driver starts it; `connected` waits for that. */
export async function realBoard(wiring: BoardWiring = UNO_WIRING): Promise<RealBoard> {
  const bench = new VirtualBoard({ port: 0, wiring });
  const { port } = await bench.start();
  onTestFinished(() => bench.stop());
  const driver = new FirmataCounterBoard({
    profile: QUICK_PROFILE,
    address: parseBoardAddress(`tcp://127.0.0.1:${port}`, { serialBaud: 57_600 }),
    monoMs: () => performance.now(),
    nextDelayMs: () => 20,
    timings: { ...QUICK_TIMINGS, handshakeTimeoutMs: 10_000 },
  });
  return {
    driver,
    bench,
    clerk: {
      press: async (level: KeyLevel) => {
        bench.press(level);
        await rests(FINGER_MS);
        bench.release(level);
        await rests(FINGER_MS);
      },
      sees: (signal: LampSignal) =>
        vi
          .waitUntil(() => Object.entries(bench.lamps()).every(([lamp, lit]) => lit === (lamp === signal)), {
            timeout: 3_000,
            interval: 5,
          })
          .then(
            () => true,
            () => false,
          ),
    },
  };
}

export async function connected(driver: CounterBoard): Promise<void> {
  await vi.waitUntil(() => driver.link === 'connected', { timeout: 10_000, interval: 5 });
  // Keys are armed once they have been up for a while.
  await rests(QUICK_PROFILE.armUpMs * 2);
}

/** How long a finger stays, or stays away: a stimulus, nothing that the test waits for. */
function rests(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface RealPrinter {
  readonly part: NonNullable<TerminalCheckParts['printer']>;
  readonly scans: () => Promise<string | undefined>;
  readonly bench: PrinterAtWork;
  is(wanted: Partial<PrinterStatus>): Promise<void>;
}

export async function realPrinter(): Promise<RealPrinter> {
  const bench = await new PrinterAtWork().ready();
  const profile = loadPrinterProfile('escpos-58');
  const driver = new EscposPrinter({
    profile: { ...profile, status: { ...profile.status, pollMs: 100 } },
    address: parsePrinterAddress(`tcp://127.0.0.1:${bench.port}`),
    nextDelayMs: () => 50,
  });
  driver.start({ status: () => undefined });
  onTestFinished(() => driver.stop());
  const is = async (wanted: Partial<PrinterStatus>) => {
    await vi.waitUntil(
      () => Object.entries(wanted).every(([key, value]) => driver.status[key as keyof PrinterStatus] === value),
      { timeout: 10_000, interval: 10 },
    );
  };
  await is({ link: 'connected', paper: 'ok' });
  return {
    part: {
      status: () => driver.status,
      print: async (code) => (await driver.print(checkSlip({ title: '设备自检', lines: [], code }))).outcome,
    },
    scans: async () => ((await bench.get('/paper.png')).ok ? bench.scan() : undefined),
    bench,
    is,
  };
}
