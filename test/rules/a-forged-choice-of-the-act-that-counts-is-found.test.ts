import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { closeExpired } from '../../gateway/days/close-expired.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import { DAY_MS, MINUTE_MS, opened, POLICY, POLICY_ID, pressed, RatedHall } from './rated-hall.js';

interface Evidence {
  readonly database: Buffer;
  readonly publicKeys: readonly string[];
}

/**
 * s-terminal: the terminal's act stands, one by phone came later. s-phone: one by phone displaced by an earlier press.
 * s-late: rated after its days. s-default: nobody rated it. s-held: by phone, the terminal was not heard of.
 */
async function rated(): Promise<Evidence> {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  chain.append('duty.on', { staffNo: '1002' });
  for (const name of ['s-terminal', 's-phone', 's-late', 's-default']) opened(chain, name);
  pressed(chain, 's-terminal', 2);
  await hall.log.send(chain, chain.batch());
  let sent = chain.headSeq;
  pressed(chain, 's-phone', 1);
  hall.advance(MINUTE_MS, chain);
  await hall.rate({ serviceId: 's-terminal' });
  await hall.rate({ serviceId: 's-phone' });
  const { bootId } = chain;
  const mono = chain.clock.monoMs();
  const echo = { gatewayTime: hall.log.clock.wallMs(), mono };
  const time = { bootId, mono, at: chain.clock.wallMs(), echo };
  await hall.log.send(chain, chain.batch(sent + 1, chain.headSeq, { time }));
  sent = chain.headSeq;
  hall.advance(9 * DAY_MS, chain);
  await hall.rate({ serviceId: 's-late' });
  opened(chain, 's-held');
  await hall.log.send(chain, chain.batch(sent + 1));
  await hall.rate({ serviceId: 's-held' });
  const { store, clock } = hall.log;
  await closeExpired({ store, clock, policy: POLICY, policyId: POLICY_ID }, 100);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
  const codes = hall.log.rows('SELECT serviceId, code FROM aside ORDER BY serviceId');
  expect(codes).toEqual([
    { serviceId: 's-late', code: 'rating-window-over' },
    { serviceId: 's-phone', code: 'rating-displaced' },
    { serviceId: 's-terminal', code: 'service-already-rated' },
  ]);
  await hall.log.close();
  return { database: readFileSync(join(hall.log.folder, 'hall.db')), publicKeys: [hall.log.key.publicKey] };
}

const COLUMNS =
  'ratingId, serviceId, level, channel, cause, entryId, at, correctedLowMs, correctedHighMs, latestMs, verified, reasons, text';
const swap = (serviceId: string, code: string) => `
  CREATE TEMP TABLE swapped AS SELECT ${COLUMNS} FROM rating WHERE serviceId = '${serviceId}';
  DELETE FROM rating WHERE serviceId = '${serviceId}';
  INSERT INTO rating (${COLUMNS}) SELECT ${COLUMNS} FROM aside WHERE serviceId = '${serviceId}';
  DELETE FROM aside WHERE serviceId = '${serviceId}';
  INSERT INTO aside (${COLUMNS}, code) SELECT ${COLUMNS}, '${code}' FROM swapped;
  UPDATE service SET ratingId = (SELECT ratingId FROM rating WHERE serviceId = '${serviceId}') WHERE serviceId = '${serviceId}';
  UPDATE forward SET ratingId = (SELECT ratingId FROM rating WHERE serviceId = '${serviceId}')
    WHERE ratingId = (SELECT ratingId FROM swapped) AND NOT EXISTS
      (SELECT 1 FROM forward WHERE ratingId = (SELECT ratingId FROM rating WHERE serviceId = '${serviceId}'))`;

const FORGERIES: readonly (readonly [what: string, sql: string, named: RegExp])[] = [
  ['the act that counts', swap('s-terminal', 'service-already-rated'), /kept aside .* but comes before/],
  ['the act that counts, as if displaced', swap('s-terminal', 'rating-displaced'), /kept aside .* but comes before/],
  ['the act that was displaced', swap('s-phone', 'service-already-rated'), /kept aside .* but comes before/],
  ['an act beside, deleted', "DELETE FROM aside WHERE serviceId = 's-terminal'", /of service s-terminal has no row/],
  ['a displaced act, deleted', "DELETE FROM aside WHERE serviceId = 's-phone'", /of service s-phone has no row/],
  [
    'an act beside, invented',
    `INSERT INTO aside (${COLUMNS}, code) VALUES ('BBBBBBBBBBB', 's-default', 1, 'phone', 'off-site', 9, 1, 1, 1, 1, 1, NULL, NULL, 'rating-window-over')`,
    /rating BBBBBBBBBBB of service s-default is backed by no entry/,
  ],
  ['the level beside', "UPDATE aside SET level = 1 WHERE serviceId = 's-terminal'", /s-terminal .* \(level\)/],
  [
    'the channel beside',
    "UPDATE aside SET channel = 'phone' WHERE serviceId = 's-terminal'",
    /s-terminal .* \(channel\)/,
  ],
  ['the time beside', "UPDATE aside SET latestMs = latestMs + 1 WHERE serviceId = 's-terminal'", /\(latestMs\)/],
  ['who it was, beside', "UPDATE aside SET verified = 0 WHERE serviceId = 's-terminal'", /\(verified\)/],
  [
    'the reason for it',
    "UPDATE aside SET code = 'rating-displaced' WHERE serviceId = 's-terminal'",
    /is not in the queue/,
  ],
  [
    'the reason for it, the other way round',
    "UPDATE aside SET code = 'service-already-rated' WHERE serviceId = 's-phone'",
    /the queue for the centre has rating/,
  ],
  ['no reason that there is', "UPDATE aside SET code = 'unwelcome' WHERE serviceId = 's-late'", /which is no reason/],
  [
    'in time, and called too late',
    "UPDATE aside SET code = 'rating-window-over' WHERE serviceId = 's-terminal'",
    /but was made in time/,
  ],
  [
    "the time of the terminal's act",
    "UPDATE rating SET latestMs = latestMs + 600000 WHERE serviceId = 's-phone'",
    /ordered by a time that is not its own/,
  ],
  [
    "the terminal's act as anybody's",
    "UPDATE rating SET verified = 0 WHERE serviceId = 's-phone'",
    /ordered by a time that is not its own/,
  ],
  [
    'a rating kept from the centre',
    "UPDATE forward SET state = 'withdrawn' WHERE ratingId = (SELECT ratingId FROM service WHERE serviceId = 's-terminal')",
    /kept from the centre as withdrawn, for no reason/,
  ],
  [
    "a terminal's rating held",
    "UPDATE forward SET state = 'held' WHERE ratingId = (SELECT ratingId FROM service WHERE serviceId = 's-terminal')",
    /kept from the centre as held, for no reason/,
  ],
  [
    'a positive one that waits for a reason',
    "UPDATE forward SET state = 'awaiting-reason' WHERE ratingId = (SELECT ratingId FROM service WHERE serviceId = 's-held')",
    /kept from the centre as awaiting-reason, for no reason/,
  ],
  [
    'a correction of another service’s rating',
    "UPDATE forward SET corrects = (SELECT ratingId FROM service WHERE serviceId = 's-held') WHERE ratingId = (SELECT ratingId FROM service WHERE serviceId = 's-terminal')",
    /is to take the place of \S+, which was none of its service/,
  ],
  [
    'who was on duty',
    "UPDATE service SET dutyStaffNo = '1009' WHERE serviceId = 's-terminal'",
    /service s-terminal .* \(dutyStaffNo\)/,
  ],
  ['the default', "UPDATE service SET defaultLevel = 5 WHERE serviceId = 's-default'", /s-default is not counted as/],
  [
    'no default any more',
    "UPDATE service SET defaultLevel = NULL, expiredAt = NULL WHERE serviceId = 's-default'",
    /s-default is not counted as/,
  ],
  [
    'a default that nobody gave',
    "UPDATE service SET defaultLevel = 5, expiredAt = 1 WHERE serviceId = 's-held'",
    /1 services count by default, for which/,
  ],
];

describe('who writes to the database', () => {
  let made: Evidence | undefined;

  const faultsAfter = async (sql: string): Promise<readonly string[]> => {
    const { database, publicKeys } = (made ??= await rated());
    const file = join(temporaryFolder(), 'hall.db');
    writeFileSync(file, database);
    const db = new Database(file);
    db.exec(sql);
    db.close();
    return verifyFile(file, { suite: nodeSuite, publicKeys }).faults;
  };

  test.each(FORGERIES)('is found out: %s', async (_what, sql, named) => {
    expect((await faultsAfter(sql)).join('\n')).toMatch(named);
  });
});

test('a database of before acts were kept aside is verified as it is, second ratings in quarantine and all', async () => {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  opened(chain, 's-1');
  opened(chain, 's-2');
  const first = pressed(chain, 's-1', 2);
  await hall.log.send(chain, chain.batch());
  hall.log.clock.advance(1);
  const from = chain.headSeq + 1;
  pressed(chain, 's-1', 5);
  await hall.log.send(chain, chain.batch(from));
  await hall.log.close();
  const file = join(hall.log.folder, 'hall.db');
  const db = new Database(file);
  const columns = (table: string) => (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  const drop = (table: string, after: string) => {
    const names = columns(table);
    for (const name of names.slice(names.indexOf(after) + 1)) db.exec(`ALTER TABLE ${table} DROP COLUMN ${name}`);
  };
  db.exec(`
    INSERT INTO quarantine (entryId, code, detail, at) SELECT entryId, 'service-already-rated', 's-1', 1 FROM aside;
    DROP TABLE aside; DROP TABLE freeText; DROP TABLE evaluator; DROP TABLE reminder; DROP TABLE optOut`);
  const indexes =
    "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('service', 'forward') AND sql IS NOT NULL";
  for (const name of db.prepare(indexes).pluck().all() as string[]) db.exec(`DROP INDEX ${name}`);
  drop('service', 'validUntil');
  drop('rating', 'correctedHighMs');
  drop('forward', 'deliveredAt');
  const report = () => verifyFile(file, { suite: nodeSuite, publicKeys: [hall.log.key.publicKey] });
  expect(report()).toMatchObject({ ok: true, faults: [], projections: { ratings: 1 } });
  db.exec('DELETE FROM rating');
  db.close();
  expect(report().faults.join('\n')).toMatch(new RegExp(`rating ${first} of service s-1 has no row`));
});
