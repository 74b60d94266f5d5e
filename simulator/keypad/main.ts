/**
 * The virtual keypad as a program:
 * `node dist/simulator/keypad/main.js --port 7412 --control-port 0 --profile serial-keypad-events`.
 */
import { parseArgs } from 'node:util';
import { PjqError } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { runProgram } from '../../protocol/runtime/program.js';
import { BOX_FORMS, type BoxForm } from './box-forms.js';
import { ControlServer } from './control-server.js';
import { VirtualKeypad } from './virtual-keypad.js';

/** @throws PjqError `config-invalid` with every fault of the arguments. */
function readArguments(): { host: string; port: number; controlPort: number; form: BoxForm } {
  const faults: string[] = [];
  let values: { host?: string; port?: string; 'control-port'?: string; profile?: string };
  try {
    values = parseArgs({
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'control-port': { type: 'string' },
        profile: { type: 'string' },
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
  const form = BOX_FORMS.find(({ name }) => name === values.profile);
  const [host, port, controlPort] = [values.host ?? '127.0.0.1', portOf('port'), portOf('control-port')];
  if (!form) {
    const known = BOX_FORMS.map(({ name }) => name).join(', ');
    faults.push(`--profile: must be one of ${known} (got ${JSON.stringify(values.profile ?? 'nothing')})`);
  }
  if (!form || faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  return { host, port, controlPort, form };
}

await runProgram(async () => {
  const { host, port, controlPort, form } = readArguments();
  const log = createLogger('simulator-keypad');
  const keypad = new VirtualKeypad({ form, host, port });
  const control = new ControlServer({ keypad, port: controlPort });
  const box = await keypad.start();
  const http = await control.start();
  log.info({ port: box.port, controlPort: http.port }, 'listening');
  return async () => {
    await control.stop();
    await keypad.stop();
  };
});
