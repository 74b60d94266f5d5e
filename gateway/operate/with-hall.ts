/** What every command of the operator works with: the hall of a configuration, and a place to say things. */
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { gatewayConfigurationSchema, type GatewayConfiguration } from '../configuration.js';
import { openHall } from '../open-hall.js';

export type OpenedHall = Awaited<ReturnType<typeof openHall>>;

/** The option that every command with a hall takes. */
export const CONFIG = ['--config <file>', "the gateway's configuration"] as const;

/** One line to standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Opens the hall of a configuration, works, and closes it whatever happens. */
export async function withHall(
  options: { config: string },
  work: (hall: OpenedHall, config: GatewayConfiguration) => Promise<void>,
): Promise<void> {
  const config = readConfiguration(options.config, gatewayConfigurationSchema);
  const hall = await openHall(config);
  try {
    await work(hall, config);
  } finally {
    await hall.store.close();
  }
}
