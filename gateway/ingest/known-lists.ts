/** The lists of reasons that a run of entries names, as far as this hall had them: the own log told of each before it was shown. */
import { NATIONAL_LIST, type Reason } from '../../protocol/index.js';
import { selectMany } from '../store/bulk.js';
import type { Trx } from '../store/store.js';

export class KnownLists {
  readonly #lists = new Map<string, readonly Reason[]>([[NATIONAL_LIST.id, NATIONAL_LIST.reasons]]);

  async load(trx: Trx, names: ReadonlySet<string>): Promise<void> {
    const asked = Array.from(names).filter((name) => !this.#lists.has(name));
    if (asked.length === 0) return;
    const rows = await selectMany(
      trx,
      'reasonList',
      ['list', 'reasons'],
      ['list'],
      asked.map((name): [string] => [name]),
    );
    for (const { list, reasons } of rows) this.#lists.set(list, JSON.parse(reasons) as Reason[]);
  }

  /** `undefined` where the hall did not have it: its codes are taken as they are. */
  reasonsOf(list: string): readonly Reason[] | undefined {
    return this.#lists.get(list);
  }
}
