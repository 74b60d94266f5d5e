/** Looks at the hall and says whether what it sees is as expected; of a run's own cases only. */
import { slipNames } from './press-book.js';
import { codeOnSlip, readPicture, type CodeCheck } from './code-check.js';
import type { CentreTruth, DemoClient, RolledSlip } from './demo-client.js';
import { mismatches, type Mismatch } from './matching.js';
import type { Look } from './scenario-schema.js';

export interface EyeParts {
  readonly client: DemoClient;
  readonly codes: CodeCheck;
  readonly configOf: (terminal: number) => string;
  /** How this run marks its case numbers. */
  readonly mark: (caseNo: string) => string;
  /** Case numbers of this run, marked. */
  readonly cases: () => readonly string[];
}

/** What a session's fields are called for short. */
const SHORT: Readonly<Record<string, string>> = {
  state: 'session.state',
  caseNo: 'session.caseNo',
  matter: 'session.matter',
  staffNo: 'session.staffNo',
};

export class Eye {
  readonly #parts: EyeParts;

  constructor(parts: EyeParts) {
    this.#parts = parts;
  }

  /** @returns what is not as expected; empty when all is. @throws DemoFailed. */
  async look(look: Look): Promise<Mismatch[]> {
    switch (look.kind) {
      case 'terminal':
        return this.#terminal(look.terminal, look.fields);
      case 'screen':
        return this.#screen(look.terminal, look.fields);
      case 'slip':
        return this.#slip(look.fields);
      case 'ledger':
        return this.#ledger(look.fields);
      case 'hall':
        return mismatches((await this.#parts.client.get('/api/hall')).body, look.fields);
    }
  }

  /** Slips of this run's cases, oldest first; `undefined` while the printer does not answer. */
  async slips(terminal: number): Promise<RolledSlip[] | undefined> {
    const cases = this.#parts.cases();
    const all = await this.#parts.client.slips(terminal);
    return all?.filter((slip) => cases.some((caseNo) => slipNames(slip, caseNo)));
  }

  async #terminal(n: number, expected: Record<string, unknown>): Promise<Mismatch[]> {
    const { slips, ...fields } = expected;
    const { body } = await this.#parts.client.get(`/api/terminals/${n}`);
    const seen = mismatches(body, this.#spelledOut(fields));
    return slips === undefined ? seen : [...seen, ...mismatches((await this.slips(n))?.length, slips, 'slips')];
  }

  #spelledOut(fields: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        SHORT[key] ?? key,
        key === 'caseNo' && typeof value === 'string' ? this.#parts.mark(value) : value,
      ]),
    );
  }

  async #screen(n: number, { code, ...fields }: Record<string, unknown>): Promise<Mismatch[]> {
    const screen = await this.#parts.client.screen(n);
    const others = mismatches(screen, fields);
    if (code === undefined) return others;
    const later = (screen as { later?: unknown } | undefined)?.later;
    const shown = await this.#code(later == null ? undefined : (readPicture(later) ?? 'unreadable'), n);
    return [...others, ...mismatches(screen === undefined ? undefined : shown, code, 'code')];
  }

  /** A code that is there, but not this terminal's, is `forged`. */
  async #code(code: string | undefined, n: number): Promise<'absent' | 'verifies' | 'forged'> {
    if (code === undefined) return 'absent';
    return (await this.#parts.codes.verifies(code, this.#parts.configOf(n))) ? 'verifies' : 'forged';
  }

  async #slip({ terminal, count, newest }: Extract<Look, { kind: 'slip' }>['fields']): Promise<Mismatch[]> {
    const slips = await this.slips(terminal);
    const last = slips?.at(-1);
    const { qr, contains, ...plain } = newest ?? {};
    return [
      ...(count === undefined ? [] : mismatches(slips?.length, count, 'slips')),
      ...(newest === undefined ? [] : mismatches(last, plain, 'newest')),
      ...(contains === undefined ? [] : mismatches(last?.text, { contains }, 'newest.text')),
      ...(qr === undefined
        ? []
        : mismatches(last && (await this.#code(codeOnSlip(last.text), terminal)), qr, 'newest.qr')),
    ];
  }

  async #ledger({
    ratings,
    caseNo,
    level,
    terminal,
  }: Extract<Look, { kind: 'ledger' }>['fields']): Promise<Mismatch[]> {
    const truth = await this.#parts.client.truth();
    if (truth === undefined) return mismatches(undefined, ratings, 'ratings');
    const cases = caseNo === undefined ? this.#parts.cases() : [this.#parts.mark(caseNo)];
    const rows = truth.ledger.filter(
      (row) => cases.includes(row.caseNo) && (terminal === undefined || row.terminal === `t${terminal}`),
    );
    return [
      ...mismatches(rows.length, ratings, 'ratings'),
      ...(level === undefined ? [] : levelMismatches(rows, level)),
    ];
  }
}

function levelMismatches(rows: CentreTruth['ledger'], level: number): Mismatch[] {
  return rows
    .filter(({ satisfaction }) => satisfaction !== level)
    .map(({ satisfaction, caseNo }) => ({ path: `level of ${caseNo}`, seen: satisfaction, exists: true }));
}

/** `session.state: "invited"; parts.printer: nothing`. */
export function seenText(seen: readonly Mismatch[]): string {
  return seen
    .map(
      ({ path, seen: value }) =>
        `${path === '' ? '(all)' : path}: ${value === undefined ? 'nothing' : shortJson(value)}`,
    )
    .join('; ');
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}
