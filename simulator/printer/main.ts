/** The virtual printer as a program: `node dist/simulator/printer/main.js --port 7421 --control-port 7431`. */
import { parseArgs } from 'node:util';
import { PjqError } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { ControlServer } from './control-server.js';
import { installedFont } from './font/font-slices.js';
import { GlyphCells } from './font/glyph-cells.js';
import { Mechanism } from './mechanism.js';
import { CELLS } from './slip.js';
import { SlipPicture } from './slip-picture.js';
import { VirtualPrinter } from './virtual-printer.js';

/** Columns of half-width characters: paper of 58 mm and of 80 mm. */
const PAPERS = ['32', '48'];

/** @throws PjqError `config-invalid` with every fault of the arguments. */
function readArguments(): { host: string; port: number; controlPort: number; columns: number } {
  const faults: string[] = [];
  let values: { host?: string; port?: string; 'control-port'?: string; columns?: string };
  try {
    values = parseArgs({
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'control-port': { type: 'string' },
        columns: { type: 'string' },
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
  const { columns = '32' } = values;
  if (!PAPERS.includes(columns))
    faults.push(`--columns: must be ${PAPERS.join(' or ')} (got ${JSON.stringify(columns)})`);
  const read = {
    host: values.host ?? '127.0.0.1',
    port: portOf('port'),
    controlPort: portOf('control-port'),
    columns: Number(columns),
  };
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  return read;
}

await runProgram(async () => {
  const { host, port, controlPort, columns } = readArguments();
  const log = createLogger('simulator-printer');
  const widthDots = columns * CELLS.A.width;
  const mechanism = new Mechanism({ widthDots, now: Date.now });
  const printer = new VirtualPrinter({ mechanism, host, port });
  const picture = new SlipPicture(widthDots, new GlyphCells(installedFont()));
  const control = new ControlServer({ printer, mechanism, picture, port: controlPort });
  const paper = await printer.start();
  const http = await control.start();
  log.info({ port: paper.port, controlPort: http.port, columns }, 'listening');
  return async () => {
    await control.stop();
    await printer.stop();
  };
});
