/** What is broken in a terminal, for real where it can be, and how its self-check must name it. */
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { GatewayTime } from '../../device/sync/gateway-time.js';
import type { PrinterStatus } from '../../hw/ports/receipt-printer.js';
import { UNO_WIRING } from '../../simulator/board/uno-wiring.js';
import type { Level } from '../../protocol/index.js';
import { benchFolder, HEALTHY_PRINTER, machineIn, type Bench, type CheckBench } from './check-bench.js';
import { realBoard, realPrinter } from './real-hardware.js';

const DAY_MS = 86_400_000;

export interface Fault {
  readonly item: string;
  readonly code: string;
  /** What else is not as it should be, for the same cause. */
  readonly also?: readonly string[];
  readonly bench?: () => Bench | Promise<Bench>;
  /** What is broken when all stands. */
  readonly inject?: (bench: CheckBench) => void | Promise<void>;
  readonly result?: 'limited' | 'fail';
}

/** SQL beside the running program, as a fault of the card would change the file. */
function onFile({ parts }: CheckBench, work: (db: Database.Database) => void): void {
  const db = new Database(parts.logFile);
  try {
    work(db);
  } finally {
    db.close();
  }
}

/** Bytes of the file itself, once all stands in it. */
function overwritePage(bench: CheckBench): void {
  bench.log.append(Array.from({ length: 1_500 }, () => ({ kind: 'resume', body: {} }) as const));
  onFile(bench, (db) => db.pragma('wal_checkpoint(TRUNCATE)'));
  const { size } = statSync(bench.parts.logFile);
  const file = openSync(bench.parts.logFile, 'r+');
  writeSync(file, Buffer.alloc(4_096, 0xa5), 0, 4_096, Math.floor(size / 4_096 / 2) * 4_096);
  closeSync(file);
}

function openssl(folder: string, ...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

/** Certificates of the system's openssl, good for so many days. */
export function certificates(folder = benchFolder(), days = 30) {
  const files = { caFile: join(folder, 'ca.pem'), certFile: join(folder, 'own.pem'), keyFile: join(folder, 'own.key') };
  const make = (name: string) =>
    openssl(
      folder,
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      String(days),
      '-subj',
      `/CN=${name}`,
    );
  make('ca');
  make('own');
  return files;
}

const withCertificates =
  (change: (files: ReturnType<typeof certificates>) => void = () => undefined, days?: number) =>
  () => {
    const files = certificates(benchFolder(), days);
    change(files);
    return { parts: { certificates: files } };
  };
/** @param set on the virtual printer; `told`: how its driver tells it. */
const printerIs = (set: object, told: Partial<PrinterStatus>) => async (): Promise<Bench> => {
  const printer = await realPrinter();
  await printer.bench.set(set);
  await printer.is(told);
  return { parts: { printer: printer.part }, clerk: { scans: printer.scans } };
};
/** A wire of the board that goes to another pin, or to none. */
const wired = (keys: readonly (readonly [Level, number])[]) => async (): Promise<Bench> => {
  const board = await realBoard({ ...UNO_WIRING, keys: new Map([...UNO_WIRING.keys, ...keys]) });
  return { board: board.driver, clerk: board.clerk };
};

export const FAULTS: Readonly<Record<string, Fault>> = {
  'a page of the log is overwritten': {
    item: 'log-integrity',
    code: 'log-damaged',
    inject: overwritePage,
    result: 'fail',
  },
  'an entry of the log was changed': {
    item: 'log-chain',
    code: 'log-chain-broken',
    result: 'fail',
    inject: (bench) => {
      bench.log.append([
        { kind: 'resume', body: {} },
        { kind: 'resume', body: {} },
      ]);
      onFile(bench, (db) => db.prepare('UPDATE entry SET bytes = ? WHERE seq = 2').run(Buffer.from('{}')));
    },
  },
  'the last entry has gone': {
    item: 'log-chain',
    code: 'log-head-differs',
    result: 'fail',
    inject: (bench) =>
      onFile(bench, (db) => db.prepare('DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)').run()),
  },
  "the log's file has gone": {
    item: 'log-integrity',
    code: 'log-unreadable',
    also: ['log-chain'],
    result: 'fail',
    inject: ({ parts }) => rmSync(parts.logFile),
  },
  // The file system of /proc has no free block, as a full disk has none.
  'the disk is full': {
    item: 'log-space',
    code: 'log-space-out',
    also: ['log-write'],
    result: 'fail',
    bench: () => ({ parts: { dataDir: '/proc/self' } }),
  },
  'the folder of the log has gone': {
    item: 'log-space',
    code: 'log-space-unknown',
    also: ['log-write'],
    result: 'fail',
    bench: () => ({ parts: { dataDir: '/nowhere' } }),
  },
  // A device that refuses every byte with ENOSPC.
  'the disk takes no byte': {
    item: 'log-write',
    code: 'log-write-failed',
    result: 'fail',
    inject: ({ folder }) => symlinkSync('/dev/full', join(folder, 'self-check.probe')),
  },
  'the clock is ten seconds off': {
    item: 'clock',
    code: 'clock-off',
    inject: ({ time }) => void (time.wallOffsetMs += 10_000),
  },
  'the gateway was never heard': {
    item: 'clock',
    code: 'clock-unknown',
    bench: () => ({ parts: { gatewayTime: new GatewayTime({ wallMs: Date.now, monoMs: () => 0 }, 2_000) } }),
  },
  'the network is gone': {
    item: 'network',
    code: 'network-lost',
    inject: ({ network }) => void (network.state = 'lost'),
  },
  'the network is half there': {
    item: 'network',
    code: 'network-degraded',
    inject: ({ network }) => void (network.state = 'degraded'),
  },
  'much waits to be sent': {
    item: 'backlog',
    code: 'backlog-large',
    inject: ({ log }) => log.append(Array.from({ length: 2_100 }, () => ({ kind: 'resume', body: {} }) as const)),
  },
  'something waits for an hour': {
    item: 'backlog',
    code: 'backlog-old',
    inject: ({ time }) => time.advance(3_700_000),
  },
  'the certificate has expired': {
    item: 'certificates',
    code: 'certificate-expired',
    also: ['clock'],
    bench: withCertificates(),
    inject: ({ gatewayTime, time }) => gatewayTime.hear(time.wallMs() + 31 * DAY_MS, null),
  },
  'the certificate expires in ten days': {
    item: 'certificates',
    code: 'certificate-expiring',
    bench: withCertificates(undefined, 10),
  },
  'the certificate is not valid yet': {
    item: 'certificates',
    code: 'certificate-early',
    also: ['clock'],
    bench: () => {
      const yesterday = { wallMs: () => Date.now() - DAY_MS, monoMs: () => 0 };
      const gatewayTime = new GatewayTime(yesterday, 2_000);
      gatewayTime.hear(yesterday.wallMs(), null);
      return { parts: { ...withCertificates()().parts, gatewayTime } };
    },
  },
  'the certificate cannot be read': {
    item: 'certificates',
    code: 'certificate-unreadable',
    bench: withCertificates(({ certFile }) => writeFileSync(certFile, 'no certificate')),
  },
  'the key belongs to another certificate': {
    item: 'certificates',
    code: 'certificate-mismatch',
    bench: withCertificates(({ keyFile }) => writeFileSync(keyFile, readFileSync(keyFile.replace('own', 'ca')))),
  },
  'nobody is in the hall file': { item: 'roster', code: 'roster-empty', bench: () => ({ hallYaml: 'staff: []\n' }) },
  'the hall file is a month old': {
    item: 'roster',
    code: 'roster-old',
    inject: ({ parts }) => utimesSync(parts.hallFile ?? '', new Date(), new Date(Date.now() - 31 * DAY_MS)),
  },
  'who checks is not in the hall file': { item: 'roster', code: 'staff-unknown', bench: () => ({ staffNo: 'Z9' }) },
  'the hall file has gone': {
    item: 'roster',
    code: 'roster-unreadable',
    inject: ({ parts }) => rmSync(parts.hallFile ?? ''),
  },
  'the processor is at 85 degrees': {
    item: 'temperature',
    code: 'temperature-high',
    inject: ({ folder }) => void machineIn(folder, { temp: '85000' }),
  },
  'the power sagged since the boot': {
    item: 'power',
    code: 'under-voltage',
    inject: ({ folder }) => void machineIn(folder, { throttled: '50000' }),
  },
  'the power sags now': {
    item: 'power',
    code: 'under-voltage',
    inject: ({ folder }) => void machineIn(folder, { alarm: '1' }),
  },
  'the board is unplugged': {
    item: 'board',
    code: 'board-lost',
    bench: async () => {
      const board = await realBoard();
      await board.bench.stop();
      return { board: board.driver, clerk: board.clerk };
    },
  },
  'a key is held down without end': {
    item: 'board',
    code: 'key-stuck',
    inject: ({ board }) => board.events.stuck(2),
  },
  'a key does not answer': { item: 'key-3', code: 'key-silent', bench: wired([[3, 13]]) },
  'a key answers as another': { item: 'key-4', code: 'key-crossed', bench: wired([[4, 6]]) },
  'a lamp stays dark': {
    item: 'lamp-accepted',
    code: 'lamp-dark',
    bench: async () => {
      const board = await realBoard({ ...UNO_WIRING, lamps: { ...UNO_WIRING.lamps, accepted: 12 } });
      return { board: board.driver, clerk: board.clerk };
    },
  },
  'the USB keypad is unplugged': {
    item: 'keypad',
    code: 'keypad-lost',
    bench: () => ({ parts: { keypad: () => 'lost' } }),
  },
  "the citizen's screen is gone": {
    item: 'screen',
    code: 'screen-lost',
    inject: ({ screen }) => void (screen.state = 'lost'),
  },
  'a corner of the screen feels nothing': {
    item: 'touch-4',
    code: 'touch-silent',
    bench: () => ({ silentAt: ['touch-4'] }),
  },
  'a colour of the screen is missing': {
    item: 'screen-blue',
    code: 'screen-colour',
    bench: () => ({ denies: ['blue'] }),
  },
  'the sound cannot be played': {
    item: 'sound',
    code: 'sound-failed',
    bench: () => ({ parts: { sound: { play: () => Promise.resolve('failed') } } }),
  },
  'the sound is not heard': { item: 'sound', code: 'sound-unheard', bench: () => ({ denies: ['sound'] }) },
  'the printer has no paper': {
    item: 'paper',
    code: 'paper-out',
    bench: printerIs({ paper: 'out' }, { paper: 'out' }),
  },
  'the paper is near its end': {
    item: 'paper',
    code: 'paper-low',
    bench: printerIs({ paper: 'near-end' }, { paper: 'near-end' }),
  },
  'the cover is open': { item: 'cover', code: 'cover-open', bench: printerIs({ cover: 'open' }, { cover: 'open' }) },
  'the cutter is jammed': {
    item: 'cutter',
    code: 'cutter-error',
    bench: printerIs({ cutter: 'error' }, { cutter: 'error' }),
  },
  'the printer was put off line': {
    item: 'printer',
    code: 'printer-offline',
    bench: printerIs({ online: false }, { online: 'offline' }),
  },
  'the printer is unplugged': {
    item: 'printer',
    code: 'printer-lost',
    bench: () => ({
      parts: {
        printer: { status: () => ({ ...HEALTHY_PRINTER, link: 'lost' }), print: () => Promise.resolve('not-printed') },
      },
    }),
  },
  'the slip does not come': {
    item: 'slip',
    code: 'slip-not-printed',
    bench: () => ({
      parts: { printer: { status: () => HEALTHY_PRINTER, print: () => Promise.resolve('not-printed') } },
    }),
  },
  'the slip cannot be read': { item: 'slip', code: 'slip-unreadable', bench: () => ({ denies: ['slip'] }) },
  'the slip says something else': {
    item: 'slip',
    code: 'slip-misread',
    bench: () => ({ clerk: { scans: () => 'PJQ-CHECK-other' } }),
  },
  'nobody says whether the lamp is lit': {
    item: 'lamp-invited',
    code: 'lamp-invited-unanswered',
    bench: () => ({ silentAt: ['lamp-invited'] }),
  },
};
