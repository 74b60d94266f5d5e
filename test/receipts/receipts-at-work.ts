/**
 * A terminal's receipts: its real log on disk, its real driver, and the virtual printer at the end of a TCP wire, a
 * serial line (a pty), or a device file (the same pty opened as a file, since there is no USB printer here).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { systemTimers } from '../../device/timers.js';
import type { HallFacts } from '../../device/hall-file.js';
import { PartFaults } from '../../device/log/part-faults.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { ReceiptCodes } from '../../device/receipt/receipt-codes.js';
import { ReceiptDesk } from '../../device/receipt/receipt-desk.js';
import { EscposPrinter } from '../../hw/escpos/escpos-printer.js';
import { parsePrinterAddress } from '../../hw/escpos/printer-address.js';
import { loadPrinterProfile } from '../../hw/profiles/printer-built-in.js';
import { parseEntry, type Clock, type TerminalPolicy } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  currentBootId,
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { POLICY } from '../device-session/table-fixtures.js';
import { startPty, type Pty } from '../printer/pty.js';
import { PrinterAtWork } from '../virtual-printer/printer-at-work.js';

export type Wire = 'tcp' | 'serial' | 'file';

export const KEY = new Uint8Array(32).fill(5);
export const URL_BASE = 'https://pj.example.gov.cn/r';
export const FACTS: HallFacts = {
  hall: { zh: '测试市政务服务大厅', en: 'Test Hall' },
  staff: new Map(),
  matters: [],
};
const SIGNER = headSigner(generateLogKey().privatePem);

export class ReceiptsAtWork {
  readonly printer: PrinterAtWork;
  readonly #file: string;
  readonly #clock: Clock;
  readonly #profileName: string;
  readonly #url: string;
  /** The cable, where it is one that can be pulled out. */
  readonly pty: Pty | undefined;
  policy: TerminalPolicy = POLICY;
  log!: TerminalLog;
  desk!: ReceiptDesk;

  constructor(
    printer: PrinterAtWork,
    file: string,
    clock: Clock,
    profileName: string,
    wire: { readonly url: string; readonly pty: Pty | undefined },
  ) {
    this.printer = printer;
    this.#file = file;
    this.#clock = clock;
    this.#profileName = profileName;
    this.#url = wire.url;
    this.pty = wire.pty;
  }

  /** The program starts: log, driver and desk anew. */
  start(): void {
    this.log = new TerminalLog({
      file: this.#file,
      source: 'hall/t1',
      bootId: currentBootId(),
      suite: nodeSuite,
      signer: SIGNER,
      clock: this.#clock,
      randomness: nodeRandomness,
      clockState: () => 'synced',
    });
    this.log.open();
    const profile = loadPrinterProfile(this.#profileName);
    const codes = new ReceiptCodes({
      suite: nodeSuite,
      terminalNumber: 12,
      key: { keyNumber: 1, key: KEY },
      url: URL_BASE,
    });
    const logger = createLogger('test', { level: 'silent' });
    this.desk = new ReceiptDesk({
      printer: new EscposPrinter({
        profile: { ...profile, status: { ...profile.status, pollMs: 100 } },
        address: parsePrinterAddress(this.#url),
        nextDelayMs: () => 50,
      }),
      printerTells: this.#profileName !== 'escpos-58-mute',
      log: this.log,
      book: this.log,
      clock: this.#clock,
      timers: systemTimers,
      logger,
      faults: new PartFaults({ log: this.log, logger, clock: this.#clock, timers: systemTimers }),
      facts: FACTS,
      policy: () => this.policy,
      urlOf: (serviceId, openedAtMs) => codes.urlOf(serviceId, openedAtMs),
      dateText: () => '2026-11-21 09:30',
    });
    this.desk.start();
  }

  /** The program dies: nothing is finished, nothing is told. */
  async die(): Promise<void> {
    this.log.close();
    await this.desk.stop().catch(() => undefined);
  }

  open(serviceId: string): void {
    this.log.append([
      {
        kind: 'service.opened',
        body: {
          serviceId,
          caseNo: `SZ-2026-${serviceId}`,
          stage: 'completion',
          matter: { name: '离婚登记', label: '婚姻登记' },
          origin: 'local',
          window: '3',
          staffNo: '1001',
          policy: 'test@1',
        },
      },
    ]);
  }

  /** The citizen takes the slip. */
  later(serviceId: string): void {
    this.log.append([
      { kind: 'unrated', body: { serviceId, cause: 'later' } },
      { kind: 'receipt', body: { serviceId, copy: 1, occasion: 'later', state: 'queued' } },
    ]);
  }

  /** What the log says of slips: service, copy and state, in order. */
  told(): string[] {
    return this.#entries('receipt').map(
      (body) => `${String(body['serviceId'])} ${String(body['copy'])} ${String(body['state'])}`,
    );
  }

  /** What the log says of the printer: state, and the code where there is one, in order. */
  faults(): string[] {
    return this.#entries('fault').map((body) => [body['state'], body['code']].filter(Boolean).join(' '));
  }

  #entries(wanted: string): Record<string, unknown>[] {
    const [live] = this.log.epochs();
    const slice = live === undefined ? null : this.log.slice(live, 1, 10_000, 10_000_000);
    return (slice?.entries ?? [])
      .map((bytes) => parseEntry(nodeSuite, bytes))
      .filter(({ kind }) => kind === wanted)
      .map(({ body }) => body);
  }

  /** Slips that came out whole, as text, the oldest first. */
  async slips(): Promise<string[]> {
    const all = (await (await this.printer.get('/slips')).json()) as { n: number; complete: boolean }[];
    const whole = all.filter(({ complete }) => complete).sort((a, b) => a.n - b.n);
    return Promise.all(whole.map(({ n }) => this.printer.text(`/slips/${n}.txt`)));
  }

  async becomes(...told: string[]): Promise<void> {
    await vi.waitFor(() => expect(this.told()).toEqual(told), { timeout: 20_000 });
  }

  async printerIs(link: 'connected' | 'lost'): Promise<void> {
    await vi.waitFor(() => expect(this.desk.status.link).toBe(link), { timeout: 20_000 });
  }
}

export async function receiptsAtWork(
  options: { profile?: string; clock?: Clock; wire?: Wire } = {},
): Promise<ReceiptsAtWork> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-receipts-'));
  const printer = await new PrinterAtWork().ready();
  const pty = options.wire === undefined || options.wire === 'tcp' ? undefined : await startPty(printer.port);
  const url =
    pty === undefined
      ? `tcp://127.0.0.1:${printer.port}`
      : options.wire === 'file'
        ? `usb:${pty.path}`
        : `serial:${pty.path}?baud=19200&flow=xon-xoff`;
  const work = new ReceiptsAtWork(
    printer,
    join(folder, 'log.db'),
    options.clock ?? systemClock,
    options.profile ?? 'escpos-58',
    { url, pty },
  );
  work.start();
  onTestFinished(async () => {
    await work.die();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  await work.printerIs('connected');
  return work;
}
