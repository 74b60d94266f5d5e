/** The port through which the gateway asks something of a terminal. */
import type { Command, Reply } from '../../protocol/index.js';

export interface TerminalCommands {
  /**
   * Publishes a command and waits for its reply. The same command (same `id`) may be sent again: the terminal
   * does it once.
   * @throws PjqError `unreachable` when the terminal is not connected or does not answer within `timeoutMs`;
   *   it may still have done it, and says so in its log.
   */
  send(terminal: string, command: Command, timeoutMs: number): Promise<Reply>;
}
