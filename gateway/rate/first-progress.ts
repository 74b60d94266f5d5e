/** How far the matter of a bad rating is while nobody works on it yet: received, once it stands here. */
import { isNegative, type Level } from '../../protocol/index.js';
import type { Db } from '../store/store.js';
import type { Progress, ProgressPort } from './rate-door.js';

export class FirstProgress implements ProgressPort {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async progressOf(ratingId: string): Promise<Progress | null> {
    const row = await this.#db.selectFrom('rating').select('level').where('ratingId', '=', ratingId).executeTakeFirst();
    return row !== undefined && isNegative(row.level as Level) ? 'received' : null;
  }
}
