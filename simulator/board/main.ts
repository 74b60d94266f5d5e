/** The virtual board as a program: `node dist/simulator/board/main.js --port 7411 --control-port 0`. */
import { parseArgs } from 'node:util';
import { PjqError } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { ControlServer } from './control-server.js';
import { VirtualBoard } from './virtual-board.js';

/** @throws PjqError `config-invalid` with every fault of the arguments. */
function readArguments(): { host: string; port: number; controlPort: number } {
  const faults: string[] = [];
  let values: { host?: string; port?: string; 'control-port'?: string };
  try {
    values = parseArgs({
      options: { host: { type: 'string' }, port: { type: 'string' }, 'control-port': { type: 'string' } },
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
  const read = { host: values.host ?? '127.0.0.1', port: portOf('port'), controlPort: portOf('control-port') };
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  return read;
}

await runProgram(async () => {
  const { host, port, controlPort } = readArguments();
  const log = createLogger('simulator-board');
  const board = new VirtualBoard({ host, port });
  const control = new ControlServer({ board, port: controlPort });
  const firmata = await board.start();
  const http = await control.start();
  log.info({ port: firmata.port, controlPort: http.port }, 'listening');
  return async () => {
    await control.stop();
    await board.stop();
  };
});
