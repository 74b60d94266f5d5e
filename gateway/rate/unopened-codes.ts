/**
 * Codes of services that their terminal never opened. Whoever has learnt a terminal's receipt key can make codes out of
 * nothing, and rate with them: what they rate stands under a service that no log tells of. Once the terminal's log has
 * come past the moment of such an act, it can come no more: the slip was printed after the opening was in that log, and
 * before the act. That is a flag, and changes no figure: of a service that is not known nothing is forwarded or counted.
 * The same is said of a service that was asked for and never opened, as long as its act waits for the terminal's log.
 */
import { parseEntry, terminalSource, type Suite } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { TimePairs } from '../ingest/corrected-time.js';
import { raiseFlags } from '../misuse/flag-book.js';
import { RepeatedLook } from '../retention/repeated-look.js';
import { HELD } from '../store/forward-places.js';
import type { Store, Trx } from '../store/store.js';

export interface UnopenedCodesParts {
  readonly hall: string;
  readonly store: Store;
  readonly suite: Suite;
  readonly logger: Logger;
}

interface UsedCode {
  readonly reference: string;
  /** When it was used. */
  readonly at: number;
}

export const CODE_WITHOUT_SERVICE = 'code-without-service';
const EVERY_MS = 600_000;
const MOST_LOOKED_AT = 5_000;
const MOST_NAMED = 12;

export class UnopenedCodes {
  readonly #parts: UnopenedCodesParts;
  readonly #looks: RepeatedLook;

  constructor(parts: UnopenedCodesParts, { everyMs = EVERY_MS }: { readonly everyMs?: number } = {}) {
    this.#parts = parts;
    this.#looks = new RepeatedLook(() => this.#lookOnce(), {
      what: 'codes of services that were never opened',
      logger: parts.logger,
      everyMs,
    });
  }

  start(): void {
    this.#looks.start({ atOnce: false });
  }

  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Looks now; it never rejects. */
  look(): Promise<void> {
    return this.#looks.look();
  }

  async #lookOnce(): Promise<void> {
    const { store, logger } = this.#parts;
    const byTerminal = new Map<string, UsedCode[]>();
    for (const { terminal, ...code } of [...(await this.#unknown()), ...(await this.#unopened())])
      byTerminal.set(terminal, [...(byTerminal.get(terminal) ?? []), code]);
    const flags = [];
    for (const [terminal, codes] of byTerminal) {
      const throughMs = await store.db.transaction().execute((trx) => this.#heardThrough(trx, terminal));
      const never = codes.filter(({ at }) => throughMs !== null && at < throughMs);
      if (never.length === 0 || throughMs === null) continue;
      const named = never.slice(0, MOST_NAMED).map(({ reference }) => reference);
      flags.push({
        flag: CODE_WITHOUT_SERVICE,
        subject: `terminal ${terminal}`,
        evidence:
          `${never.length} services rated by its codes are not in its log, which is here through ` +
          `${new Date(throughMs).toISOString()}: ${named.join(' ')}` +
          (never.length > MOST_NAMED ? ` and ${never.length - MOST_NAMED} more` : ''),
      });
    }
    const raised = await raiseFlags(store, flags);
    if (raised > 0) logger.warn({ raised }, 'codes of services that no terminal opened: `pjq flags list`');
  }

  /** Of services that no log has told of. */
  #unknown(): Promise<(UsedCode & { terminal: string })[]> {
    return this.#parts.store.db
      .selectFrom('provisional')
      .select(['terminal', 'reference', 'at'])
      .where('resolvedTo', 'is', null)
      .orderBy('at')
      .limit(MOST_LOOKED_AT)
      .execute();
  }

  /** Of services that the business system asked for, and that their terminal has not opened. */
  async #unopened(): Promise<(UsedCode & { terminal: string })[]> {
    const rows = await this.#parts.store.db
      .selectFrom((e) =>
        e.selectFrom('forward').select('ratingId').where(HELD).orderBy('nextAt').limit(MOST_LOOKED_AT).as('waiting'),
      )
      .innerJoin('rating', 'rating.ratingId', 'waiting.ratingId')
      .innerJoin('service', 'service.serviceId', 'rating.serviceId')
      .select(['service.terminal', 'service.reference', 'rating.at'])
      .where('rating.channel', '=', 'receipt-qr')
      .where('service.openedAt', 'is', null)
      .execute();
    return rows.map(({ reference, ...code }) => ({ ...code, reference: reference ?? '?' }));
  }

  /** Up to when the log of a terminal is here for certain, by the gateway's clock; null where nobody knows. */
  async #heardThrough(trx: Trx, terminal: string): Promise<number | null> {
    const { hall, suite } = this.#parts;
    const source = terminalSource(hall, terminal);
    const epoch = await trx
      .selectFrom('epoch')
      .select(['id', 'throughSeq'])
      .where('source', '=', source)
      .orderBy('id', 'desc')
      .executeTakeFirst();
    const last = await trx
      .selectFrom('entry')
      .select('bytes')
      .where('epochId', '=', epoch?.id ?? 0)
      .where('seq', '=', epoch?.throughSeq ?? 0)
      .executeTakeFirst();
    const moment = last === undefined ? null : momentOf(suite, last.bytes);
    if (moment === null) return null;
    const { bootId, mono } = moment;
    const times = new TimePairs();
    await times.load(trx, [[source, bootId]]);
    return times.correct(source, bootId, mono)?.lowMs ?? null;
  }
}

/** When an entry was written, by its writer; null where its bytes do not say. */
function momentOf(suite: Suite, bytes: Uint8Array): { bootId: string; mono: number } | null {
  try {
    return parseEntry(suite, bytes);
  } catch {
    return null;
  }
}
