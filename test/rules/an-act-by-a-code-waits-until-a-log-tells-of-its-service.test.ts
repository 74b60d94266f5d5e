/** A receipt's code may be used before any log has told of its service: its acts stand under the code's name until then. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import { readOpenRequest } from '../../gateway/core/open-request.js';
import { migrate } from '../../gateway/store/migrations.js';
import { resolveOverlooked } from '../../gateway/ingest/resolve-requested.js';
import { codesWithoutService } from '../../gateway/services/codes-without-service.js';
import { openSqlite } from '../../gateway/store/dialect.js';
import { recordRequest } from '../support/record-request.js';
import { serviceReferenceOf, type Policy } from '../../protocol/index.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { becomes, ScriptedCentre, settle, startForwarder } from '../forward/hall-forwarding.js';
import { temporaryFolder } from '../ingest/hall-log.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import {
  DAY_MS,
  exactTime,
  faultsAfter,
  MINUTE_MS,
  opened,
  POLICY,
  pressed,
  RatedHall,
  repaired,
} from './rated-hall.js';

const accepted: CentreOutcome = { kind: 'accepted' };
const UNGRANTED: Policy = {
  ...POLICY,
  stages: { ...POLICY.stages, completion: { ...POLICY.stages.completion, opens: 'nothing' } },
};

const codeOf = ({ terminal }: TerminalChain, serviceId: string) => ({
  provisional: { terminal, reference: serviceReferenceOf(nodeSuite, serviceId), day: '2026-03-02' },
});

/** A service that was opened, and perhaps pressed, at a terminal of which nothing was heard, and then rated by its code. */
async function foretold({ press = false, policy = POLICY } = {}) {
  const hall = await RatedHall.open(policy);
  const chain = await hall.terminal();
  opened(chain, 's-1');
  hall.advance(MINUTE_MS, chain);
  const terminal = press ? pressed(chain, 's-1', 2) : '';
  hall.advance(MINUTE_MS, chain);
  const taken = await hall.rate({ ...codeOf(chain, 's-1'), level: 4 });
  return { hall, chain, terminal, phone: taken.ratingId, taken };
}

const hear = (hall: RatedHall, chain: TerminalChain, from = 1) =>
  hall.log.send(chain, chain.batch(from, chain.headSeq, exactTime(hall, chain)));

test('it counts in the hall at once, and goes nowhere before its service is known, whatever the hours and the clock', async () => {
  const { hall, chain, phone, taken } = await foretold();
  expect(taken).toMatchObject({
    counts: true,
    serviceId: `later:${chain.terminal}:${codeOf(chain, 's-1').provisional.reference}`,
  });
  const centre = new ScriptedCentre(hall.log, [accepted]);
  const forwarder = startForwarder(hall.log, centre);
  for (const ms of [POLICY.offSiteHoldHours * 3_600_000 + 1, 30 * DAY_MS, -90 * DAY_MS]) {
    hall.log.clock.step(ms);
    await settle(hall.log, forwarder);
    expect([centre.tries, hall.queue(phone)?.state]).toEqual([[], 'held']);
  }
  hall.log.clock.step(60 * DAY_MS);
  expect(await codesWithoutService(hall.log.store.db)).toMatchObject([
    { serviceId: taken.serviceId, terminal: chain.terminal, window: '1', day: '2026-03-02' },
  ]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
  hall.log.run("UPDATE forward SET state = 'waiting'");
  expect(hall.verified().faults.join()).toMatch(/no log tells of its service/);
});

test('once the terminal tells of the service, it is the rating of that service, and goes its way', async () => {
  const { hall, chain, phone, taken } = await foretold();
  await hear(hall, chain);
  expect(hall.standing('s-1')).toMatchObject({ ratingId: phone, level: 4 });
  expect(hall.log.rows('SELECT serviceId, resolvedTo FROM provisional')).toEqual([
    { serviceId: taken.serviceId, resolvedTo: 's-1' },
  ]);
  expect(hall.log.rows('SELECT ratingId, reference FROM service')).toEqual([
    { ratingId: phone, reference: codeOf(chain, 's-1').provisional.reference },
  ]);
  // Sent again, by the code or by the name that it stood under, it is the same act.
  for (const of of [codeOf(chain, 's-1'), { serviceId: taken.serviceId }, { serviceId: 's-1' }])
    expect(await hall.rate({ ...of, id: phone, level: 4 })).toMatchObject({ serviceId: 's-1', counts: true });
  expect(hall.log.ownBodies('rating.made')).toHaveLength(1);
  const from = chain.headSeq + 1;
  chain.append('unrated', { serviceId: 's-1', cause: 'later' });
  hall.advance(MINUTE_MS, chain);
  await hear(hall, chain, from);
  startForwarder(hall.log, new ScriptedCentre(hall.log, [accepted]));
  await becomes(hall.log, phone, 'delivered');
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('an earlier press that is told with its service comes first', async () => {
  const { hall, chain, terminal, phone } = await foretold({ press: true });
  await hear(hall, chain);
  expect(hall.standing('s-1')?.ratingId).toBe(terminal);
  expect(hall.asides('s-1')).toEqual([{ ratingId: phone, code: 'rating-displaced' }]);
  expect(hall.queue(phone)?.state).toBe('withdrawn');
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('what the service opens and its days are heeded once they are known', async () => {
  const nothing = await foretold({ policy: UNGRANTED });
  await hear(nothing.hall, nothing.chain);
  expect(nothing.hall.asides('s-1')).toEqual([{ ratingId: nothing.phone, code: 'service-ungranted' }]);
  const { hall, chain } = await foretold();
  opened(chain, 's-2');
  hall.advance(9 * DAY_MS, chain);
  const { ratingId } = await hall.rate(codeOf(chain, 's-2'));
  await hear(hall, chain);
  expect(hall.asides('s-2')).toEqual([{ ratingId, code: 'rating-window-over' }]);
  expect(hall.log.total('forward')).toBe(1);
  for (const one of [nothing.hall, hall]) expect(one.verified()).toMatchObject({ ok: true, faults: [] });
});

test('the business system may be the one who tells of it', async () => {
  const { hall, chain, phone } = await foretold();
  const request = readOpenRequest(
    { terminal: chain.terminal, caseNo: 'case-s-1', stage: 'completion' },
    { takesEvaluator: false },
  );
  const { store, clock } = hall.log;
  await recordRequest({ store, rules: POLICY }, request, 's-1', clock.wallMs(), 15_000);
  expect(hall.standing('s-1')?.ratingId).toBe(phone);
  expect(hall.queue(phone)?.state).toBe('held');
  expect(hall.queue(phone)?.nextAt).toBe(clock.wallMs() + POLICY.offSiteHoldHours * 3_600_000);
  const before = tables(hall);
  const again = await repaired(hall);
  expect(tables(again)).toEqual(before);
  expect(again.verified()).toMatchObject({ ok: true, faults: [] });
});

test('a hundred uses of one code at once leave one rating, before and after its service is told of', async () => {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  opened(chain, 's-1');
  const use = () => hall.rate({ ...codeOf(chain, 's-1'), id: nodeRandomness.newId() });
  const uses = Array.from({ length: 50 }, use);
  const told = hear(hall, chain);
  await Promise.all([...uses, told, ...Array.from({ length: 50 }, use)]);
  expect(hall.log.rows('SELECT count(*) AS total, count(DISTINCT serviceId) AS services FROM rating')).toEqual([
    { total: 1, services: 1 },
  ]);
  expect(hall.asides('s-1')).toHaveLength(99);
  expect(hall.log.total('provisional')).toBeLessThanOrEqual(1);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('a code speaks of a service of its own terminal only', async () => {
  const { hall, taken } = await foretold();
  const other = await hall.terminal();
  opened(other, 's-1');
  await hear(hall, other);
  expect(hall.standing('s-1')).toBeUndefined();
  expect(hall.standing(taken.serviceId)?.ratingId).toBe(taken.ratingId);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('nobody opens a service, and no terminal speaks of one, under the name of a code', async () => {
  const { hall, chain, taken } = await foretold();
  const { serviceId } = taken;
  const other = await hall.terminal();
  opened(other, serviceId);
  pressed(other, serviceId, 1);
  other.append('service.provisional', {
    serviceId,
    terminal: chain.terminal,
    reference: 'AAAAAAAAAAA',
    day: '2026-03-02',
  });
  await hear(hall, other);
  expect(hall.log.setAside().map(({ code }) => code)).toEqual([
    'service-exists',
    'service-unknown',
    'service-unknown',
    'wrong-terminal',
  ]);
  const request = readOpenRequest(
    { terminal: chain.terminal, caseNo: 'c-1', stage: 'completion' },
    { takesEvaluator: false },
  );
  const { store, clock } = hall.log;
  await expect(recordRequest({ store }, request, serviceId, clock.wallMs(), 15_000)).rejects.toMatchObject({
    code: 'service-exists',
  });
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

function tables({ log }: RatedHall): unknown[] {
  return [
    log.rows('SELECT * FROM rating ORDER BY ratingId'),
    log.rows('SELECT * FROM aside ORDER BY ratingId'),
    log.rows('SELECT * FROM provisional ORDER BY serviceId'),
    log.rows('SELECT ratingId, state, nextAt, corrects FROM forward ORDER BY ratingId'),
    log.rows('SELECT serviceId, ratingId, coveredAt, reference FROM service ORDER BY serviceId'),
  ];
}

/** s-1 was told of after its code was used twice, s-2 never. */
async function someOfBoth() {
  const { hall, chain, phone } = await foretold({ press: true });
  await hall.rate({ ...codeOf(chain, 's-1'), level: 1, replaces: phone });
  await hear(hall, chain);
  hall.advance(MINUTE_MS, chain);
  const { ratingId } = await hall.rate(codeOf(chain, 's-2'));
  return { hall, chain, phone, waiting: ratingId };
}

test('a hall that is made anew from its entries has the same acts under the same names', async () => {
  const { hall } = await someOfBoth();
  const before = tables(hall);
  const again = await repaired(hall);
  expect(tables(again)).toEqual(before);
  expect(again.verified()).toMatchObject({ ok: true, faults: [] });
});

test('who writes to the database is found out', async () => {
  const { hall, chain, phone, waiting } = await someOfBoth();
  opened(chain, 's-3');
  await hear(hall, chain, chain.headSeq);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
  await hall.log.close();
  const made = {
    database: readFileSync(join(hall.log.folder, 'hall.db')),
    publicKeys: [hall.log.key.publicKey],
  };
  for (const [change, named] of [
    [
      "UPDATE service SET reference = 'AAAAAAAAAAA' WHERE serviceId = 's-3'",
      /s-3 is found by a code that is not its own/,
    ],
    ["UPDATE provisional SET resolvedTo = 's-3' WHERE resolvedTo IS NULL", /is not taken for the one that it means/],
    ['UPDATE provisional SET resolvedTo = NULL', /is not taken for the one that it means/],
    ["UPDATE provisional SET day = '2026-03-01'", /of which a code is known, is not as its entry/],
    ['DELETE FROM provisional WHERE resolvedTo IS NULL', /of which a code is known, is not as its entry/],
    [
      "INSERT INTO provisional VALUES ('later:t1:AAAAAAAAAAA', 't1', 'AAAAAAAAAAA', '2026-03-01', 1, NULL)",
      /codes stand for services, of which the gateway's log does not tell/,
    ],
    [`DELETE FROM rating WHERE ratingId = '${waiting}'`, /has no row/],
    [`UPDATE rating SET level = 1 WHERE ratingId = '${waiting}'`, /\(level\)/],
    [`UPDATE rating SET serviceId = 's-3' WHERE ratingId = '${waiting}'`, /\(serviceId\)/],
    [`DELETE FROM aside WHERE ratingId = '${phone}'`, /has no row/],
    [
      `INSERT INTO quarantine (entryId, code, detail, at) SELECT entryId, 'service-unknown', '', 1 FROM rating WHERE ratingId = '${waiting}';
       DELETE FROM rating WHERE ratingId = '${waiting}'; DELETE FROM forward WHERE ratingId = '${waiting}'`,
      /for no reason that can be seen/,
    ],
    [
      `INSERT INTO quarantine (entryId, code, detail, at) SELECT id, 'wrong-terminal', '', 1 FROM entry WHERE kind = 'service.provisional'`,
      /for no reason that can be seen/,
    ],
  ] as const)
    expect(faultsAfter(made, change)).toMatch(named);
});

test('services of before there were codes are found by theirs after the update', async () => {
  const { db, types, close } = openSqlite(join(temporaryFolder(), 'hall.db'));
  await migrate(db, types, 5);
  const names = Array.from({ length: 1_001 }, (_, n) => `s-${n}`);
  await db.transaction().execute(async (trx) => {
    for (const name of names)
      await sql`insert into service ("serviceId", terminal, "caseNo", stage, state, origin, "requestedAt")
      values (${name}, 't1', 'c', 'completion', 'closed', 'local', 1)`.execute(trx);
  });
  await migrate(db, types);
  const rows = await db.selectFrom('service').select(['serviceId', 'reference']).execute();
  expect(new Map(rows.map(({ serviceId, reference }) => [serviceId, reference]))).toEqual(
    new Map(names.map((name) => [name, serviceReferenceOf(nodeSuite, name)])),
  );
  await close();
});

test('what an older version was told meanwhile, after an update was rolled back, is made good at the start', async () => {
  const { hall, chain, phone } = await foretold();
  hall.log.run(`INSERT INTO service (serviceId, terminal, caseNo, stage, state, origin, requestedAt)
    VALUES ('s-1', '${chain.terminal}', 'case-s-1', 'completion', 'open', 'local', ${hall.log.clock.wallMs()})`);
  const { db } = hall.log.store;
  await migrate(db, { id: 'integer', int: 'integer', bytes: 'blob' });
  await resolveOverlooked(db, { suite: nodeSuite, rules: POLICY });
  expect(hall.standing('s-1')?.ratingId).toBe(phone);
  expect(hall.log.rows('SELECT ratingId FROM service')).toEqual([{ ratingId: phone }]);
  expect(await codesWithoutService(db)).toEqual([]);
});
