/** Commands over MQTT: published under an id, answered by a reply with the same id. */
import { encodeMessage, PjqError, type Command, type Reply, type Suite, RETAINED } from '../../protocol/index.js';
import type { Broker } from '../broker/broker.js';
import type { TerminalCommands } from './terminal-commands.js';

export interface MqttCommandsParts {
  readonly suite: Suite;
  readonly broker: Broker;
  /** Whether the terminal has said that it is connected and nobody has said that it is lost. */
  readonly isConnected: (terminal: string) => Promise<boolean>;
}

interface Waiting {
  readonly terminal: string;
  readonly resolve: (reply: Reply) => void;
}

export class MqttCommands implements TerminalCommands {
  readonly #parts: MqttCommandsParts;
  readonly #waiting = new Map<string, Set<Waiting>>();

  constructor(parts: MqttCommandsParts) {
    this.#parts = parts;
  }

  async send(terminal: string, command: Command, timeoutMs: number): Promise<Reply> {
    const { suite, broker, isConnected } = this.#parts;
    if (!broker.connected || !(await isConnected(terminal))) throw new PjqError('unreachable', terminal);
    return new Promise<Reply>((resolve, reject) => {
      const waiting: Waiting = { terminal, resolve: (reply) => settle(() => resolve(reply)) };
      const timer = setTimeout(
        () => settle(() => reject(new PjqError('unreachable', `${terminal} did not answer within ${timeoutMs} ms`))),
        timeoutMs,
      );
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        const set = this.#waiting.get(command.id);
        set?.delete(waiting);
        if (set?.size === 0) this.#waiting.delete(command.id);
        finish();
      };
      const set = this.#waiting.get(command.id) ?? new Set();
      this.#waiting.set(command.id, set.add(waiting));
      broker.publish(terminal, 'cmd', encodeMessage(suite, 'cmd', command), { retain: RETAINED.cmd });
    });
  }

  /** A reply came in; one that nobody waits for any more is in the terminal's log as well. */
  replied(terminal: string, reply: Reply): void {
    for (const waiting of this.#waiting.get(reply.id) ?? []) if (waiting.terminal === terminal) waiting.resolve(reply);
  }
}
