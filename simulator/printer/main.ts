/** The virtual printer as a program: `node dist/simulator/printer/main.js --port 7421 --control-port 7431`. */
import { createLogger } from '../../protocol/runtime/logging.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { deviceArguments, type DeviceArguments } from '../process/device-arguments.js';
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
function readArguments(): DeviceArguments & { readonly columns: number } {
  const columnsOf = (own: DeviceArguments['own']) => String(own['columns'] ?? '32');
  const read = deviceArguments({ columns: { type: 'string' } }, (own) =>
    PAPERS.includes(columnsOf(own))
      ? []
      : [`--columns: must be ${PAPERS.join(' or ')} (got ${JSON.stringify(columnsOf(own))})`],
  );
  return { ...read, columns: Number(columnsOf(read.own)) };
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
