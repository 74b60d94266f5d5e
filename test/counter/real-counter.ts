/**
 * One counter as it stands in a hall, with every network down: the real terminal program, a board that speaks
 * Firmata, a printer that speaks ESC/POS, and its two pages in a real browser.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Level } from '../../protocol/index.js';
import { VirtualBoard } from '../../simulator/board/virtual-board.js';
import { launch } from '../kiosk/chromium.js';
import { freePorts, until } from '../support/hall.js';
import { Program } from '../support/program.js';
import { PrinterAtWork } from '../virtual-printer/printer-at-work.js';

export const RECEIPT_URL = 'https://pj.example.gov.cn/r';
const PANEL = { width: 800, height: 480 };

export class RealCounter {
  readonly folder = mkdtempSync(join(tmpdir(), 'pjq-counter-'));
  readonly board = new VirtualBoard();
  printer!: PrinterAtWork;
  program!: Program;
  browser!: Browser;
  page!: Page;
  readonly faults: string[] = [];
  #port = 0;

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get receiptKey(): Uint8Array {
    return Buffer.from(readFileSync(join(this.dataDir, 'receipt-key'), 'utf8').trim().split(':')[1] ?? '', 'base64url');
  }

  async start(): Promise<this> {
    mkdirSync(this.dataDir);
    this.printer = await new PrinterAtWork().ready();
    const { port: boardPort } = await this.board.start();
    const [port = 0, nobody = 0] = await freePorts(2);
    this.#port = port;
    writeFileSync(
      join(this.folder, 'hall.yaml'),
      JSON.stringify({
        hall: { zh: '测试市政务服务大厅', en: 'Test Hall' },
        staff: [{ staffNo: '1001', name: '李明', post: '综合受理', title: '科员' }],
      }),
    );
    const policy = readFileSync('gateway/policies/default.yaml', 'utf8').replace(
      /changeOfMindMs: \d+/,
      'changeOfMindMs: 2500',
    );
    writeFileSync(join(this.folder, 'policy.yaml'), policy);
    writeFileSync(
      join(this.folder, 'terminal.yaml'),
      JSON.stringify({
        hall: 'test',
        terminal: 't1',
        window: '3',
        dataDir: this.dataDir,
        policyFile: join(this.folder, 'policy.yaml'),
        hallFile: join(this.folder, 'hall.yaml'),
        http: { port },
        // Nobody listens there: the hall's network is down.
        mqtt: { url: `mqtt://127.0.0.1:${nobody}` },
        board: { url: `tcp://127.0.0.1:${boardPort}`, profile: 'uno-five-keys' },
        printer: { url: `tcp://127.0.0.1:${this.printer.port}`, profile: 'escpos-58' },
        receipt: { url: RECEIPT_URL, terminalNumber: 7 },
      }),
    );
    this.program = new Program('t1', ['--config', join(this.folder, 'terminal.yaml')], {
      program: 'device/pjq-device',
    });
    await this.program.start();
    onTestFinished(async () => {
      await this.browser?.close();
      await this.program.stop();
      await this.board.stop();
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });
    await this.staff('POST', '/v1/duty', { staffNo: '1001' });
    await until('board and printer serve', async () => {
      const { parts } = (await this.staff('GET', '/v1/desk')) as { parts: Record<string, string> };
      return parts['board'] === 'connected' && parts['printer'] === 'connected';
    });
    this.browser = await launch();
    const context = await this.browser.newContext({ viewport: PANEL, hasTouch: true, timezoneId: 'Asia/Shanghai' });
    this.page = await context.newPage();
    this.page.on('pageerror', (error) => this.faults.push(error.message));
    await this.page.goto(`http://127.0.0.1:${port}/kiosk/#${this.#secret('kiosk')}`);
    await this.page.getByText('李明').waitFor();
    return this;
  }

  /** Asks the local interface as the staff page does. */
  async staff(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#secret('staff')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status >= 300) throw new Error(`${path} answered ${response.status} ${await response.text()}`);
    return response.json();
  }

  async open(caseNo: string): Promise<void> {
    await this.staff('POST', '/v1/services', { caseNo, serviceId: caseNo });
    await this.page.getByText(caseNo).waitFor();
  }

  /** How the last services ended, newest first. */
  async outcomes(): Promise<string[]> {
    const { recent } = (await this.staff('GET', '/v1/desk')) as { recent: { caseNo: string; outcome: string }[] };
    return recent.map(({ caseNo, outcome }) => `${caseNo} ${outcome}`);
  }

  /** Resolves when the accepted lamp goes on. */
  lamp(): Promise<void> {
    return new Promise((resolve) => {
      const unlisten = this.board.onLamp((lamp, lit) => {
        if (lamp !== 'accepted' || !lit) return;
        unlisten();
        resolve();
      });
    });
  }

  async pressKey(level: Level): Promise<void> {
    const accepted = this.lamp();
    this.board.press(level);
    await accepted;
    this.board.release(level);
  }

  #secret(role: 'kiosk' | 'staff'): string {
    return readFileSync(join(this.dataDir, `${role}-secret`), 'utf8').trim();
  }
}
