/**
 * Lists of reasons that the hall had, by its own log, in the order of arrival: what a press named before it was told of is
 * taken as it is. The table of them is held against the log at the end.
 */
import type Database from 'better-sqlite3';
import { NATIONAL_LIST, type Suite } from '../../../protocol/index.js';
import { tablesOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import type { StoredEntry } from './cross-check.js';
import { isWellFormed, readLoosely, textOf } from './loose-entry.js';

type Reasons = readonly { readonly code: string }[];

interface Row {
  readonly list: string;
  readonly reasons: string;
}

export class HallLists {
  readonly #parts: { readonly suite: Suite; readonly faults: FaultList; readonly isPruned: boolean };
  readonly #known = new Map<string, Reasons>([[NATIONAL_LIST.id, NATIONAL_LIST.reasons]]);
  readonly #told: Row[] = [];
  readonly #rows: readonly Row[];

  constructor(
    db: Database.Database,
    parts: { readonly suite: Suite; readonly faults: FaultList; readonly isPruned: boolean },
  ) {
    this.#parts = parts;
    this.#rows = tablesOf(db).has('reasonList')
      ? (db.prepare('SELECT list, reasons FROM reasonList ORDER BY id').all() as Row[])
      : [];
  }

  /** The next entry, in the order of arrival. */
  push({ kind, terminal, bytes }: StoredEntry): void {
    if (kind !== 'reason-list.adopted' || terminal !== '') return;
    if (!isWellFormed(this.#parts.suite, bytes, kind)) return;
    const body = readLoosely(bytes)?.body;
    if (body === undefined) return;
    const list = textOf(body, 'list');
    const reasons = body['reasons'] as readonly { code: string; zh: string; en: string }[];
    this.#known.set(list, reasons);
    this.#told.push({ list, reasons: textOfReasons(reasons) });
  }

  /** `undefined` where no entry has told of the list so far. */
  reasonsOf(list: string): Reasons | undefined {
    return this.#known.get(list) ?? (this.#parts.isPruned ? this.#ofRow(list) : undefined);
  }

  /** Every list that the log tells of has its row, in its order; and no row is beside them. */
  end(): void {
    const { faults, isPruned } = this.#parts;
    const rows = isPruned ? this.#rows.slice(this.#rows.length - this.#told.length) : this.#rows;
    const isSame =
      rows.length === this.#told.length &&
      rows.every(({ list, reasons }, at) => list === this.#told[at]?.list && same(reasons, this.#told[at].reasons));
    if (!isSame) faults.add('the lists of reasons are not those that the own log tells of');
  }

  #ofRow(name: string): Reasons | undefined {
    const row = this.#rows.find(({ list }) => list === name);
    return row === undefined ? undefined : read(row.reasons);
  }
}

function same(row: string, told: string): boolean {
  const reasons = read(row);
  return reasons !== undefined && textOfReasons(reasons) === told;
}

function read(text: string): readonly { code: string; zh: string; en: string }[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as { code: string; zh: string; en: string }[]) : undefined;
  } catch {
    return undefined;
  }
}

function textOfReasons(reasons: readonly { code: string; zh: string; en: string }[]): string {
  return JSON.stringify(reasons.map(({ code, zh, en }) => [code, zh, en]));
}
