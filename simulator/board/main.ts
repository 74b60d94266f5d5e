/**
 * The virtual board as a program:
 * `node dist/simulator/board/main.js --port 7411 --control-port 0 [--firmware fast|avr] [--hurried-boot]`.
 */
import { parseArgs } from 'node:util';
import { PjqError } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { ControlServer } from './control-server.js';
import { UNO_WIRING_WITH_RESISTORS } from './uno-wiring.js';
import { VirtualBoard } from './virtual-board.js';

const FIRMWARES = ['fast', 'avr'] as const;

interface Arguments {
  readonly host: string;
  readonly port: number;
  readonly controlPort: number;
  readonly firmware: (typeof FIRMWARES)[number];
  readonly hurriedBoot: boolean;
}

/** @throws PjqError `config-invalid` with every fault of the arguments. */
function readArguments(): Arguments {
  const faults: string[] = [];
  let values: { host?: string; port?: string; 'control-port'?: string; firmware?: string; 'hurried-boot'?: boolean };
  try {
    values = parseArgs({
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'control-port': { type: 'string' },
        firmware: { type: 'string' },
        'hurried-boot': { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    throw new PjqError('config-invalid', `\n${(cause as Error).message}`, { cause });
  }
  const portOf = (name: 'port' | 'control-port') => {
    const text = values[name] ?? '0';
    const port = Number(text);
    if (!/^\d+$/.test(text) || port > 65_535)
      faults.push(`--${name}: must be a port, 0 for a free one (got ${JSON.stringify(text)})`);
    return port;
  };
  const firmware = FIRMWARES.find((name) => name === (values.firmware ?? 'fast'));
  if (firmware === undefined)
    faults.push(`--firmware: must be one of ${FIRMWARES.join(', ')} (got ${JSON.stringify(values.firmware)})`);
  const read = {
    host: values.host ?? '127.0.0.1',
    port: portOf('port'),
    controlPort: portOf('control-port'),
    firmware: firmware ?? 'fast',
    hurriedBoot: values['hurried-boot'] ?? false,
  };
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  return read;
}

async function makeBoard({ host, port, firmware, hurriedBoot }: Arguments): Promise<VirtualBoard> {
  if (firmware === 'fast') return new VirtualBoard({ host, port, wiring: UNO_WIRING_WITH_RESISTORS });
  // Loaded here: the emulator and the firmware are there for development only.
  const { avrBoard } = await import('./avr-board.js');
  return avrBoard({ host, port, hurriedBoot });
}

await runProgram(async () => {
  const chosen = readArguments();
  const log = createLogger('simulator-board');
  const board = await makeBoard(chosen);
  const control = new ControlServer({ board, port: chosen.controlPort });
  const firmata = await board.start();
  const http = await control.start();
  log.info({ port: firmata.port, controlPort: http.port, firmware: chosen.firmware }, 'listening');
  return async () => {
    await control.stop();
    await board.stop();
  };
});
