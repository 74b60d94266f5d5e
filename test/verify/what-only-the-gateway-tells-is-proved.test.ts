import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eraseServices } from '../../gateway/evaluator/erase.js';
import { clearFlag, raiseFlags } from '../../gateway/misuse/flag-book.js';
import { record } from '../../gateway/reminders/reminder-book.js';
import { keepText, reviewText } from '../../gateway/services/free-text.js';
import { RatingDesk } from '../../gateway/services/rating-desk.js';
import { ReasonDesk } from '../../gateway/services/reason-desk.js';
import { verifyFile } from '../../gateway/verify/verify-file.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { DaysHall } from '../days/days-hall.js';
import { OWN_SOURCE } from '../ingest/hall-log.js';
import { repair } from '../repair/repairing.js';
import { openService } from '../support/open-service.js';

/**
 * A hall in which all of it happened: services taken back, messages that left or did not, words that passed their
 * review, that wait for it and that were erased, reasons that a callback brought and that the system wrote.
 */
async function whole() {
  const hall = await DaysHall.open();
  const { store, clock } = hall.log;
  const { policy } = hall;
  const chain = await hall.terminal('t1');
  const ratings = new RatingDesk({
    store,
    suite: nodeSuite,
    clock,
    policy,
    policyId: 'test@1',
    ownSource: OWN_SOURCE,
    keepText,
  });
  const inOne = <T>(
    work: (trx: Parameters<Parameters<ReturnType<typeof store.db.transaction>['execute']>[0]>[0]) => Promise<T>,
  ) => store.db.transaction().execute(work);
  const key = () => nodeRandomness.newId();
  for (const serviceId of ['kept', 'back', 'back-2'])
    await openService(hall.desk, { terminal: 't1', caseNo: serviceId, stage: 'completion', serviceId }, key());
  await hall.desk.cancel('back');
  hall.pass(1_000);
  await hall.desk.cancel('back-2');

  for (const outcome of [
    { outcome: 'sent' },
    { outcome: 'failed', code: 'sms-unreachable' },
    { outcome: 'sent' },
  ] as const) {
    hall.pass(1_000);
    await inOne((trx) => record(store, trx, { serviceId: 'kept', purpose: 'invitation', ...outcome }));
  }
  await inOne((trx) =>
    record(store, trx, { serviceId: 'back', purpose: 'reminder', outcome: 'skipped', code: 'no-contact' }),
  );

  const ids: Record<string, string> = {};
  for (const [serviceId, level, text] of [
    ['passed', 5, '很好'],
    ['unread', 4, '等了很久'],
    ['gone', 3, '我叫张三'],
    ['callback', 1, undefined],
    ['neutral', 2, undefined],
  ] as const) {
    chain.opened(serviceId);
    chain.append('unrated', { serviceId, cause: 'later' });
    await hall.sendAll(chain);
    const id = key();
    ids[serviceId] = id;
    await ratings.rate({
      id,
      serviceId,
      channel: 'receipt-qr',
      level,
      verified: true,
      ...(text === undefined ? {} : { text }),
    });
  }
  await inOne((trx) =>
    reviewText(trx, store, ids['passed'] ?? '', { passed: true, by: 'wang.wu', nowMs: clock.wallMs() }),
  );
  await inOne((trx) => eraseServices(trx, store, ['gone'], 'asked', clock.wallMs()));
  hall.log.run(
    `UPDATE forward SET state = 'awaiting-reason', nextAt = 0 WHERE ratingId IN ('${ids['callback']}', '${ids['neutral']}')`,
  );
  const reasons = new ReasonDesk({ store, clock });
  await reasons.supply(ids['callback'] ?? '', { codes: ['115'], text: '没有人解释' });
  expect(await reasons.look({ waitHours: 1, then: 'neutral-text' })).toBe(1);
  const flag = (name: string) => ({ flag: name, subject: 'terminal t1', evidence: `3 services: ${ids['passed']}` });
  await raiseFlags(store, [flag('used-at-once'), flag('many-from-one-block')]);
  hall.pass(1_000);
  await clearFlag(store, 1, 'wang.wu');
  const faults = () =>
    verifyFile(join(hall.log.folder, 'hall.db'), { suite: nodeSuite, publicKeys: [hall.log.key.publicKey] }).faults;
  return { hall, ids, faults };
}

const of = (serviceId: string) => `(SELECT ratingId FROM service WHERE serviceId = '${serviceId}')`;
const wordsOf = (serviceId: string) => `(SELECT text FROM rating WHERE serviceId = '${serviceId}')`;

/** What is done to the tables, and what the report must say. */
const FORGERIES: readonly (readonly [what: string, sql: string, named: RegExp])[] = [
  [
    'a service taken back is not',
    `UPDATE service SET takenBackAt = NULL WHERE serviceId = 'back'`,
    /service back was taken back/,
  ],
  [
    'at another time',
    `UPDATE service SET takenBackAt = takenBackAt + 1 WHERE serviceId = 'back'`,
    /service back was taken back/,
  ],
  [
    'one that was not',
    `UPDATE service SET takenBackAt = 1 WHERE serviceId = 'kept'`,
    /service kept is marked as taken back/,
  ],
  [
    'a message that left did not',
    `UPDATE reminder SET outcome = 'failed' WHERE serviceId = 'kept'`,
    /the invitation about service kept is not as/,
  ],
  [
    'a message with another code',
    `UPDATE reminder SET code = NULL WHERE serviceId = 'back'`,
    /the reminder about service back is not as/,
  ],
  [
    'a message at another time',
    `UPDATE reminder SET at = at - 1 WHERE serviceId = 'kept'`,
    /the invitation about service kept is not as/,
  ],
  ['a message deleted', `DELETE FROM reminder WHERE serviceId = 'kept'`, /the invitation about service kept is not as/],
  [
    'a message invented',
    `INSERT INTO reminder VALUES ('kept', 'reminder', 'sent', NULL, 5)`,
    /the reminder about service kept is backed by no entry/,
  ],
  [
    'a flag that nobody has cleared',
    `UPDATE flag SET clearedAt = 5 WHERE flag = 'many-from-one-block'`,
    /the flag many-from-one-block \(terminal t1\) is not as the last entry/,
  ],
  [
    'a flag cleared at another time',
    `UPDATE flag SET clearedAt = clearedAt + 1 WHERE flag = 'used-at-once'`,
    /the flag used-at-once \(terminal t1\) is not as/,
  ],
  [
    'other evidence',
    `UPDATE flag SET evidence = '3 services' WHERE flag = 'used-at-once'`,
    /the flag used-at-once \(terminal t1\) is not as/,
  ],
  [
    'a flag deleted',
    `DELETE FROM flag WHERE flag = 'many-from-one-block'`,
    /the flag many-from-one-block .* is not as/,
  ],
  [
    'a flag invented',
    `INSERT INTO flag (flag, subject, evidence, at) VALUES ('used-at-once', 'terminal t2', 'x', 5)`,
    /the flag used-at-once \(terminal t2\) is backed by no entry/,
  ],
  [
    'another reason',
    `UPDATE forward SET supplied = json_set(supplied, '$.codes[0]', '110') WHERE ratingId = ${of('callback')}`,
    /what was supplied for rating \S+ is not as its entry/,
  ],
  [
    'whose it is',
    `UPDATE forward SET supplied = json_set(supplied, '$.by', 'callback') WHERE ratingId = ${of('neutral')}`,
    /what was supplied for rating \S+ is not as its entry/,
  ],
  [
    'nothing was supplied',
    `UPDATE forward SET supplied = NULL WHERE ratingId = ${of('neutral')}`,
    /what was supplied for rating \S+ is not as its entry/,
  ],
  [
    'supplied by nobody',
    `UPDATE forward SET supplied = '{"by":"callback","codes":["510"]}' WHERE ratingId = ${of('unread')}`,
    /what was supplied for rating \S+ is backed by no entry/,
  ],
  [
    'no JSON',
    `UPDATE forward SET supplied = 'x' WHERE ratingId = ${of('unread')}`,
    /what was supplied for rating \S+ is backed by no entry/,
  ],
  [
    'unread words on their way',
    `UPDATE forward SET supplied = json_object('by', 'evaluator', 'text', ${wordsOf('unread')}) WHERE ratingId = ${of('unread')}`,
    /what was supplied for rating \S+ is backed by no entry/,
  ],
  [
    "another's words",
    `UPDATE forward SET supplied = json_object('by', 'evaluator', 'text', ${wordsOf('passed')}) WHERE ratingId = ${of('unread')}`,
    /what was supplied for rating \S+ is backed by no entry/,
  ],
  [
    'other words',
    `UPDATE freeText SET text = '很差' WHERE text = '很好'`,
    /the words \S+ are not those that were committed to/,
  ],
  [
    'another salt',
    `UPDATE freeText SET salt = zeroblob(16) WHERE text = '很好'`,
    /the words \S+ are not those that were committed to/,
  ],
  [
    'a review that there was not',
    `UPDATE freeText SET appStatus = 2 WHERE text = '等了很久'`,
    /the words \S+ are marked as reviewed, of which no entry tells/,
  ],
  [
    'a status that there is not',
    `UPDATE freeText SET appStatus = 1 WHERE text = '等了很久'`,
    /the words \S+ have a review that there is not/,
  ],
  [
    'a review taken away',
    `UPDATE freeText SET appStatus = 3 WHERE text = '很好'`,
    /the words \S+ passed their review, and their row does not say so/,
  ],
  [
    'words erased by nobody',
    `UPDATE freeText SET text = NULL, salt = NULL WHERE text = '等了很久'`,
    /the words \S+ are marked as erased, of which no entry tells/,
  ],
  [
    'half erased',
    `UPDATE freeText SET salt = NULL WHERE text = '等了很久'`,
    /the words \S+ are not those that were committed to/,
  ],
  [
    'erased words back',
    `UPDATE freeText SET text = '我叫张三', salt = zeroblob(16) WHERE text IS NULL`,
    /the words \S+ are there, though they were erased/,
  ],
  [
    'words of another rating',
    `UPDATE freeText SET ratingId = 'BBBBBBBBBBB' WHERE text = '很好'`,
    /the words \S+ are said to be of another rating/,
  ],
  ['words deleted', `DELETE FROM freeText WHERE text = '等了很久'`, /the words \S+ have no row/],
  [
    'words invented',
    `INSERT INTO freeText VALUES ('c', 'BBBBBBBBBBB', NULL, NULL, 3, 1)`,
    /1 texts are backed by no entry/,
  ],
];

describe('a hall in which services were taken back, and people were written to and wrote', () => {
  test('is proved whole, and every change of a row is named', async () => {
    const { hall, faults } = await whole();
    expect(faults()).toEqual([]);
    for (const [what, sql, named] of FORGERIES) {
      // Undone again by what the table held before, so that each stands alone.
      const tables = ['service', 'reminder', 'forward', 'freeText', 'flag'];
      for (const table of tables) hall.log.run(`CREATE TABLE "kept_${table}" AS SELECT * FROM "${table}"`);
      hall.log.run(sql);
      expect(faults().join('\n'), what).toMatch(named);
      for (const table of tables)
        hall.log.run(
          `DELETE FROM "${table}"; INSERT INTO "${table}" SELECT * FROM "kept_${table}"; DROP TABLE "kept_${table}"`,
        );
      expect(faults(), what).toEqual([]);
    }
  });

  test('comes out of a repair the same, with what was erased still erased', async () => {
    const { hall } = await whole();
    const { folder, key } = hall.log;
    const rows = (of: DaysHall['log']) =>
      [
        'SELECT serviceId, takenBackAt FROM service ORDER BY serviceId',
        'SELECT * FROM reminder ORDER BY serviceId, purpose',
        'SELECT ratingId, supplied FROM forward ORDER BY ratingId',
        'SELECT ratingId, commitment, text, appStatus FROM freeText ORDER BY ratingId, text',
        'SELECT flag, subject, evidence, at, clearedAt FROM flag ORDER BY flag',
      ].map((sql) => of.rows(sql));
    const before = rows(hall.log);
    // As a page of an older copy may have it: not passed yet, not erased yet, another flag cleared.
    hall.log.run(`UPDATE freeText SET appStatus = 3 WHERE text = '很好'`);
    hall.log.run(`UPDATE freeText SET text = '我叫张三', salt = zeroblob(16) WHERE text IS NULL`);
    hall.log.run('UPDATE flag SET clearedAt = CASE WHEN clearedAt IS NULL THEN 5 END');
    await hall.log.close();
    await repair({ folder, key });
    const { HallLog } = await import('../ingest/hall-log.js');
    const repaired = await HallLog.open({ folder, key });
    onTestFinished(() => repaired.close());
    expect(rows(repaired)).toEqual(before);
    expect(verifyFile(join(folder, 'hall.db'), { suite: nodeSuite, publicKeys: [key.publicKey] }).faults).toEqual([]);
  });
});
