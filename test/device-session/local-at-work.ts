/** The local interface over a real socket, before a counter with its real log. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { LocalServer, type LocalServerParts } from '../../device/local/local-server.js';
import { Screens } from '../../device/local/screens.js';
import { readHallFile, type HallFacts } from '../../device/hall-file.js';
import { ReceiptCodes } from '../../device/receipt/receipt-codes.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { PartFaults } from '../../device/log/part-faults.js';
import { ScreenWatch } from '../../device/local/screen-watch.js';
import type { SelfCheck } from '../../device/self-check/self-check.js';
import { counterAtWork, type CounterAtWork } from './counter-at-work.js';
import { BOOT, POLICY } from './table-fixtures.js';

export const RECEIPT_KEY = { keyNumber: 1, key: new Uint8Array(32).fill(9) };
export const TERMINAL_NUMBER = 12;

const HALL_YAML = `
hall: { zh: 测试市政务服务大厅, en: Test Hall }
staff:
  - { staffNo: A1, name: 李明, post: 综合受理, title: 科员, photo: a1.svg }
  - { staffNo: B2, name: 王芳 }
matters:
  - { code: M1, name: 户口迁移 }
  - { code: M2, name: 离婚登记, label: 婚姻登记 }
`;
export const PHOTO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>';

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
  readonly json: Record<string, unknown>;
}

export async function atWork(
  options: {
    readonly framedBy?: readonly string[];
    readonly printAgain?: LocalServerParts['printAgain'];
    /** What is in the hall file. */
    readonly hallYaml?: string;
    readonly selfCheckOf?: (work: CounterAtWork & { readonly facts: HallFacts }) => SelfCheck;
  } = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'pjq-local-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const work = counterAtWork();
  const pagesDir = join(dataDir, 'pages');
  for (const page of ['kiosk', 'staff']) {
    mkdirSync(join(pagesDir, page), { recursive: true });
    writeFileSync(join(pagesDir, page, 'index.html'), `<!doctype html><title>${page}</title>`);
  }
  mkdirSync(join(pagesDir, 'assets'));
  writeFileSync(join(pagesDir, 'assets', 'main-abc.js'), 'void 0;');
  writeFileSync(join(dataDir, 'hall.yaml'), options.hallYaml ?? HALL_YAML);
  writeFileSync(join(dataDir, 'a1.svg'), PHOTO);
  const facts = readHallFile(join(dataDir, 'hall.yaml'));
  const backlog = { entries: 0 };
  const codes = new ReceiptCodes({
    suite: nodeSuite,
    terminalNumber: TERMINAL_NUMBER,
    key: RECEIPT_KEY,
    url: 'https://pj.example.cn/r',
  });
  const faults = new PartFaults({ log: work.log, logger: work.logger, clock: work.time, timers: work.time });
  const followers = { now: 0 };
  const watch = new ScreenWatch({ faults, timers: work.time });
  const selfCheck = options.selfCheckOf?.({ ...work, facts });
  const screens = new Screens({
    counter: work.counter,
    book: work.book,
    facts,
    policy: () => POLICY,
    window: () => '12',
    timeZone: 'Asia/Shanghai',
    codes,
    receipts: null,
    network: () => 'lost',
    backlog: () => backlog.entries,
    screen: () => watch.link,
    ...(selfCheck === undefined ? {} : { selfCheck }),
  });
  const parts: LocalServerParts = {
    counter: work.counter,
    port: 0,
    framedBy: options.framedBy ?? [],
    pagesDir,
    dataDir,
    bootId: BOOT,
    terminal: 't1',
    randomness: nodeRandomness,
    monoMs: () => work.time.monoMs(),
    timers: work.time,
    facts,
    health: () => ({ parts: work.counter.health() }),
    kioskView: (seal) => screens.kiosk(seal),
    deskView: () => screens.desk(),
    printAgain: options.printAgain ?? null,
    ...(selfCheck === undefined ? {} : { selfCheck }),
    onScreens: (total) => {
      followers.now = total;
      watch.followers(total);
    },
    logger: work.logger,
  };
  const server = new LocalServer(parts);
  const url = new URL(await server.start());
  selfCheck?.onChange(() => server.refresh());
  /** The connections of the pages that follow, in the order in which they came. */
  const pages: IncomingMessage[] = [];
  onTestFinished(() => server.stop());
  const secret = (role: 'kiosk' | 'staff') => readFileSync(join(dataDir, `${role}-secret`), 'utf8');

  /** Over a real socket, with any header. */
  const call = (
    method: string,
    path: string,
    options: { as?: 'kiosk' | 'staff'; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const body =
        typeof options.body === 'string'
          ? options.body
          : options.body === undefined
            ? undefined
            : JSON.stringify(options.body);
      const sent = request(
        {
          host: '127.0.0.1',
          port: url.port,
          method,
          path,
          headers: {
            ...(options.as ? { authorization: `Bearer ${secret(options.as)}` } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...options.headers,
          },
        },
        (response) => {
          let text = '';
          response
            .setEncoding('utf8')
            .on('data', (part: string) => (text += part))
            .on('end', () => {
              resolve({
                status: response.statusCode ?? 0,
                type: response.headers['content-type'] ?? '',
                text,
                headers: response.headers,
                json: (response.headers['content-type'] ?? '').includes('json')
                  ? (JSON.parse(text) as Record<string, unknown>)
                  : {},
              });
            });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  /** Follows a page's events; lines as they come. */
  const follow = async (as: 'kiosk' | 'staff') => {
    const lines: Record<string, unknown>[] = [];
    const response = await new Promise<IncomingMessage>((resolve) => {
      request(
        {
          host: '127.0.0.1',
          port: url.port,
          path: as === 'kiosk' ? '/v1/screen/events' : '/v1/desk/events',
          headers: { authorization: `Bearer ${secret(as)}` },
        },
        resolve,
      ).end();
    });
    pages.push(response);
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const whole = text.split('\n');
      text = whole.pop() ?? '';
      lines.push(...whole.map((line) => JSON.parse(line) as Record<string, unknown>));
    });
    response.on('error', () => undefined);
    onTestFinished(() => void response.destroy());
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0));
    return lines;
  };
  return { ...work, call, follow, pages, secret, dataDir, parts, url, backlog, codes, facts, watch, followers };
}

export function expectProblem(answer: Answered, status: number, code: string): void {
  expect(answer).toMatchObject({ status, json: { status, code } });
  expect(answer.type).toContain('application/problem+json');
  expect(answer.json['title']).toBeTypeOf('string');
  expect(answer.json['hint']).toBeTypeOf('string');
}
