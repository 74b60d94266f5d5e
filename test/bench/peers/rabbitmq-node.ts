/** A RabbitMQ node of one's own: its own home, ports and name server; nothing of a system service. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectAmqp } from './amqp-client.js';
import { OwnProcess } from './own-process.js';

/** Debian's wrapper in the path changes the user; this is what it starts. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const START_MS = 120_000;

export function rabbitmqMissing(): string | null {
  return existsSync(SERVER) ? null : 'rabbitmq-server is not installed';
}

export interface NodePorts {
  readonly amqp: number;
  readonly distribution: number;
  readonly names: number;
}

/** The name server of Erlang that both nodes ask; without one of their own they would leave one behind. */
export function nameServer(port: number): OwnProcess {
  return OwnProcess.of('epmd', ['-port', String(port), '-address', '127.0.0.1']);
}

export class RabbitmqNode {
  readonly #process: OwnProcess;
  readonly #ports: NodePorts;
  readonly #log: string;

  /** @param advanced terms of its advanced configuration, Erlang. */
  constructor(folder: string, name: string, ports: NodePorts, advanced = '[].') {
    mkdirSync(folder, { recursive: true });
    const file = (named: string, text: string) => {
      writeFileSync(join(folder, named), text);
      return join(folder, named);
    };
    this.#ports = ports;
    this.#log = join(folder, 'log');
    this.#process = OwnProcess.of(SERVER, [], {
      HOME: folder,
      RABBITMQ_NODENAME: `${name}-${ports.amqp}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(ports.amqp),
      RABBITMQ_DIST_PORT: String(ports.distribution),
      ERL_EPMD_PORT: String(ports.names),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: this.#log,
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RABBITMQ_CONF_ENV_FILE: file('environment', ''),
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', 'log.file.level = warning\n'),
      RABBITMQ_ADVANCED_CONFIG_FILE: file('advanced.config', advanced),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('plugins', '[rabbitmq_shovel].'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    });
  }

  /** Resolves once it serves. */
  async start(): Promise<void> {
    this.#process.start();
    for (const deadline = Date.now() + START_MS; ;) {
      try {
        await (await connectAmqp(this.#ports.amqp)).close();
        return;
      } catch (error) {
        if (!this.#process.running) throw new Error(`RabbitMQ ended: ${this.#told()}`, { cause: error });
        if (Date.now() > deadline) throw new Error(`RabbitMQ did not start: ${this.#told()}`, { cause: error });
      }
      await wait(100);
    }
  }

  kill(): Promise<void> {
    return this.#process.end('SIGKILL');
  }

  #told(): string {
    const file = join(this.#log, 'startup_err');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-500) : 'no word of it';
  }
}
