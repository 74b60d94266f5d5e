import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { closeAbandoned } from '../../gateway/ingest/grace.js';
import { adoptedLists, adoptList, areReasonsOfHall, listInForce } from '../../gateway/reasons/reason-lists.js';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { LEVELS, namedList, NATIONAL_LIST, type Mark, type ReasonList } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { startCentre, startPort } from '../centre/centre-at-work.js';
import { becomes, startForwarder } from '../forward/hall-forwarding.js';
import { HallLog, OWN_SOURCE, quiet } from '../ingest/hall-log.js';
import { repair } from '../repair/repairing.js';

const listOf = (name: string, sign: string): ReasonList =>
  namedList(
    nodeSuite,
    name,
    LEVELS.flatMap((level) =>
      ['a', 'b'].map((end) => ({ code: `${level}${sign}${end}`, zh: `理由${sign}${end}`, en: 'Why' })),
    ),
  );
const FIRST = listOf('hall-1', 'x');
const SECOND = listOf('hall-2', 'y');
const MARKS: Mark[] = [
  { of: 'indicator', code: 'service', level: 2 },
  { of: 'matter', code: 'M-1', level: 5 },
];

interface Said {
  readonly list: string;
  readonly codes: string[];
  readonly marks?: Mark[];
}

/** A service whose press says why, by the list that it names. */
async function rated(hall: HallLog, serviceId: string, said: Said, { closes = true } = {}): Promise<string> {
  const chain = await hall.terminal(`t-${serviceId}`);
  chain.opened(serviceId);
  const id = chain.press(serviceId, 2);
  const { list, codes, marks } = said;
  const more = marks === undefined ? {} : { marks };
  chain.append('reasons', { pressId: id, serviceId, codes, list, ...more });
  if (closes)
    chain.append('rating', {
      id,
      serviceId,
      level: 2,
      cause: 'time-over',
      ...(codes.length === 0 ? {} : { reasons: codes }),
      ...more,
    });
  await hall.send(chain, chain.batch());
  return id;
}

function faultsOf(hall: HallLog): readonly string[] {
  const { faults } = verifyFile(join(hall.folder, DATABASE_FILE), {
    suite: nodeSuite,
    publicKeys: [hall.key.publicKey],
  });
  return faults.filter((fault) => !fault.includes('no signature'));
}

async function served(): Promise<HallLog> {
  const hall = await HallLog.open();
  const { store } = hall;
  expect(await listInForce(store.db)).toBe(NATIONAL_LIST);
  // Before the hall had it: nobody can say what its codes mean, so they are taken.
  await rated(hall, 'early', { list: FIRST.id, codes: ['1xa'] });
  expect(await adoptList({ store, suite: nodeSuite }, FIRST)).toBe(true);
  expect(await adoptList({ store, suite: nodeSuite }, FIRST)).toBe(false);
  await rated(hall, 'good', { list: FIRST.id, codes: ['2xb', '2xa'], marks: MARKS });
  await adoptList({ store, suite: nodeSuite }, SECOND);
  await rated(hall, 'new', { list: SECOND.id, codes: ['2ya'] });
  // A terminal that was cut off still shows the one before.
  await rated(hall, 'old', { list: FIRST.id, codes: ['2xa'] });
  await rated(hall, 'national', { list: NATIONAL_LIST.id, codes: ['207'] });
  await rated(hall, 'mixed', { list: SECOND.id, codes: ['2xa'] });
  await rated(hall, 'level', { list: FIRST.id, codes: ['1xa'] });
  return hall;
}

const PRESSES = 'SELECT serviceId, reasons, marks FROM press ORDER BY serviceId';

test('of lists that the hall had the codes must be, of the level; the hall knows every list that it had', async () => {
  const hall = await served();
  expect(hall.rows(PRESSES)).toEqual([
    { serviceId: 'early', reasons: '["1xa"]', marks: null },
    { serviceId: 'good', reasons: '["2xb","2xa"]', marks: JSON.stringify(MARKS) },
    { serviceId: 'level', reasons: null, marks: null },
    { serviceId: 'mixed', reasons: null, marks: null },
    { serviceId: 'national', reasons: '["207"]', marks: null },
    { serviceId: 'new', reasons: '["2ya"]', marks: null },
    { serviceId: 'old', reasons: '["2xa"]', marks: null },
  ]);
  expect(hall.setAside().map(({ code }) => code)).toEqual([
    'reason-unknown',
    'rating-contradicts-press',
    'reason-unknown',
    'rating-contradicts-press',
  ]);
  const { db } = hall.store;
  expect(await listInForce(db)).toEqual(SECOND);
  expect((await adoptedLists(db)).map(({ id }) => id)).toEqual([FIRST.id, SECOND.id]);
  expect(await areReasonsOfHall(db, 2, ['2xa', '2xb'])).toBe(true);
  expect(await areReasonsOfHall(db, 2, ['207'])).toBe(true);
  // No one list has them all, and none has them at this level.
  expect(await areReasonsOfHall(db, 2, ['2xa', '2ya'])).toBe(false);
  expect(await areReasonsOfHall(db, 1, ['2xa'])).toBe(false);
  expect(await adoptList({ store: hall.store, suite: nodeSuite }, NATIONAL_LIST)).toBe(true);
  expect(await listInForce(db)).toEqual(NATIONAL_LIST);
  await expect(adoptList({ store: hall.store, suite: nodeSuite }, { ...FIRST, id: SECOND.id })).rejects.toMatchObject({
    code: 'reason-list-invalid',
  });
});

test('the proof reads it alike, finds what is changed beside the log, and a repair makes it anew', async () => {
  const hall = await served();
  const before = [
    hall.rows(PRESSES),
    hall.rows('SELECT list, reasons, at FROM reasonList ORDER BY id'),
    hall.setAside(),
  ];
  expect(faultsOf(hall)).toEqual([]);
  const forgeries: readonly (readonly [sql: string, named: RegExp])[] = [
    [
      `UPDATE press SET marks = replace(marks, '"level":2', '"level":5') WHERE serviceId = 'good'`,
      /service good .*\(marks of press/,
    ],
    [`UPDATE press SET marks = NULL WHERE serviceId = 'good'`, /service good .*\(marks of press/],
    [`UPDATE press SET marks = '[]' WHERE serviceId = 'old'`, /service old .*\(marks of press/],
    [`UPDATE reasonList SET reasons = replace(reasons, '理由xa', '理由好') WHERE id = 1`, /lists of reasons/],
    [`DELETE FROM reasonList WHERE id = 2`, /lists of reasons/],
    [`INSERT INTO reasonList (list, reasons, at) VALUES ('other@1', '[]', 1)`, /lists of reasons/],
  ];
  for (const [sql, named] of forgeries) {
    const database = new Database(join(hall.folder, DATABASE_FILE));
    const kept = ['press', 'reasonList'].map(
      (table) => [table, database.prepare(`SELECT * FROM ${table}`).all()] as const,
    );
    database.exec(sql);
    expect(faultsOf(hall), sql).toEqual([expect.stringMatching(named)]);
    for (const [table, rows] of kept) {
      database.exec(`DELETE FROM ${table}`);
      for (const row of rows as Record<string, unknown>[]) {
        const columns = Object.keys(row);
        database
          .prepare(`INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`)
          .run(Object.values(row));
      }
    }
    database.close();
  }
  expect(faultsOf(hall)).toEqual([]);
  const { folder, key } = hall;
  await hall.close();
  await repair({ folder, key });
  const again = await HallLog.open({ folder, key });
  expect([
    again.rows(PRESSES),
    again.rows('SELECT list, reasons, at FROM reasonList ORDER BY id'),
    again.setAside(),
  ]).toEqual(before);
  expect(faultsOf(again)).toEqual([]);
});

test('levels of single things reach the centre with their rating, also where the gateway closes the service', async () => {
  const hall = await HallLog.open();
  const whole = await rated(hall, 'whole', { list: NATIONAL_LIST.id, codes: [], marks: MARKS });
  const left = await rated(hall, 'left', { list: NATIONAL_LIST.id, codes: ['207'], marks: MARKS }, { closes: false });
  const bare = await rated(hall, 'bare', { list: NATIONAL_LIST.id, codes: [] });
  hall.clock.advance(73 * 3_600_000);
  const { store, clock } = hall;
  const graceMs = 72 * 3_600_000;
  await closeAbandoned({
    store,
    suite: nodeSuite,
    clock,
    graceMs,
    ownSource: OWN_SOURCE,
    logger: quiet,
    onClosed: () => undefined,
  });
  expect(hall.ownBodies('rating')).toMatchObject([{ id: left, cause: 'grace', marks: MARKS }]);
  expect(hall.setAside()).toEqual([]);
  const centre = await startCentre();
  startForwarder(hall, startPort(centre.url));
  for (const id of [whole, left, bare]) await becomes(hall, id, 'delivered');
  const held = new Map((await centre.ledger()).map((row) => [row.ratingId, row]));
  expect(held.get(whole)).toMatchObject({ satisfaction: 2, marks: MARKS });
  expect(held.get(left)).toMatchObject({ reasons: ['207'], marks: MARKS });
  expect(held.get(bare)).not.toHaveProperty('marks');
});

test('a rating that says other levels of single things than its press is set aside', async () => {
  const hall = await HallLog.open();
  const chain = await hall.terminal('t1');
  chain.opened('s-1');
  const id = chain.press('s-1', 4);
  chain.append('reasons', { pressId: id, serviceId: 's-1', codes: [], list: NATIONAL_LIST.id, marks: MARKS });
  chain.append('rating', { id, serviceId: 's-1', level: 4, cause: 'time-over', marks: MARKS.slice(1) });
  await hall.send(chain, chain.batch());
  expect(hall.setAside().map(({ code }) => code)).toEqual(['rating-contradicts-press']);
});
