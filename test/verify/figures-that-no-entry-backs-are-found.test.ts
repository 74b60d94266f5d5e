import { describe, expect, onTestFinished, test } from 'vitest';
import { hallEvidence, Tampering, type Evidence } from './evidence.js';

function tamper(evidence: Evidence): Tampering {
  const tampering = new Tampering(evidence);
  onTestFinished(() => tampering.close());
  return tampering;
}

/** What is done to the tables, and what the report must name. The chains hold in every case. */
const FORGERIES: readonly (readonly [what: string, sql: string, named: RegExp])[] = [
  [
    'the level of a rating',
    "UPDATE rating SET level = 6 - level WHERE serviceId = 's-4'",
    /rating \S+ of service s-4 is not as its entry demo\/t1 \S+ 13 says \(level\)/,
  ],
  [
    'the level of rating and press',
    "UPDATE press SET level = 1 WHERE serviceId = 's-4'",
    /press \S+ of service s-4 .* \(level\)/,
  ],
  [
    'the rating of another service',
    "UPDATE rating SET serviceId = 's-99' WHERE serviceId = 's-4'",
    /rating \S+ of service s-4 .* \(serviceId\)/,
  ],
  [
    'the cause of a rating',
    "UPDATE rating SET cause = 'grace' WHERE serviceId = 's-4'",
    /rating \S+ of service s-4 .* \(cause\)/,
  ],
  [
    'the time of a rating',
    "UPDATE rating SET at = at + 1 WHERE serviceId = 's-4'",
    /rating \S+ of service s-4 .* \(at\)/,
  ],
  ['a rating deleted', "DELETE FROM rating WHERE serviceId = 's-4'", /rating \S+ of service s-4 has no row/],
  [
    'a rating invented',
    "INSERT INTO rating (ratingId, serviceId, level, channel, cause, entryId, at) VALUES ('BBBBBBBBBBB', 's-new', 5, 'window', 'time-over', 9, 1)",
    /rating BBBBBBBBBBB of service s-new is backed by no entry/,
  ],
  ['a press deleted', "DELETE FROM press WHERE serviceId = 's-4'", /press \S+ of service s-4 has no row/],
  [
    'a press invented',
    "INSERT INTO press VALUES ('BBBBBBBBBBB', 's-4', 5, 9, 1, 'AAAAAAAAAAA', 1, 1, NULL, NULL)",
    /press BBBBBBBBBBB of service s-4 is backed by no entry/,
  ],
  [
    'reasons given by nobody',
    "UPDATE press SET reasons = '[\"510\"]' WHERE serviceId = 's-4'",
    /service s-4 .* \(reasons of press/,
  ],
  ['a service deleted', "DELETE FROM service WHERE serviceId = 's-4'", /service s-4 has no row/],
  [
    'a service invented',
    "INSERT INTO service (serviceId, terminal, caseNo, stage, state, origin, requestedAt) VALUES ('s-new', 't1', 'c', 'completion', 'open', 'command', 1)",
    /service s-new is backed by no entry/,
  ],
  [
    'the case of a service',
    "UPDATE service SET caseNo = 'c-other' WHERE serviceId = 's-4'",
    /service s-4 .* \(caseNo\)/,
  ],
  [
    'the staff of a service',
    "UPDATE service SET staffNo = '1002' WHERE serviceId = 's-4'",
    /service s-4 .* \(staffNo\)/,
  ],
  [
    'a rated service called unrated',
    "UPDATE service SET ratingId = NULL WHERE serviceId = 's-4'",
    /service s-4 .* \(ratingId\)/,
  ],
  [
    'a closed service called open',
    "UPDATE service SET state = 'open' WHERE serviceId = 's-4'",
    /service s-4 .* \(state\)/,
  ],
  [
    'a rating taken out of the queue',
    "DELETE FROM forward WHERE ratingId IN (SELECT ratingId FROM rating WHERE serviceId = 's-4')",
    /rating \S+ is not in the queue for the centre/,
  ],
  [
    'a rating called delivered',
    "UPDATE forward SET state = 'delivered' WHERE ratingId IN (SELECT ratingId FROM rating WHERE serviceId = 's-4')",
    /marked as delivered, but the gateway's log tells of no such answer/,
  ],
  [
    'a rating set aside for no reason',
    "INSERT INTO quarantine (entryId, code, detail, at) SELECT entryId, 'press-unknown', '', 1 FROM rating WHERE serviceId = 's-4'",
    /is set aside as press-unknown, for no reason/,
  ],
  [
    'a key that nobody registered',
    "INSERT INTO terminalKey VALUES ('0123456789abcdef', 't1', 'AAAA', 1, NULL)",
    /key 0123456789abcdef of terminal t1 was registered by nobody/,
  ],
  [
    'a chain stopped by nobody',
    "UPDATE epoch SET stopped = 'log-fork' WHERE source = 'demo/t1'",
    /^chain: is stopped, though the gateway's log does not tell why/,
  ],
];

describe('what was changed in the tables of a hall, with every chain left as it is', () => {
  test.each(FORGERIES)('%s is found and named', async (_what, sql, named) => {
    const tampering = tamper(await hallEvidence());
    expect(tampering.report()).toMatchObject({
      ok: true,
      faults: [],
      projections: { services: 20, presses: 20, ratings: 20 },
    });
    expect(tampering.db.prepare(sql).run().changes).toBeGreaterThan(0);
    const report = tampering.report();
    expect(report.ok).toBe(false);
    const said = [...report.faults, ...report.chains.filter(({ ok }) => !ok).map(({ verdict }) => `chain: ${verdict}`)];
    expect(said.filter((fault) => named.test(fault))).toHaveLength(1);
    // No level of anybody is in a report (I6).
    expect(said.join('\n')).not.toMatch(/level \d/);
  });
});

test('rows without the chain they came from are found, also when the chain is gone without a trace in its table', async () => {
  const evidence = await hallEvidence();
  const tampering = tamper(evidence);
  tampering.db.exec(
    `DELETE FROM entry WHERE epochId = ${evidence.epochId}; DELETE FROM epoch WHERE id = ${evidence.epochId}`,
  );
  tampering.db.exec('DELETE FROM service; DELETE FROM press; DELETE FROM rating; DELETE FROM forward');
  expect(tampering.report().faults).toEqual(
    expect.arrayContaining([
      `chain number ${evidence.epochId} is missing, whole`,
      `${evidence.headSeq} entries that this database once had are in no chain of it`,
    ]),
  );
});
