/** What every command of the operator works with: the hall of a configuration, and a place to say things. */
import { InvalidArgumentError } from 'commander';
import { PjqError } from '../../protocol/index.js';
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { gatewayConfigurationSchema, type GatewayConfiguration } from '../configuration.js';
import { openHall } from '../open-hall.js';
import { isLocked } from '../store/store-fault.js';

export type OpenedHall = Awaited<ReturnType<typeof openHall>>;

/** The option that every command with a hall takes. */
export const CONFIG = ['--config <file>', "the gateway's configuration"] as const;

/** As entries have it that say who did something. */
const MAX_WHO = 60;

/** The option of a command that stands in the log with who gave it. */
export const BY = ['--by <who>', 'who looked at it; stands in the log', who] as const;

function who(text: string): string {
  if (text.trim() === '' || text.length > MAX_WHO)
    throw new InvalidArgumentError(`must say who, in at most ${MAX_WHO} characters`);
  return text;
}

/** One line to standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A gateway that drains a backlog commits without a pause; a command waits until it has its turn. */
export const COMMAND_PATIENCE_MS = 30_000;

/**
 * Opens the hall of a configuration, works, and closes it whatever happens.
 * @throws PjqError `store-locked` when another program left it no turn.
 */
export async function withHall(
  options: { config: string },
  work: (hall: OpenedHall, config: GatewayConfiguration) => Promise<void>,
): Promise<void> {
  const config = readConfiguration(options.config, gatewayConfigurationSchema);
  const hall = await openHall(config, { patienceMs: COMMAND_PATIENCE_MS });
  try {
    await work(hall, config);
  } catch (cause) {
    throw isLocked(cause) ? new PjqError('store-locked', config.dataDir, { cause }) : cause;
  } finally {
    await hall.store.close();
  }
}
