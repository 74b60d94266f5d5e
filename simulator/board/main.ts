/**
 * The virtual board as a program:
 * `node dist/simulator/board/main.js --port 7411 --control-port 0 [--firmware fast|avr] [--hurried-boot]`.
 */
import { createLogger } from '../../protocol/runtime/logging.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { BenchControl } from '../bench/bench-control.js';
import { deviceArguments, type DeviceArguments } from '../process/device-arguments.js';
import { UNO_WIRING_WITH_RESISTORS } from './uno-wiring.js';
import { VirtualBoard } from './virtual-board.js';

const FIRMWARES = ['fast', 'avr'] as const;

interface Arguments extends DeviceArguments {
  readonly firmware: (typeof FIRMWARES)[number];
  readonly hurriedBoot: boolean;
}

/** @throws PjqError `config-invalid` with every fault of the arguments. */
function readArguments(): Arguments {
  const options = { firmware: { type: 'string' }, 'hurried-boot': { type: 'boolean' } } as const;
  const firmwareOf = (own: DeviceArguments['own']) => FIRMWARES.find((name) => name === (own['firmware'] ?? 'fast'));
  const read = deviceArguments(options, (own) =>
    firmwareOf(own) === undefined
      ? [`--firmware: must be one of ${FIRMWARES.join(', ')} (got ${JSON.stringify(own['firmware'])})`]
      : [],
  );
  return { ...read, firmware: firmwareOf(read.own) ?? 'fast', hurriedBoot: read.own['hurried-boot'] === true };
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
  const control = new BenchControl({ keys: board, port: chosen.controlPort });
  const firmata = await board.start();
  const http = await control.start();
  log.info({ port: firmata.port, controlPort: http.port, firmware: chosen.firmware }, 'listening');
  return async () => {
    await control.stop();
    await board.stop();
  };
});
