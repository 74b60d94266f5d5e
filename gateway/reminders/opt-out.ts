/**
 * Who wants no messages. Kept is a digest of the number under a key that is not in the database: all mainland numbers
 * are so few that a plain digest would be as good as the number.
 */
import type { Clock } from '../../protocol/index.js';
import type { Db, Trx } from '../store/store.js';

export interface OptOutParts {
  readonly db: Db;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** The keyed digest of a number; the same for every way of writing it. */
  readonly digestOf: (phone: string) => string;
}

export class OptOuts {
  readonly #parts: OptOutParts;

  constructor(parts: OptOutParts) {
    this.#parts = parts;
  }

  /** Once or more often. */
  async add(phone: string): Promise<void> {
    const { db, clock, digestOf } = this.#parts;
    await db
      .insertInto('optOut')
      .values({ phoneDigest: digestOf(phone), at: clock.wallMs() })
      .onConflict((c) => c.column('phoneDigest').doNothing())
      .execute();
  }

  /** The person wants them again. */
  async remove(phone: string): Promise<void> {
    const { db, digestOf } = this.#parts;
    await db.deleteFrom('optOut').where('phoneDigest', '=', digestOf(phone)).execute();
  }

  async has(trx: Trx, phone: string): Promise<boolean> {
    const row = await trx
      .selectFrom('optOut')
      .select('at')
      .where('phoneDigest', '=', this.#parts.digestOf(phone))
      .executeTakeFirst();
    return row !== undefined;
  }
}
