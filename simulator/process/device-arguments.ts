/** The command line of a virtual device: where it listens, where its control does, and what is its own. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { PjqError } from '../../protocol/index.js';

export interface DeviceArguments {
  readonly host: string;
  readonly port: number;
  readonly controlPort: number;
  /** The device's own options, as they were written. */
  readonly own: Readonly<Record<string, string | boolean | undefined>>;
}

const LOOPBACK = '127.0.0.1';
const MOST_PORT = 65_535;

/**
 * @param own the device's own options.
 * @param faultsOf what is wrong with them, as `--name: reason (got …)`.
 * @throws PjqError `config-invalid` with every fault.
 */
export function deviceArguments(
  own: NonNullable<ParseArgsConfig['options']>,
  faultsOf: (own: DeviceArguments['own']) => readonly string[],
): DeviceArguments {
  let values: DeviceArguments['own'];
  try {
    values = parseArgs({
      options: { host: { type: 'string' }, port: { type: 'string' }, 'control-port': { type: 'string' }, ...own },
    }).values;
  } catch (cause) {
    throw new PjqError('config-invalid', `\n${(cause as Error).message}`, { cause });
  }
  const faults: string[] = [];
  const portOf = (name: 'port' | 'control-port') => {
    const text = String(values[name] ?? '0');
    const port = Number(text);
    if (!/^\d+$/.test(text) || port > MOST_PORT)
      faults.push(`--${name}: must be a port, 0 for a free one (got ${JSON.stringify(text)})`);
    return port;
  };
  const read = {
    host: String(values['host'] ?? LOOPBACK),
    port: portOf('port'),
    controlPort: portOf('control-port'),
    own: values,
  };
  faults.push(...faultsOf(values));
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
  return read;
}
