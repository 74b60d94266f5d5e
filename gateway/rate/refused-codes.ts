/**
 * Codes that were refused, told by the own log: the first of a kind at once, then at most once a minute with how many
 * there were. A flood is counted in memory and costs no disk; what a crash takes of it is a minute's count.
 */
import type { Clock, ErrorCode } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Store } from '../store/store.js';

export interface RefusedCodesParts {
  readonly store: Pick<Store, 'db' | 'own'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between two entries of one kind, ms; a minute where nothing is said. */
  readonly everyMs?: number;
}

/** `terminal` only where it is certain: of a forgery it is whose name the forger wrote. */
export interface RefusedCode {
  readonly code: ErrorCode;
  readonly by: 'receipt' | 'window';
  readonly terminal?: string;
}

interface Count extends RefusedCode {
  count: number;
  fromMs: number;
}

const EVERY_MS = 60_000;

export class RefusedCodes {
  readonly #parts: RefusedCodesParts;
  readonly #everyMs: number;
  readonly #counts = new Map<string, Count>();
  readonly #unwritten: RepeatedFault;
  #timer: NodeJS.Timeout | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: RefusedCodesParts) {
    this.#parts = parts;
    this.#everyMs = parts.everyMs ?? EVERY_MS;
    this.#unwritten = new RepeatedFault(parts.logger, 'refused codes could not be recorded');
  }

  /** Counts one; nobody waits for the log. */
  note({ code, by, terminal }: RefusedCode): void {
    const key = `${code} ${by} ${terminal ?? ''}`;
    const known = this.#counts.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const { clock } = this.#parts;
    this.#counts.set(key, {
      code,
      by,
      ...(terminal === undefined ? {} : { terminal }),
      count: 1,
      fromMs: clock.wallMs(),
    });
    const dueMs = Math.max(0, this.#writtenAt + this.#everyMs - clock.monoMs());
    this.#timer ??= setTimeout(() => void this.#write(), Number.isFinite(dueMs) ? dueMs : 0).unref();
  }

  /** Writes what was counted, and ends. */
  async stop(): Promise<void> {
    await this.#write();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writtenAt = this.#parts.clock.monoMs();
    this.#writing = this.#writing.then(() => this.#append());
    await this.#writing;
  }

  async #append(): Promise<void> {
    const { store } = this.#parts;
    const told = [...this.#counts.values()];
    this.#counts.clear();
    if (told.length === 0) return;
    try {
      await store.db.transaction().execute((trx) => store.own.appendAll(trx, 'code.refused', told));
      this.#unwritten.clear();
    } catch (error) {
      this.#unwritten.report(error);
      for (const one of told) this.#again(one);
    }
  }

  /** It is told with the next ones. */
  #again(one: Count): void {
    const key = `${one.code} ${one.by} ${one.terminal ?? ''}`;
    const known = this.#counts.get(key);
    this.#counts.set(key, { ...one, count: one.count + (known?.count ?? 0) });
    this.#timer ??= setTimeout(() => void this.#write(), this.#everyMs).unref();
  }
}
