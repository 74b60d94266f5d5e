/**
 * The virtual keypad as a program:
 * `node dist/simulator/keypad/main.js --port 7412 --control-port 0 --profile serial-keypad-events`.
 */
import { PjqError } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { BenchControl } from '../bench/bench-control.js';
import { deviceArguments, type DeviceArguments } from '../process/device-arguments.js';
import { BOX_FORMS, type BoxForm } from './box-forms.js';
import { VirtualKeypad } from './virtual-keypad.js';

/** @throws PjqError `config-invalid` with every fault of the arguments. */
function readArguments(): DeviceArguments & { readonly form: BoxForm } {
  const formOf = (own: DeviceArguments['own']) => BOX_FORMS.find(({ name }) => name === own['profile']);
  const known = BOX_FORMS.map(({ name }) => name).join(', ');
  const faultOf = (got: unknown) => `--profile: must be one of ${known} (got ${JSON.stringify(got ?? 'nothing')})`;
  const read = deviceArguments({ profile: { type: 'string' } }, (own) =>
    formOf(own) === undefined ? [faultOf(own['profile'])] : [],
  );
  const form = formOf(read.own);
  if (form === undefined) throw new PjqError('config-invalid', `\n${faultOf(read.own['profile'])}`);
  return { ...read, form };
}

await runProgram(async () => {
  const { host, port, controlPort, form } = readArguments();
  const log = createLogger('simulator-keypad');
  const keypad = new VirtualKeypad({ form, host, port });
  const control = new BenchControl({ keys: keypad, port: controlPort });
  const box = await keypad.start();
  const http = await control.start();
  log.info({ port: box.port, controlPort: http.port }, 'listening');
  return async () => {
    await control.stop();
    await keypad.stop();
  };
});
