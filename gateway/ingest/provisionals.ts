/** Services of which only a receipt's code is known, as far as a run of entries speaks of them. */
import { sql } from 'kysely';
import { isProvisionalId, provisionalServiceId, readProvisionalId } from '../core/provisional-id.js';
import { insertMany, selectMany } from '../store/bulk.js';
import type { ProvisionalTable } from '../store/schema.js';
import type { Trx } from '../store/store.js';

const PROVISIONAL = [
  'serviceId',
  'terminal',
  'reference',
  'day',
  'at',
  'resolvedTo',
] as const satisfies readonly (keyof ProvisionalTable)[];

export class Provisionals {
  readonly #rows = new Map<string, ProvisionalTable>();
  /** Of those that wait, by what the code says. */
  readonly #waiting = new Map<string, ProvisionalTable>();
  /** Services that are known by now, by the name under which their acts would have stood. */
  readonly #known = new Map<string, string>();
  readonly #changed = new Set<ProvisionalTable>();

  /**
   * Loads those that are named among the services that entries speak of.
   * @returns the real services of those whose service is known.
   */
  async loadNamed(trx: Trx, serviceIds: Iterable<string>): Promise<readonly string[]> {
    const named = Array.from(serviceIds).filter(isProvisionalId);
    if (named.length === 0) return [];
    for (const row of await selectMany(trx, 'provisional', PROVISIONAL, ['serviceId'], keys(named))) this.#keep(row);
    await this.#findKnown(
      trx,
      named.filter((serviceId) => !this.#rows.has(serviceId)),
    );
    const resolved = [...this.#rows.values()].flatMap(({ resolvedTo }) => resolvedTo ?? []);
    return [...resolved, ...this.#known.values()];
  }

  /**
   * Loads those that wait for services that are opened now; hardly ever is there one.
   * @param openings services that are not known yet, with their terminals.
   */
  async loadWaiting(
    trx: Trx,
    openings: readonly (readonly [serviceId: string, terminal: string])[],
    referenceOf: (serviceId: string) => string,
  ): Promise<void> {
    if (openings.length === 0 || !(await isAnyWaiting(trx))) return;
    const codes = openings.map(([serviceId, terminal]) => [terminal, referenceOf(serviceId)] as const);
    for (const row of await selectMany(trx, 'provisional', PROVISIONAL, ['terminal', 'reference'], codes))
      if (!this.#rows.has(row.serviceId)) this.#keep(row);
  }

  /** Names of those that wait. */
  get waitingIds(): readonly string[] {
    return Array.from(this.#waiting.values(), ({ serviceId }) => serviceId);
  }

  get(serviceId: string): Readonly<ProvisionalTable> | undefined {
    return this.#rows.get(serviceId);
  }

  /** The one that waits for the service of a code. */
  waitingFor(terminal: string, reference: string): Readonly<ProvisionalTable> | undefined {
    return this.#waiting.size === 0 ? undefined : this.#waiting.get(`${terminal} ${reference}`);
  }

  /** The first word of it stands. Where its service is known already, it waits for nothing. */
  add(said: Omit<ProvisionalTable, 'resolvedTo'>): void {
    if (this.#rows.has(said.serviceId)) return;
    const row = { ...said, resolvedTo: this.#known.get(said.serviceId) ?? null };
    this.#keep(row);
    this.#changed.add(row);
  }

  resolve(serviceId: string, resolvedTo: string): void {
    const row = this.#rows.get(serviceId);
    if (row === undefined) return;
    this.#waiting.delete(`${row.terminal} ${row.reference}`);
    this.#changed.add(Object.assign(row, { resolvedTo }));
  }

  async write(trx: Trx): Promise<void> {
    const rows = Array.from(this.#changed, (row) => PROVISIONAL.map((column) => row[column]));
    await insertMany(trx, 'provisional', PROVISIONAL, rows, { key: ['serviceId'], update: ['resolvedTo'] });
  }

  #keep(row: ProvisionalTable): void {
    this.#rows.set(row.serviceId, row);
    if (row.resolvedTo === null) this.#waiting.set(`${row.terminal} ${row.reference}`, row);
  }

  async #findKnown(trx: Trx, names: readonly string[]): Promise<void> {
    const references = names.flatMap((name) => readProvisionalId(name)?.reference ?? []);
    const columns = ['serviceId', 'terminal', 'reference'] as const;
    const wanted = new Set(names);
    for (const row of await selectMany(trx, 'service', columns, ['reference'], keys(references))) {
      const name = provisionalServiceId({ terminal: row.terminal, reference: row.reference ?? '' });
      if (wanted.has(name)) this.#known.set(name, row.serviceId);
    }
  }
}

/** Whether any code's service has not been told of yet. */
export async function isAnyWaiting(trx: Trx): Promise<boolean> {
  const { rows } = await sql`select 1 from provisional where ${sql.ref('resolvedTo')} is null limit 1`.execute(trx);
  return rows.length > 0;
}

function keys(ids: readonly string[]): [string][] {
  return ids.map((id) => [id]);
}
