/** The folder of a demo hall: configurations, secrets, the data of each part, and the logs of the processes. */
import { existsSync, mkdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';
import { LOOPBACK, type DemoPorts } from './demo-ports.js';
import type { WirePorts } from './hall-wires.js';

export const HALL = 'demo';

/** How a counter's virtual board is made: a quick one in TypeScript, or the genuine firmware on an emulated chip. */
export const BOARD_FORMS = ['fast', 'avr'] as const;
export type BoardForm = (typeof BOARD_FORMS)[number];

/** The genuine firmware that is at hand knows no pull-up mode: its keys have resistors of their own. */
const BOARD_PROFILES: Readonly<Record<BoardForm, string>> = { fast: 'uno-five-keys', avr: 'uno-outer-resistors' };
/** The keypad of a counter that has one in place of the board. */
const KEYPAD_PROFILE = 'serial-keypad-events';

export interface CounterPlace {
  /** From 1; the window's number as well. */
  readonly number: number;
  readonly terminal: string;
  readonly configFile: string;
  readonly dataDir: string;
  readonly httpPort: number;
  readonly boardPort: number;
  readonly printerPort: number;
  readonly printerControlPort: number;
  readonly staffNo: string;
  /** Profile of its serial keypad; `undefined` where it has a board. */
  readonly keypad: string | undefined;
}

export interface HallFiles {
  readonly logDir: string;
  readonly gatewayConfig: string;
  readonly apiSecretFile: string;
  readonly centreSecretFile: string;
  readonly centreDataDir: string;
  readonly counters: readonly CounterPlace[];
  readonly wires: WirePorts;
  readonly board: BoardForm;
}

/** Name, staff with their pictures, matters: beside the compiled programs' folder, as in the checkout. */
export const HALL_FILE = fileURLToPath(new URL('../../../simulator/demo/hall/hall.yaml', import.meta.url));

const OWNER_ONLY = 0o600;
/** A demo is watched: what was away is looked for again within a second or two. */
const RETRY = { initialMs: 200, factor: 2, capMs: 1_500, jitter: 0.3 };

/**
 * Writes what the parts need. Where one part connects to another it is told the near end of the wire between them.
 * Ports may differ from the last start, so configurations are written anew; secrets stay.
 */
export function writeHallFiles(options: {
  readonly dataDir: string;
  readonly policyFile: string;
  readonly terminals: number;
  readonly ports: DemoPorts;
  readonly wires: WirePorts;
  readonly board: BoardForm;
  /** Numbers of the counters that have a serial keypad in place of the board. */
  readonly keypads: readonly number[];
  /** Who serves at the counters, one after the other; when they are used up, from the first again. */
  readonly staffNos: readonly string[];
}): HallFiles {
  const { dataDir, policyFile, terminals, ports, wires, board, keypads, staffNos } = options;
  const folder = (name: string) => {
    const path = join(dataDir, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const files: HallFiles = {
    logDir: folder('logs'),
    gatewayConfig: join(folder('gateway'), 'gateway.yaml'),
    apiSecretFile: keptSecret(join(folder('secrets'), 'business-system')),
    centreSecretFile: keptSecret(join(folder('secrets'), 'centre')),
    centreDataDir: folder('centre'),
    wires,
    board,
    counters: Array.from({ length: terminals }, (_, index) => {
      const number = index + 1;
      const place = folder(`terminal-${number}`);
      return {
        number,
        terminal: `t${number}`,
        staffNo: staffNos[index % staffNos.length] ?? String(1000 + number),
        configFile: join(place, 'terminal.yaml'),
        dataDir: join(place, 'data'),
        httpPort: ports.terminals + index,
        boardPort: ports.boards + index,
        printerPort: ports.printers + index,
        printerControlPort: ports.printerControls + index,
        keypad: keypads.includes(number) ? KEYPAD_PROFILE : undefined,
      };
    }),
  };
  writeYaml(files.gatewayConfig, {
    hall: HALL,
    gateway: 'g1',
    dataDir: join(folder('gateway'), 'data'),
    policyFile,
    http: { host: LOOPBACK, port: ports.gateway, secretFile: files.apiSecretFile },
    mqtt: { embedded: { host: LOOPBACK, port: ports.mqtt } },
    rate: { host: LOOPBACK, port: ports.phone, publicUrl: `http://${LOOPBACK}:${ports.phone}/r` },
    centre: { url: `http://${LOOPBACK}:${wires.centre}`, secretFile: files.centreSecretFile, retry: RETRY },
  });
  for (const [index, counter] of files.counters.entries()) {
    const wire = wires.counters[index];
    if (wire === undefined) throw new RangeError(`no wires for counter ${counter.number}`);
    writeYaml(counter.configFile, {
      hall: HALL,
      terminal: counter.terminal,
      window: String(counter.number),
      dataDir: counter.dataDir,
      policyFile,
      hallFile: HALL_FILE,
      http: {
        port: counter.httpPort,
        framedBy: [LOOPBACK, 'localhost'].map((host) => `http://${host}:${ports.page}`),
      },
      mqtt: { url: `mqtt://${LOOPBACK}:${wire.mqtt}` },
      board: { url: `tcp://${LOOPBACK}:${wire.board}`, profile: counter.keypad ?? BOARD_PROFILES[board] },
      printer: { url: `tcp://${LOOPBACK}:${wire.printer}`, profile: 'escpos-58' },
      receipt: { url: `http://${LOOPBACK}:${ports.phone}/r`, terminalNumber: counter.number },
      sync: { retry: RETRY },
    });
  }
  return files;
}

function keptSecret(file: string): string {
  if (!existsSync(file)) writeFileAtomic(file, `${randomBytes(32).toString('base64url')}\n`, OWNER_ONLY);
  return file;
}

function writeYaml(file: string, value: unknown): void {
  writeFileAtomic(file, stringify(value), OWNER_ONLY);
}
