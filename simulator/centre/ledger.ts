/**
 * What the simulated centre holds: ratings, a row for each case that one stands for; those that were corrected since;
 * the keys they came under, and the nonces it has seen.
 */
import Database from 'better-sqlite3';
import { sameCentreRating, type CentreEvaluator, type CentreRating } from '../../protocol/index.js';
import { masked } from './mask.js';

/** A rating as it stands in the ledger. */
export interface LedgerEntry extends CentreRating {
  /** Wall clock of the centre, ms since 1970. */
  readonly receivedAt: number;
  /** The key under which it came first. */
  readonly idempotencyKey: string;
  /** How often it came, the first time included. */
  readonly arrivals: number;
  /** Who was served, masked, where the first one told it. */
  readonly evaluator?: CentreEvaluator;
}

/** A rating that stood until another one took its place. */
export interface SupersededEntry extends LedgerEntry {
  /** The rating that did. */
  readonly correctedBy: string;
}

/**
 * How a centre finds out that it has a rating already. `case`: by its key, and by case, service and hall, as centres
 * do. `key`: by its key only, so that whoever sends a rating twice under two keys has two in the ledger.
 */
export const RECOGNITIONS = ['case', 'key'] as const;
export type Recognition = (typeof RECOGNITIONS)[number];

/** `same`: what is held says the same as what came. */
export type Taking =
  { readonly kind: 'accepted' } | { readonly kind: 'already'; readonly held: CentreRating; readonly same: boolean };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ledger (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    case_no TEXT NOT NULL,
    service_number INTEGER NOT NULL,
    assess_number INTEGER NOT NULL,
    hall TEXT NOT NULL,
    content TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    arrivals INTEGER NOT NULL DEFAULT 1
  );
  CREATE TABLE IF NOT EXISTS idempotency_keys (
    key TEXT PRIMARY KEY,
    position INTEGER NOT NULL REFERENCES ledger (position)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS nonces_by_expiry ON nonces (expires_at);
  CREATE INDEX IF NOT EXISTS ledger_by_rating ON ledger (json_extract(content, '$.ratingId'));
  CREATE TABLE IF NOT EXISTS superseded (
    position INTEGER PRIMARY KEY,
    case_no TEXT NOT NULL,
    content TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    arrivals INTEGER NOT NULL,
    corrected_by TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS superseded_by_rating ON superseded (json_extract(content, '$.ratingId'));
  CREATE INDEX IF NOT EXISTS superseded_by_key ON superseded (idempotency_key);
`;

const BY_CASE = {
  case: 'CREATE UNIQUE INDEX IF NOT EXISTS ledger_by_case ON ledger (case_no, service_number, assess_number, hall)',
  key: 'DROP INDEX IF EXISTS ledger_by_case',
};
/** Ledgers of before have no count of arrivals, and nobody who was served. */
const ADDED: readonly (readonly [table: string, column: string, type: string])[] = [
  ['ledger', 'arrivals', 'INTEGER NOT NULL DEFAULT 1'],
  ['ledger', 'evaluator', 'TEXT'],
  ['superseded', 'evaluator', 'TEXT'],
];

interface HeldRow {
  readonly position: number;
  readonly content: string;
}

interface LedgerRow {
  readonly case_no: string;
  readonly content: string;
  readonly received_at: number;
  readonly idempotency_key: string;
  readonly arrivals: number;
  readonly evaluator: string | null;
}

interface Statements {
  readonly heldUnderKey: Database.Statement<[string], HeldRow>;
  readonly heldForCase: Database.Statement<[string, number, number, string], HeldRow>;
  readonly insert: Database.Statement<[string, number, number, string, string, number, string, string | null]>;
  readonly bindKey: Database.Statement<[string, number | bigint]>;
  readonly countArrival: Database.Statement<[string, number]>;
  readonly supersededAs: Database.Statement<[string, string], { readonly content: string }>;
  readonly keepSuperseded: Database.Statement<[string, string]>;
  readonly forgetKeys: Database.Statement<[string]>;
  readonly forget: Database.Statement<[string]>;
  readonly forgetNonces: Database.Statement<[number]>;
  readonly spendNonce: Database.Statement<[string, number]>;
  readonly all: Database.Statement<[], LedgerRow>;
  readonly ofCase: Database.Statement<[string], LedgerRow>;
  readonly superseded: Database.Statement<[], LedgerRow & { readonly corrected_by: string }>;
}

const RATING_ID = "json_extract(content, '$.ratingId')";
const ROW = 'case_no, content, received_at, idempotency_key, arrivals, evaluator';

function prepare(database: Database.Database): Statements {
  return {
    heldUnderKey: database.prepare(
      'SELECT l.position, l.content FROM idempotency_keys k JOIN ledger l USING (position) WHERE k.key = ?',
    ),
    heldForCase: database.prepare(
      'SELECT position, content FROM ledger WHERE case_no = ? AND service_number = ? AND assess_number = ? AND hall = ?',
    ),
    insert: database.prepare(
      'INSERT INTO ledger (case_no, service_number, assess_number, hall, content, received_at, idempotency_key, evaluator) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    bindKey: database.prepare('INSERT INTO idempotency_keys (key, position) VALUES (?, ?)'),
    // A rating has a row a case; taken twice, under two keys, it has them twice.
    countArrival: database.prepare(
      `UPDATE ledger SET arrivals = arrivals + 1
       WHERE ${RATING_ID} = ? AND idempotency_key = (SELECT idempotency_key FROM ledger WHERE position = ?)`,
    ),
    supersededAs: database.prepare(`SELECT content FROM superseded WHERE idempotency_key = ? OR ${RATING_ID} = ?`),
    keepSuperseded: database.prepare(
      `INSERT INTO superseded (position, ${ROW}, corrected_by) SELECT position, ${ROW}, ? FROM ledger WHERE ${RATING_ID} = ?`,
    ),
    forgetKeys: database.prepare(
      `DELETE FROM idempotency_keys WHERE position IN (SELECT position FROM ledger WHERE ${RATING_ID} = ?)`,
    ),
    forget: database.prepare(`DELETE FROM ledger WHERE ${RATING_ID} = ?`),
    forgetNonces: database.prepare('DELETE FROM nonces WHERE expires_at < ?'),
    spendNonce: database.prepare('INSERT OR IGNORE INTO nonces (nonce, expires_at) VALUES (?, ?)'),
    all: database.prepare(`SELECT ${ROW} FROM ledger ORDER BY position`),
    ofCase: database.prepare(`SELECT ${ROW} FROM ledger WHERE case_no = ? ORDER BY position`),
    superseded: database.prepare(`SELECT ${ROW}, corrected_by FROM superseded ORDER BY position`),
  };
}

/** One SQLite file. Every method but `start` and `stop` needs a started ledger. */
export class Ledger {
  readonly #file: string;
  readonly #recognition: Recognition;
  #opened: { readonly database: Database.Database; readonly statements: Statements } | undefined;

  constructor(file: string, recognition: Recognition = 'case') {
    this.#file = file;
    this.#recognition = recognition;
  }

  /** @throws what SQLite says; also where a ledger that knew keys only holds a case twice and is to know cases. */
  start(): void {
    const database = new Database(this.#file);
    // Said on the open connection: `synchronous` is not kept in the file, and the build's default may be NORMAL.
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec(SCHEMA);
    const has = database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?');
    for (const [table, column, type] of ADDED)
      if (has.get(table, column) === undefined) database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    database.exec(BY_CASE[this.#recognition]);
    this.#opened = { database, statements: prepare(database) };
  }

  stop(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }

  /** What the open connection really does, as SQLite tells it: `synchronous` 2 is FULL. */
  durability(): { journalMode: unknown; synchronous: unknown } {
    const { database } = this.#open();
    return {
      journalMode: database.pragma('journal_mode', { simple: true }),
      synchronous: database.pragma('synchronous', { simple: true }),
    };
  }

  /** Runs `work` in one transaction; it is on the disk when this returns, and undone when `work` throws. */
  atomically<T>(work: () => T): T {
    return this.#open().database.transaction(work).immediate();
  }

  /** Notes a nonce until `expiresAtMs`, and forgets those whose time is over. False when it was seen before. */
  spendNonce(nonce: string, expiresAtMs: number, nowMs: number): boolean {
    const { statements } = this.#open();
    statements.forgetNonces.run(nowMs);
    return statements.spendNonce.run(nonce, expiresAtMs).changes === 1;
  }

  /**
   * Takes a rating for every case that it stands for, unless its key or, where cases are recognised, one of its cases
   * (caseNo, serviceNumber, assessNumber, hall) has one. A rating that `corrects` another takes its place; one that was
   * corrected and comes again was taken before. Of the evaluator only the mask is kept. Call it in `atomically`.
   */
  take(rating: CentreRating, idempotencyKey: string, nowMs: number, evaluator?: CentreEvaluator): Taking {
    const { statements } = this.#open();
    const before = statements.supersededAs.get(idempotencyKey, rating.ratingId);
    if (before !== undefined) {
      const held = JSON.parse(before.content) as CentreRating;
      return { kind: 'already', held, same: sameCentreRating(held, rating) };
    }
    const underKey = statements.heldUnderKey.get(idempotencyKey);
    if (underKey !== undefined) return this.#compare(underKey, rating);
    const cases = casesOf(rating);
    if (this.#recognition === 'case')
      for (const caseNo of cases) {
        const { serviceNumber, assessNumber, hall } = rating;
        const forCase = statements.heldForCase.get(caseNo, serviceNumber, assessNumber, hall);
        if (forCase === undefined || ratingIdOf(forCase) === rating.corrects) continue;
        const taking = this.#compare(forCase, rating);
        // From here on the second key, too, stands for this rating and no other.
        if (taking.same) statements.bindKey.run(idempotencyKey, forCase.position);
        return taking;
      }
    if (rating.corrects !== undefined) this.#supersede(rating.corrects, rating.ratingId);
    const positions = cases.map(
      (caseNo) =>
        statements.insert.run(
          caseNo,
          rating.serviceNumber,
          rating.assessNumber,
          rating.hall,
          JSON.stringify(rating),
          nowMs,
          idempotencyKey,
          evaluator === undefined ? null : JSON.stringify(masked(evaluator)),
        ).lastInsertRowid,
    );
    statements.bindKey.run(idempotencyKey, positions[0] as number | bigint);
    return { kind: 'accepted' };
  }

  /** In the order of acceptance, one a case; of one case only, when it is named. */
  entries(caseNo?: string): LedgerEntry[] {
    const { statements } = this.#open();
    return (caseNo === undefined ? statements.all.all() : statements.ofCase.all(caseNo)).map(entryOf);
  }

  /** What was corrected since, in the order in which it had been accepted. */
  superseded(): SupersededEntry[] {
    return this.#open()
      .statements.superseded.all()
      .map((row) => ({ ...entryOf(row), correctedBy: row.corrected_by }));
  }

  /** An arrival of what is held already, or of something else in its place. */
  #compare(row: HeldRow, rating: CentreRating): Extract<Taking, { kind: 'already' }> {
    const held = JSON.parse(row.content) as CentreRating;
    const same = sameCentreRating(held, rating);
    if (same) this.#open().statements.countArrival.run(held.ratingId, row.position);
    return { kind: 'already', held, same };
  }

  /** Of a rating that is not here nothing changes. */
  #supersede(ratingId: string, correctedBy: string): void {
    const { keepSuperseded, forgetKeys, forget } = this.#open().statements;
    keepSuperseded.run(correctedBy, ratingId);
    forgetKeys.run(ratingId);
    forget.run(ratingId);
  }

  #open(): { readonly database: Database.Database; readonly statements: Statements } {
    if (this.#opened === undefined) throw new Error('the ledger is not started');
    return this.#opened;
  }
}

function casesOf({ caseNo, cases }: CentreRating): string[] {
  return [...new Set([caseNo, ...(cases ?? []).map((one) => one.caseNo)])];
}

function ratingIdOf({ content }: HeldRow): string {
  return (JSON.parse(content) as CentreRating).ratingId;
}

/** Of a batch or a theme each row tells its own case. */
function entryOf(row: LedgerRow): LedgerEntry {
  const rating = JSON.parse(row.content) as CentreRating;
  const matter = rating.cases?.find(({ caseNo }) => caseNo === row.case_no)?.matter;
  return {
    ...rating,
    caseNo: row.case_no,
    ...(matter === undefined ? {} : { matter }),
    receivedAt: row.received_at,
    idempotencyKey: row.idempotency_key,
    arrivals: row.arrivals,
    ...(row.evaluator === null ? {} : { evaluator: JSON.parse(row.evaluator) as CentreEvaluator }),
  };
}
