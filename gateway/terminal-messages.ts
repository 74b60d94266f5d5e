/** Sorts what terminals say: to the log, to waiting commands, to the registry's view. Bad input is answered, never fatal. */
import {
  decodeMessage,
  encodeMessage,
  isPjqError,
  type ConfigMessage,
  type Policy,
  type Suite,
  type UpChannel,
  RETAINED,
} from '../protocol/index.js';
import type { Logger } from '../protocol/runtime/logging.js';
import type { Broker } from './broker/broker.js';
import type { MqttCommands } from './commands/mqtt-commands.js';
import type { Ingest } from './ingest/ingest.js';
import { listInForce } from './reasons/reason-lists.js';
import type { Db } from './store/store.js';

export interface TerminalMessagesParts {
  readonly suite: Suite;
  readonly db: Db;
  readonly ingest: Ingest;
  readonly commands: MqttCommands;
  readonly broker: Broker;
  readonly policy: Policy;
  readonly policyId: string;
  readonly logger: Logger;
}

export class TerminalMessages {
  readonly #parts: TerminalMessagesParts;

  constructor(parts: TerminalMessagesParts) {
    this.#parts = parts;
  }

  receive(terminal: string, channel: UpChannel, payload: Uint8Array): void {
    const { suite, ingest, commands } = this.#parts;
    try {
      switch (channel) {
        case 'log':
          return ingest.batch(terminal, payload);
        case 'state':
          ingest.state(terminal, payload);
          return this.#inBackground(this.#publishConfig(terminal), terminal);
        case 'reply':
          return commands.replied(terminal, decodeMessage(suite, 'reply', payload));
        case 'health':
          return this.#inBackground(
            this.#keepHealth(terminal, JSON.stringify(decodeMessage(suite, 'health', payload))),
            terminal,
          );
        case 'info':
          decodeMessage(suite, 'info', payload);
      }
    } catch (error) {
      if (!isPjqError(error)) throw error;
      ingest.refuse(terminal, error.code, `${channel}: ${error.detail ?? ''}`);
    }
  }

  #inBackground(work: Promise<void>, terminal: string): void {
    work.catch((error: unknown) => this.#parts.logger.error({ terminal, error }, 'terminal message'));
  }

  /** Tells every terminal what the hall asks of it now. */
  async publishConfigs(): Promise<void> {
    const rows = await this.#parts.db.selectFrom('terminal').select('terminal').orderBy('terminal').execute();
    for (const { terminal } of rows) await this.#publishConfig(terminal);
  }

  /** What the hall asks of this terminal, retained, so that it is there at the next connection too. */
  async #publishConfig(terminal: string): Promise<void> {
    const { db, broker, suite, policy, policyId } = this.#parts;
    const row = await db.selectFrom('terminal').select('window').where('terminal', '=', terminal).executeTakeFirst();
    if (row === undefined) return;
    const { id, reasons } = await listInForce(db);
    const config: ConfigMessage = {
      v: 1,
      window: row.window,
      policyId,
      policy: policy.terminal,
      indicators: policy.indicators,
      reasons: { id, reasons: [...reasons] },
    };
    broker.publish(terminal, 'config', encodeMessage(suite, 'config', config), { retain: RETAINED.config });
  }

  async #keepHealth(terminal: string, health: string): Promise<void> {
    await this.#parts.db.updateTable('terminal').set({ health }).where('terminal', '=', terminal).execute();
  }
}
