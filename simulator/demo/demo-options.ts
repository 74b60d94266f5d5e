/** The command line of the demo. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { faultsOf } from '../../protocol/runtime/configuration.js';
import { BOARD_FORMS, type BoardForm } from './hall-files.js';
import { DEFAULT_PORTS, namedPorts, type DemoPorts } from './demo-ports.js';

export interface DemoOptions {
  readonly headless: boolean;
  /** `undefined`: a new folder that is removed at the end. */
  readonly dataDir: string | undefined;
  readonly terminals: number;
  readonly policyFile: string;
  readonly board: BoardForm;
  /** Counters with a serial keypad in place of the board. */
  readonly keypads: readonly number[];
  readonly ports: DemoPorts;
}

/** Beside the compiled programs' folder, as in the checkout. */
const DEFAULT_POLICY = fileURLToPath(new URL('../../../gateway/policies/default.yaml', import.meta.url));

const portSchema = z.coerce.number().int().min(1).max(65_535);
const valuesSchema = z.object({
  headless: z.boolean().default(false),
  data: z.string().min(1).optional(),
  policy: z.string().min(1),
  terminals: z.coerce.number().int().min(1).max(99),
  board: z.enum(BOARD_FORMS),
  keypad: z.array(z.coerce.number().int().min(1)).default([]),
  pagePort: portSchema,
  gatewayPort: portSchema,
  mqttPort: portSchema,
  phonePort: portSchema,
  centrePort: portSchema,
  terminalPort: portSchema,
  boardPort: portSchema,
  printerPort: portSchema,
  printerControlPort: portSchema,
});

/** @throws PjqError `config-invalid` with every fault. */
export function readDemoOptions(argv: readonly string[]): DemoOptions {
  const command = new Command('pjq-demo')
    .description(
      'a whole hall on this machine: terminals, virtual boards and printers, gateway and centre, each a process of its own',
    )
    .option('--headless', 'without the page')
    .option('--data <dir>', 'keep the data here and go on with what is there (default: a temporary folder)')
    .option('--terminals <n>', 'number of counters', '3')
    .option('--board <form>', 'fast, or avr: the genuine firmware on an emulated chip', 'fast')
    .option(
      '--keypad <n>',
      'counter n has a serial keypad in place of the board; again for another counter',
      (value: string, earlier: readonly string[] = []) => [...earlier, value],
    )
    .option('--policy <file>', "the hall's policy", DEFAULT_POLICY)
    .option('--page-port <port>', 'the page and its interface for scripts', String(DEFAULT_PORTS.page))
    .option('--gateway-port <port>', "the gateway's HTTP", String(DEFAULT_PORTS.gateway))
    .option('--mqtt-port <port>', "the gateway's MQTT", String(DEFAULT_PORTS.mqtt))
    .option('--phone-port <port>', 'the page on which phones rate', String(DEFAULT_PORTS.phone))
    .option('--centre-port <port>', 'the centre', String(DEFAULT_PORTS.centre))
    .option('--terminal-port <port>', 'first of the terminals, one port each', String(DEFAULT_PORTS.terminals))
    .option('--board-port <port>', 'first of the boards, one port each', String(DEFAULT_PORTS.boards))
    .option('--printer-port <port>', 'first of the printers, one port each', String(DEFAULT_PORTS.printers))
    .option(
      '--printer-control-port <port>',
      "first of the printers' controls, one port each",
      String(DEFAULT_PORTS.printerControls),
    )
    .parse([...argv], { from: 'user' });
  const values = command.opts<Record<string, unknown>>();
  const parsed = valuesSchema.safeParse(values);
  if (!parsed.success) throw new PjqError('config-invalid', `\n${faultsOf(parsed.error, values).join('\n')}`);
  const { headless, data, policy, terminals, board, keypad } = parsed.data;
  const ports = portsOf(parsed.data);
  refuseKeypadsBeyond(terminals, keypad);
  refuseSharedPorts(ports, terminals);
  return {
    headless,
    dataDir: data === undefined ? undefined : resolve(data),
    terminals,
    policyFile: resolve(policy),
    board,
    keypads: keypad,
    ports,
  };
}

function portsOf(values: z.infer<typeof valuesSchema>): DemoPorts {
  return {
    page: values.pagePort,
    gateway: values.gatewayPort,
    mqtt: values.mqttPort,
    phone: values.phonePort,
    centre: values.centrePort,
    terminals: values.terminalPort,
    boards: values.boardPort,
    printers: values.printerPort,
    printerControls: values.printerControlPort,
  };
}

function refuseKeypadsBeyond(terminals: number, keypads: readonly number[]): void {
  const faults = keypads
    .filter((number) => number > terminals)
    .map((number) => `--keypad: must be a counter of the demo, 1 to ${terminals} (got ${number})`);
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
}

function refuseSharedPorts(ports: DemoPorts, terminals: number): void {
  const optionOf = new Map<number, string>();
  const faults: string[] = [];
  for (const { port, option } of namedPorts(ports, terminals)) {
    const other = optionOf.get(port);
    if (port > 65_535) faults.push(`${option}: the row goes past the last port (got ${port})`);
    if (other !== undefined) faults.push(`${option}: must not meet ${other} (got ${port})`);
    optionOf.set(port, option);
  }
  if (faults.length > 0) throw new PjqError('config-invalid', `\n${faults.join('\n')}`);
}
