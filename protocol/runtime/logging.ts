/**
 * Log lines: JSON with fixed keys. Levels of ratings and evaluator data are redacted by name, whoever
 * logs them by mistake; the same error repeated is counted, not repeated.
 */
import { pino, type Logger } from 'pino';
import { PjqError } from '../errors.js';

export type { Logger };

const SECRET_KEYS = [
  'level',
  'satisfaction',
  'evaluator',
  'name',
  'phone',
  'mobile',
  'document',
  'documentNo',
  'certKey',
  'secret',
  'password',
  'authorization',
];

export function createLogger(program: string, options: { level?: string } = {}): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino({
    level: options.level ?? 'info',
    base: { program, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'event',
    formatters: { level: (label) => ({ severity: label }) },
    redact: { paths, censor: '[redacted]' },
    serializers: { error: describeError },
  });
}

/** The loggable part of an error: code, message, hint and the chain of causes. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const described: Record<string, unknown> = { message: error.message };
  if (error instanceof PjqError) Object.assign(described, { code: error.code, hint: error.hint });
  else described['stack'] = error.stack;
  if (error.cause !== undefined)
    described['cause'] = error.cause instanceof Error ? error.cause.message : typeof error.cause;
  return described;
}

/**
 * Logs the first of a run of equal faults, then how many there were when it changes or ends.
 * One instance a subject.
 */
export class RepeatedFault {
  readonly #log: Logger;
  readonly #event: string;
  #last: string | undefined;
  #total = 0;

  constructor(log: Logger, event: string) {
    this.#log = log;
    this.#event = event;
  }

  report(error: unknown): void {
    const key = error instanceof PjqError ? error.code : error instanceof Error ? error.message : String(error);
    if (key === this.#last) {
      this.#total += 1;
      return;
    }
    this.#flush();
    this.#last = key;
    this.#total = 1;
    this.#log.warn({ error }, this.#event);
  }

  /** The subject works again. */
  clear(): void {
    this.#flush();
    if (this.#last !== undefined) this.#log.info({}, `${this.#event}: over`);
    this.#last = undefined;
    this.#total = 0;
  }

  #flush(): void {
    if (this.#last !== undefined && this.#total > 1) {
      this.#log.warn({ repeated: this.#total, code: this.#last }, `${this.#event}: repeated`);
    }
  }
}
