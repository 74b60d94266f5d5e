/** An auditor that finds nothing must be one that would have found it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hall, until } from '../support/hall.js';
import { seeded } from '../support/seeded.js';
import { audit, type AuditInput } from './audit/audit.js';
import { Citizens, filesOf, settled } from './citizens.js';
import type { Findings, Seen } from './fault-class.js';

const PRESSES = 6;
let hall: Hall;
let seen: readonly Seen[];
let folder: string;
let copies = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pjq-audit-'));
  hall = await new Hall().start();
  const citizens = new Citizens(hall, { random: seeded('audit'), prefix: 'audit' });
  citizens.start();
  await until('enough were served', () => citizens.seen.length >= PRESSES, 30_000);
  await citizens.rest();
  await settled(hall, citizens.seen);
  await hall.stopPrograms();
  seen = citizens.seen;
});

afterAll(async () => {
  await hall.stop();
  rmSync(folder, { recursive: true, force: true });
});

type File = 'terminal' | 'gateway' | 'centre';

/** Copies the files, lets somebody at one of them, and audits the copies. */
function auditAfter(file: File, change: (db: Database.Database) => void, told: readonly Seen[] = seen): Findings {
  copies += 1;
  const to = join(folder, String(copies));
  mkdirSync(to);
  const { terminals, gateway, centre } = filesOf(hall);
  const from: Record<File, string> = { terminal: terminals[0]?.files[0] ?? '', gateway: gateway[0], centre };
  const paths = Object.fromEntries(
    Object.entries(from).map(([name, path]) => {
      for (const part of ['', '-wal'].filter((one) => existsSync(path + one)))
        cpSync(path + part, join(to, name + part));
      return [name, join(to, name)];
    }),
  ) as Record<File, string>;
  const db = new Database(paths[file]);
  db.pragma('foreign_keys = OFF');
  change(db);
  db.close();
  const input: AuditInput = {
    seen: told,
    terminals: [{ name: hall.counter(1).name, files: [paths.terminal] }],
    gateway: [paths.gateway],
    centre: paths.centre,
  };
  return audit(input);
}

const untouched = () => undefined;
const counts = ({ lost, doubled, wrong, disordered, unexplained, named }: Findings) => ({
  lost: lost.length,
  doubled: doubled.length,
  wrong: wrong.length,
  disordered: disordered.length,
  unexplained: unexplained.length,
  named: named.length,
});
const CLEAN = { lost: 0, doubled: 0, wrong: 0, disordered: 0, unexplained: 0, named: 0 };

describe('a hall without a fault', () => {
  it('has every press once and in order', () => {
    const findings = auditAfter('centre', untouched);
    expect(counts(findings)).toEqual(CLEAN);
    expect(findings.accepted).toBeGreaterThanOrEqual(PRESSES);
    expect(findings.entries).toBeGreaterThan(PRESSES * 3 * 2);
  });
});

describe('the auditor finds', () => {
  it('a rating that is missing at the centre', () => {
    expect(auditAfter('centre', (db) => db.exec('DELETE FROM ledger WHERE position = 3')).lost).toHaveLength(1);
  });

  it('one that is there twice', () => {
    const twice = `INSERT INTO ledger (case_no, service_number, assess_number, hall, content, received_at, idempotency_key)
      SELECT case_no, service_number, 2, hall, content, received_at, 'other' FROM ledger WHERE position = 3`;
    expect(auditAfter('centre', (db) => db.exec(twice)).doubled).toHaveLength(1);
  });

  it('one of another level', () => {
    const changed = `UPDATE ledger SET content = json_set(content, '$.satisfaction', 6 - json_extract(content, '$.satisfaction'))
      WHERE json_extract(content, '$.satisfaction') <> 3`;
    expect(auditAfter('centre', (db) => db.exec(changed)).wrong.length).toBeGreaterThan(0);
  });

  it('one that nobody pressed', () => {
    expect(auditAfter('centre', untouched, seen.slice(1)).unexplained).toHaveLength(1);
  });

  it('one that was told "not taken"', () => {
    const told = seen.map((one, index): Seen => (index === 2 ? { ...one, outcome: 'refused' } : one));
    expect(auditAfter('centre', untouched, told).wrong).toHaveLength(1);
  });

  it('an unanswered one that is at the terminal only', () => {
    const told = seen.map((one): Seen => ({ ...one, outcome: 'unknown' }));
    expect(counts(auditAfter('centre', untouched, told))).toEqual(CLEAN);
    expect(auditAfter('centre', (db) => db.exec('DELETE FROM ledger WHERE position = 3'), told).lost).toHaveLength(1);
  });

  it('presses that stand in another order than they were made', () => {
    const told = [...seen.slice(0, 1), ...seen.slice(2, 3), ...seen.slice(1, 2), ...seen.slice(3)];
    // Once in the terminal's log, once in the gateway's.
    expect(auditAfter('centre', untouched, told).disordered).toHaveLength(2);
  });

  const cases: readonly (readonly [string, File, string])[] = [
    [
      'an entry whose bytes were changed',
      'terminal',
      "UPDATE entry SET bytes = CAST(replace(bytes, 'at', 'aT') AS BLOB) WHERE seq = 5",
    ],
    ['an entry that is gone', 'terminal', 'DELETE FROM entry WHERE seq = 5'],
    [
      'a hash that was changed',
      'gateway',
      "UPDATE entry SET hash = zeroblob(32) WHERE seq = 5 AND epochId = (SELECT id FROM epoch WHERE source LIKE '%/t1')",
    ],
    [
      'a gap that nothing names',
      'gateway',
      "DELETE FROM entry WHERE seq = 5 AND epochId = (SELECT id FROM epoch WHERE source LIKE '%/t1')",
    ],
    [
      'two entries that changed places',
      'gateway',
      'UPDATE entry SET seq = 11 - seq + 1000000 WHERE seq IN (5, 6); UPDATE entry SET seq = seq - 1000000 WHERE seq > 900000',
    ],
  ];
  it.each(cases)('%s', (_what, file, sql) => {
    const findings = auditAfter(file, (db) => db.exec(sql));
    expect(findings.unexplained.length).toBeGreaterThan(0);
  });

  it('what the gateway has set aside, by its own word', () => {
    const aside = `INSERT INTO quarantine (entryId, code, detail, at) SELECT id, 'meaning-unknown', '', 1 FROM entry LIMIT 1`;
    expect(auditAfter('gateway', (db) => db.exec(aside)).named).toHaveLength(1);
  });
});

it('the auditor shares no code with the programs', () => {
  const here = join(import.meta.dirname, 'audit');
  const imported = readdirSync(here).flatMap((name) =>
    [...readFileSync(join(here, name), 'utf8').matchAll(/^(import (?:type )?|} )(?:.*)from '([^']+)'/gm)].map(
      (m) => m[2],
    ),
  );
  expect(imported.length).toBeGreaterThan(3);
  const own = /^(node:|\.\/|better-sqlite3$|\.\.\/fault-class\.js$)/;
  expect(imported.filter((from) => !own.test(from ?? ''))).toEqual([]);
});
