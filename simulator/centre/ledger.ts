/** What the simulated centre holds: ratings, the keys they came under, and the nonces it has seen. */
import Database from 'better-sqlite3';
import { sameCentreRating, type CentreRating } from '../../protocol/index.js';

/** A rating as it stands in the ledger. */
export interface LedgerEntry extends CentreRating {
  /** Wall clock of the centre, ms since 1970. */
  readonly receivedAt: number;
  /** The key under which it came first. */
  readonly idempotencyKey: string;
}

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
    UNIQUE (case_no, service_number, assess_number, hall)
  );
  CREATE TABLE IF NOT EXISTS idempotency_keys (
    key TEXT PRIMARY KEY,
    position INTEGER NOT NULL REFERENCES ledger (position)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS nonces_by_expiry ON nonces (expires_at);
`;

interface HeldRow {
  readonly position: number;
  readonly content: string;
}

interface LedgerRow {
  readonly content: string;
  readonly received_at: number;
  readonly idempotency_key: string;
}

interface Statements {
  readonly heldUnderKey: Database.Statement<[string], HeldRow>;
  readonly heldForCase: Database.Statement<[string, number, number, string], HeldRow>;
  readonly insert: Database.Statement<[string, number, number, string, string, number, string]>;
  readonly bindKey: Database.Statement<[string, number | bigint]>;
  readonly forgetNonces: Database.Statement<[number]>;
  readonly spendNonce: Database.Statement<[string, number]>;
  readonly all: Database.Statement<[], LedgerRow>;
  readonly ofCase: Database.Statement<[string], LedgerRow>;
}

function prepare(database: Database.Database): Statements {
  return {
    heldUnderKey: database.prepare(
      'SELECT l.position, l.content FROM idempotency_keys k JOIN ledger l USING (position) WHERE k.key = ?',
    ),
    heldForCase: database.prepare(
      'SELECT position, content FROM ledger WHERE case_no = ? AND service_number = ? AND assess_number = ? AND hall = ?',
    ),
    insert: database.prepare(
      'INSERT INTO ledger (case_no, service_number, assess_number, hall, content, received_at, idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    bindKey: database.prepare('INSERT INTO idempotency_keys (key, position) VALUES (?, ?)'),
    forgetNonces: database.prepare('DELETE FROM nonces WHERE expires_at < ?'),
    spendNonce: database.prepare('INSERT OR IGNORE INTO nonces (nonce, expires_at) VALUES (?, ?)'),
    all: database.prepare('SELECT content, received_at, idempotency_key FROM ledger ORDER BY position'),
    ofCase: database.prepare(
      'SELECT content, received_at, idempotency_key FROM ledger WHERE case_no = ? ORDER BY position',
    ),
  };
}

/** One SQLite file. Every method but `start` and `stop` needs a started ledger. */
export class Ledger {
  readonly #file: string;
  #opened: { readonly database: Database.Database; readonly statements: Statements } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  start(): void {
    const database = new Database(this.#file);
    // Said on the open connection: `synchronous` is not kept in the file, and the build's default may be NORMAL.
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec(SCHEMA);
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

  /** Takes a rating, unless its key or its case (caseNo, serviceNumber, assessNumber, hall) has one. Call it in `atomically`. */
  take(rating: CentreRating, idempotencyKey: string, nowMs: number): Taking {
    const { statements } = this.#open();
    const underKey = statements.heldUnderKey.get(idempotencyKey);
    if (underKey !== undefined) return compare(underKey, rating);
    const forCase = statements.heldForCase.get(rating.caseNo, rating.serviceNumber, rating.assessNumber, rating.hall);
    if (forCase !== undefined) {
      const taking = compare(forCase, rating);
      // From here on the second key, too, stands for this rating and no other.
      if (taking.same) statements.bindKey.run(idempotencyKey, forCase.position);
      return taking;
    }
    const { lastInsertRowid } = statements.insert.run(
      rating.caseNo,
      rating.serviceNumber,
      rating.assessNumber,
      rating.hall,
      JSON.stringify(rating),
      nowMs,
      idempotencyKey,
    );
    statements.bindKey.run(idempotencyKey, lastInsertRowid);
    return { kind: 'accepted' };
  }

  /** In the order of acceptance; of one case only, when it is named. */
  entries(caseNo?: string): LedgerEntry[] {
    const { statements } = this.#open();
    const rows = caseNo === undefined ? statements.all.all() : statements.ofCase.all(caseNo);
    return rows.map((row) => ({
      ...(JSON.parse(row.content) as CentreRating),
      receivedAt: row.received_at,
      idempotencyKey: row.idempotency_key,
    }));
  }

  #open(): { readonly database: Database.Database; readonly statements: Statements } {
    if (this.#opened === undefined) throw new Error('the ledger is not started');
    return this.#opened;
  }
}

function compare(row: HeldRow, rating: CentreRating): Extract<Taking, { kind: 'already' }> {
  const held = JSON.parse(row.content) as CentreRating;
  return { kind: 'already', held, same: sameCentreRating(held, rating) };
}
