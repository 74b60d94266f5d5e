/** What commands of the hall become at the counter. The same command again is answered alike and done once. */
import type { Command, Reply } from '../protocol/index.js';
import type { Counter } from './counter/counter.js';

export function answerCommand(counter: Counter, command: Command): Reply {
  const answer =
    command.type === 'service.open' ? counter.open(command.service, 'command') : counter.cancel(command.serviceId);
  return { v: 1, id: command.id, ok: answer.ok, ...(answer.ok ? {} : { code: answer.code }) };
}
