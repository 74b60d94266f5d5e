/**
 * The receipt on the wire: its bytes with the QR as a command and as a picture, the seconds they take on serial lines
 * (8N1: ten bits a byte), and the time from the commit of a queued receipt to its first byte at the printer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receiptSlip } from '../../device/core/receipt-slip.js';
import { SLIP_WORDS } from '../../device/core/receipt-words.js';
import { PartFaults } from '../../device/log/part-faults.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { ReceiptCodes } from '../../device/receipt/receipt-codes.js';
import { ReceiptDesk } from '../../device/receipt/receipt-desk.js';
import { systemTimers } from '../../device/timers.js';
import { loadEncoder } from '../../hw/escpos/encode-commands.js';
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { drawnSlipBytes } from '../../hw/escpos/slip-bytes.js';
import { loadTextDrawer } from '../../hw/escpos/text-drawer.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import type { PrinterProfile } from '../../hw/profiles/printer-profile.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  currentBootId,
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { Mechanism } from '../../simulator/printer/mechanism.js';
import { VirtualPrinter } from '../../simulator/printer/virtual-printer.js';
import { row } from './quantiles.js';

const BAUDS = [9_600, 19_200, 115_200];
const BITS_A_BYTE = 10;
const SLIPS = 200;
/** A new connection is settled with the printer first, which takes a third of a second. */
const WARM_UP = 5;
const TICK_MS = 10;
/** ESC @: the first two bytes of a slip. */
const SLIP_HEAD = Buffer.from([0x1b, 0x40]);
/** Asked behind every slip. */
const CONFIRMATION_BYTES = 3;

const codes = new ReceiptCodes({
  suite: nodeSuite,
  terminalNumber: 12,
  key: { keyNumber: 1, key: new Uint8Array(32).fill(5) },
  url: 'https://pj.example.gov.cn/r',
});
const RECEIPT = receiptSlip(
  {
    hall: '甘孜州政务服务中心',
    window: '12',
    caseNo: '513300202611210001',
    matter: '居民身份证换领',
    staffNo: '0231',
    openedAt: '2026-11-21 09:30',
    url: codes.urlOf('service-0001', Date.UTC(2026, 10, 21)),
    again: false,
  },
  SLIP_WORDS.zh,
);

export async function benchPrinter(): Promise<string[]> {
  const p58 = loadPrinterProfile('escpos-58');
  const ways: readonly (readonly [string, PrinterProfile])[] = [
    ['QR by command', p58],
    ['QR as raster', { ...p58, qr: 'raster' }],
    ['all as raster (escpos-58-raster)', loadPrinterProfile('escpos-58-raster')],
  ];
  const lines: string[] = [];
  for (const [name, profile] of ways) {
    const { bytes } = await drawnSlipBytes(RECEIPT, profile, await loadEncoder(), () => loadTextDrawer(24));
    const total = bytes.length + CONFIRMATION_BYTES;
    const seconds = BAUDS.map((baud) => `${((total * BITS_A_BYTE) / baud).toFixed(2)} s at ${baud}`).join(', ');
    lines.push(`receipt, ${name}: ${total} B; ${seconds} (8N1, computed)`);
  }
  for (const [name, profile] of ways.slice(0, 2)) {
    const measured = await secondsOverSlowLine(profile, 9_600);
    lines.push(`receipt, ${name}: ${measured.toFixed(2)} s measured over a link of 9600 baud, first byte to last`);
  }
  lines.push(
    `commit of a queued receipt -> its first byte at the printer: ${row(await waits(), 'ms')} (promised: <= 50 ms)`,
  );
  return lines;
}

/** A wire to a virtual printer on which somebody sees each byte pass. */
async function tappedPrinter(seen: (bytes: Buffer) => void, bytesPerSecond = Infinity) {
  const mechanism = new Mechanism({ widthDots: 384, now: Date.now });
  const paper = new VirtualPrinter({ mechanism });
  const { port } = await paper.start();
  const tap = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port, noDelay: true });
    let waiting: Buffer = Buffer.alloc(0);
    let due = 0;
    const pass = (bytes: Buffer) => {
      seen(bytes);
      far.write(bytes);
    };
    let last = performance.now();
    const ticks = setInterval(() => {
      const now = performance.now();
      // A line that has nothing to carry saves nothing up for later.
      due = waiting.length === 0 ? 0 : due + ((now - last) * bytesPerSecond) / 1_000;
      last = now;
      const carried = Math.min(waiting.length, Math.floor(due));
      if (carried === 0) return;
      due -= carried;
      pass(waiting.subarray(0, carried));
      waiting = waiting.subarray(carried);
    }, TICK_MS);
    near.on('data', (bytes) => {
      if (bytesPerSecond === Infinity) pass(bytes);
      else waiting = Buffer.concat([waiting, bytes]);
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        clearInterval(ticks);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', resolve));
  return {
    mechanism,
    url: `tcp://127.0.0.1:${(tap.address() as AddressInfo).port}`,
    stop: async () => {
      await paper.stop();
      await new Promise<void>((resolve) => tap.close(() => resolve()));
    },
  };
}

async function secondsOverSlowLine(profile: PrinterProfile, baud: number): Promise<number> {
  let begun = 0;
  let ended = 0;
  let tail = Buffer.alloc(0);
  const wire = await tappedPrinter((bytes) => {
    tail = Buffer.concat([tail, bytes]).subarray(-64);
    if (begun === 0 && tail.includes(SLIP_HEAD)) begun = performance.now();
    // What follows the slip are only questions.
    if (wire.mechanism.roll.newest?.complete !== true) ended = performance.now();
  }, baud / BITS_A_BYTE);
  const printer = new EscposPrinter({
    profile: { ...profile, status: { ...profile.status, pollMs: 60_000 } },
    address: parsePrinterAddress(wire.url),
    nextDelayMs: () => 50,
  });
  await new Promise<void>((resolve) => {
    printer.start({ status: ({ link }) => link === 'connected' && resolve() });
  });
  const outcome = await printer.print(RECEIPT);
  await printer.stop();
  await wire.stop();
  if (outcome.outcome !== 'printed') throw new Error(`the slip was ${outcome.outcome}`);
  return (ended - begun) / 1_000;
}

/** ms from the commit of each queued receipt to ESC @ at the printer. */
async function waits(): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-'));
  let tail = Buffer.alloc(0);
  let arrived: (() => void) | undefined;
  const wire = await tappedPrinter((bytes) => {
    tail = Buffer.concat([tail, bytes]);
    if (tail.includes(SLIP_HEAD)) arrived?.();
    tail = tail.subarray(-1);
  });
  const log = new TerminalLog({
    file: join(folder, 'log.db'),
    source: 'bench/t1',
    bootId: currentBootId(),
    suite: nodeSuite,
    signer: headSigner(generateLogKey().privatePem),
    clock: systemClock,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  log.open();
  const { policy, policyId } = readPolicy('gateway/policies/default.yaml');
  const logger = createLogger('bench', { level: 'silent' });
  const desk = new ReceiptDesk({
    printer: new EscposPrinter({
      profile: loadPrinterProfile('escpos-58'),
      address: parsePrinterAddress(wire.url),
      nextDelayMs: () => 50,
    }),
    printerTells: true,
    log,
    book: log,
    clock: systemClock,
    timers: systemTimers,
    logger,
    faults: new PartFaults({ log, logger, clock: systemClock, timers: systemTimers }),
    facts: { hall: { zh: '测试市政务服务大厅', en: 'Test Hall' }, staff: new Map(), matters: [] },
    policy: () => policy.terminal,
    urlOf: (serviceId, openedAtMs) => codes.urlOf(serviceId, openedAtMs),
    dateText: () => '2026-11-21 09:30',
  });
  let changed: (() => void) | undefined;
  desk.onChange(() => changed?.());
  desk.start();
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise<void>((resolve) => (changed = resolve));
  };
  await until(() => desk.status.link === 'connected');
  const waitedMs: number[] = [];
  for (let n = 0; n < SLIPS + WARM_UP; n += 1) {
    const serviceId = `s-${n}`;
    const facts = { serviceId, caseNo: `c-${n}`, window: '3', staffNo: '1001', policy: policyId };
    log.append([{ kind: 'service.opened', body: { ...facts, stage: 'completion', origin: 'local' } }]);
    const first = new Promise<void>((resolve) => (arrived = resolve));
    log.append([
      { kind: 'unrated', body: { serviceId, cause: 'later' } },
      { kind: 'receipt', body: { serviceId, copy: 1, occasion: 'later', state: 'queued' } },
    ]);
    const committed = performance.now();
    await first;
    if (n >= WARM_UP) waitedMs.push(performance.now() - committed);
    await until(() => desk.slipOf(serviceId) === 'printed');
  }
  await desk.stop();
  log.close();
  await wire.stop();
  rmSync(folder, { recursive: true });
  return waitedMs;
}
