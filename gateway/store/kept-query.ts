/**
 * Single queries of the paths that are asked for hundreds of times a second: built and compiled once for whatever
 * database is underneath, and run with other values. Kysely's compiling costs several times what running them does.
 */
import { CompiledQuery, type Compilable, type DialectAdapter } from 'kysely';
import type { Db, Trx } from './store.js';

/** Stands in a query for a value that comes later. */
class Place {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }
}

interface Kept {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/**
 * @param build from the values that it will be run with; it is called once a database, with placeholders for them, so that
 *   the query's form may not depend on them.
 * @returns what runs it. The rows are in the query's order.
 */
export function keptQuery<V extends readonly (string | number | null)[], R>(
  build: (db: Db | Trx, ...values: V) => Compilable<R>,
): (db: Db | Trx, ...values: V) => Promise<R[]> {
  const kept = new WeakMap<DialectAdapter, Kept>();
  return async (db, ...values) => {
    const { adapter } = db.getExecutor();
    let one = kept.get(adapter);
    if (one === undefined) {
      const places = values.map((_, at) => new Place(at)) as unknown as V;
      const { sql, parameters } = build(db, ...places).compile();
      one = { text: sql, parameters };
      kept.set(adapter, one);
    }
    const said = one.parameters.map((parameter) => (parameter instanceof Place ? values[parameter.at] : parameter));
    const { rows } = await db.executeQuery<R>(CompiledQuery.raw(one.text, said));
    return rows;
  };
}
