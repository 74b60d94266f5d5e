/**
 * Many rows in few statements, for the path that a hall's backlog takes. A statement is compiled once by Kysely for
 * whatever database is underneath and run again with other parameters: compiling costs more than running.
 */
import { CompiledQuery, sql, type DialectAdapter, type RawBuilder, type Selectable } from 'kysely';
import type { HallDatabase } from './schema.js';
import type { Trx } from './store.js';

type Table = keyof HallDatabase;
type Column<T extends Table> = keyof HallDatabase[T] & string;

/** What happens to a row whose key is there: nothing, or the named columns take the new values. */
export interface OnConflict<C extends string> {
  readonly key: readonly C[];
  readonly update?: readonly C[];
}

/** Rows a statement: few sizes, so that few statements are kept; measured, 100 rows are as fast as more. */
const SIZES = [100, 10, 1] as const;

/** Text of compiled statements, for each open database of this process. */
const texts = new WeakMap<DialectAdapter, Map<string, string>>();

/** Inserts rows, each a value a column in the order of `columns`. */
export async function insertMany<T extends Table>(
  trx: Trx,
  table: T,
  allColumns: readonly Column<T>[],
  rows: readonly (readonly unknown[])[],
  conflict?: OnConflict<Column<T>>,
): Promise<void> {
  // What is null in every row need not be handed over: of a backlog's columns that is every third.
  const used = allColumns.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== null));
  const columns = used.map((at) => allColumns[at] as Column<T>);
  let from = 0;
  for (const size of SIZES) {
    if (rows.length - from < size) continue;
    const text = textOf(trx, `insert ${table} ${columns.join()} ${size} ${conflictName(conflict)}`, () => {
      const row = sql`(${sql.join(columns.map(() => sql`${0}`))})`;
      const values = sql.join(Array.from({ length: size }, () => row));
      const names = sql.join(columns.map((column) => sql.ref(column)));
      return sql`insert into ${sql.table(table)} (${names}) values ${values}${conflictClause(conflict)}`;
    });
    for (; rows.length - from >= size; from += size) {
      const parameters: unknown[] = [];
      for (let at = from; at < from + size; at += 1) {
        const row = rows[at] as readonly unknown[];
        for (const column of used) parameters.push(row[column]);
      }
      await trx.executeQuery(CompiledQuery.raw(text, parameters));
    }
  }
}

/**
 * The rows whose key is one of `keys`, in no order.
 * @param keys each a value a column of `key`.
 */
export async function selectMany<T extends Table, C extends Column<T>>(
  trx: Trx,
  table: T,
  columns: readonly C[],
  key: readonly Column<T>[],
  keys: readonly (readonly (string | number)[])[],
): Promise<Pick<Selectable<HallDatabase[T]>, C & keyof Selectable<HallDatabase[T]>>[]> {
  const found: Pick<Selectable<HallDatabase[T]>, C & keyof Selectable<HallDatabase[T]>>[] = [];
  for (let from = 0; from < keys.length;) {
    const rest = keys.length - from;
    const size = SIZES.findLast((one) => one >= rest) ?? SIZES[0];
    const text = textOf(trx, `select ${columns.join()} ${table} ${key.join()} ${size}`, () => {
      const places = sql`(${sql.join(key.map(() => sql`${0}`))})`;
      const all = sql.join(Array.from({ length: size }, () => places));
      const names = sql.join(columns.map((column) => sql.ref(column)));
      const of = sql.join(key.map((column) => sql.ref(column)));
      return sql`select ${names} from ${sql.table(table)} where (${of}) in (values ${all})`;
    });
    // What is left over of a size repeats the last key: that finds nothing more.
    const parameters: unknown[] = [];
    for (let at = from; at < from + size; at += 1)
      parameters.push(...(keys[Math.min(at, keys.length - 1)] as readonly unknown[]));
    const { rows } = await trx.executeQuery<(typeof found)[number]>(CompiledQuery.raw(text, parameters));
    for (const row of rows) found.push(row);
    from += size;
  }
  return found;
}

function conflictClause(conflict: OnConflict<string> | undefined): RawBuilder<unknown> {
  if (conflict === undefined) return sql``;
  const key = sql.join(conflict.key.map((column) => sql.ref(column)));
  if (conflict.update === undefined) return sql` on conflict (${key}) do nothing`;
  const columns = conflict.update.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  return sql` on conflict (${key}) do update set ${sql.join(columns)}`;
}

function conflictName(conflict: OnConflict<string> | undefined): string {
  return conflict === undefined ? '' : `${conflict.key.join()} ${conflict.update?.join() ?? ''}`;
}

function textOf(trx: Trx, name: string, build: () => RawBuilder<unknown>): string {
  const { adapter } = trx.getExecutor();
  const known = texts.get(adapter) ?? new Map<string, string>();
  texts.set(adapter, known);
  const text = known.get(name) ?? build().compile(trx).sql;
  known.set(name, text);
  return text;
}
