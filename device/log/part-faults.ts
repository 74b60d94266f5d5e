/**
 * How changes of parts enter the log: once a change, and never without bound. A cable with a loose contact comes and
 * goes many times a second; after the first changes a part has to wait for its next entry, and what is written
 * then is how it is by then. The last state is always written, also when the log could not take it at first.
 */
import type { Clock, EntryBody } from '../../protocol/index.js';
import { RepeatedFault, type Logger } from '../../protocol/runtime/logging.js';
import type { Timers } from '../timers.js';
import type { SessionLog } from './session-log.js';

/** So many changes are written as they come: a day of plugging things in and out by hand. */
const BURST_ENTRIES = 10;
/** After these, one in so long: 0.6 MB of log in a day at the very worst. */
const EVERY_MS = 30_000;

export type PartName = EntryBody<'fault'>['part'];
export type PartCondition = Omit<EntryBody<'fault'>, 'part'>;

interface Part {
  wanted: PartCondition;
  written: PartCondition | null;
  /** Entries that may be written now, up to the burst; grows with time. */
  allowance: number;
  allowedMonoMs: number;
  /** Changes that came since the last entry. */
  changes: number;
  cancelWait: (() => void) | null;
}

export interface PartFaultsParts {
  readonly log: Pick<SessionLog, 'append'>;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly timers: Timers;
}

export class PartFaults {
  readonly #parts: PartFaultsParts;
  readonly #known = new Map<PartName, Part>();
  readonly #unwritten: RepeatedFault;
  #stopped = false;

  constructor(parts: PartFaultsParts) {
    this.#parts = parts;
    this.#unwritten = new RepeatedFault(parts.logger, 'a fault could not be recorded');
  }

  /** How a part is now. The same again is no news. Never throws. */
  tell(name: PartName, state: PartCondition['state'], code?: string): void {
    const wanted: PartCondition = { state, ...(code === undefined ? {} : { code }) };
    const monoMs = this.#parts.clock.monoMs();
    const part = this.#known.get(name) ?? {
      wanted,
      written: null,
      allowance: BURST_ENTRIES,
      allowedMonoMs: monoMs,
      changes: 0,
      cancelWait: null,
    };
    this.#known.set(name, part);
    part.wanted = wanted;
    part.changes += 1;
    if (part.cancelWait === null) this.#write(name, part);
  }

  /** What waits is not written any more. */
  stop(): void {
    this.#stopped = true;
    for (const part of this.#known.values()) {
      part.cancelWait?.();
      part.cancelWait = null;
    }
  }

  #write(name: PartName, part: Part): void {
    if (same(part.wanted, part.written)) {
      part.changes = 0;
      return;
    }
    const monoMs = this.#parts.clock.monoMs();
    part.allowance = Math.min(BURST_ENTRIES, part.allowance + (monoMs - part.allowedMonoMs) / EVERY_MS);
    part.allowedMonoMs = monoMs;
    if (part.allowance < 1) {
      this.#wait(name, part, Math.ceil((1 - part.allowance) * EVERY_MS));
      return;
    }
    part.allowance -= 1;
    try {
      this.#parts.log.append([{ kind: 'fault', body: { part: name, ...part.wanted } }]);
      this.#unwritten.clear();
    } catch (error) {
      this.#unwritten.report(error);
      this.#wait(name, part, EVERY_MS);
      return;
    }
    if (part.changes > 1)
      this.#parts.logger.warn({ part: name, changes: part.changes }, 'a part comes and goes; one entry stands for all');
    part.written = part.wanted;
    part.changes = 0;
  }

  #wait(name: PartName, part: Part, delayMs: number): void {
    if (this.#stopped) return;
    part.cancelWait = this.#parts.timers.after(delayMs, () => {
      part.cancelWait = null;
      this.#write(name, part);
    });
  }
}

function same(a: PartCondition, b: PartCondition | null): boolean {
  return b !== null && a.state === b.state && a.code === b.code;
}
