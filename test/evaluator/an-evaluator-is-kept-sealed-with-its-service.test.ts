import { beforeEach, expect, test } from 'vitest';
import { eraseServices } from '../../gateway/evaluator/erase.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import type { HallEdge } from '../api/hall-edge.js';
import { edgeWithSafe, sealedRow } from './hall-safe.js';
import { searchFiles } from './places.js';
import { MARKS, plantedEvaluator } from './planted.js';
import { Searcher } from './searcher.js';

const searcher = new Searcher(Object.values(MARKS));

let hall: Awaited<ReturnType<typeof edgeWithSafe>>;
beforeEach(async () => {
  hall = await edgeWithSafe();
});

const request = (n = 0) => ({
  caseNo: 'case-1',
  terminal: 't1',
  serviceId: 's-1',
  evaluator: plantedEvaluator(n) as Record<string, unknown>,
});

/** What is everywhere but in the sealed column. */
function tracesOf(edge: HallEdge, ...texts: string[]) {
  return [
    ...searchFiles(searcher, edge.folder),
    ...searcher.search(Buffer.from([...texts, ...edge.logLines, JSON.stringify(edge.terminals.sent)].join('\n'))),
  ];
}

test('it stands sealed in its row, and nowhere else: in no command, entry, answer or log line', async () => {
  const answer = await hall.open(request(), 'key-1');
  expect(answer.status).toBe(201);
  expect(await hall.evaluators.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));
  expect(await sealedRow(hall.store, 's-1')).toMatchObject({
    suite: 'aes-256-gcm',
    contactBasis: 'consent',
    sealedAt: hall.nowMs,
    erasedAt: null,
  });
  expect(hall.terminals.invited).toEqual(['s-1']);
  expect(tracesOf(hall, answer.text)).toEqual([]);
});

test('the same one again changes nothing; a corrected one takes its place, sealed with a key of its own', async () => {
  await hall.open(request(), 'key-1');
  const first = await sealedRow(hall.store, 's-1');
  hall.nowMs += 60_000;
  expect((await hall.open(request(), 'key-2')).status).toBe(201);
  expect(await sealedRow(hall.store, 's-1')).toEqual(first);

  const corrected = { ...plantedEvaluator(0), phone: '13911112222' };
  expect((await hall.open({ ...request(), evaluator: corrected }, 'key-3')).status).toBe(201);
  expect(await hall.evaluators.evaluatorFor('s-1')).toEqual(corrected);
  const second = await sealedRow(hall.store, 's-1');
  expect(second?.wrappedKey).not.toEqual(first?.wrappedKey);
  // Its age is that of the service, not of the correction.
  expect(second?.sealedAt).toBe(first?.sealedAt);
  // Without one nothing is said of it.
  expect((await hall.open({ ...request(), evaluator: undefined }, 'key-4')).status).toBe(201);
  expect(await hall.evaluators.evaluatorFor('s-1')).toEqual(corrected);
});

test('it is corrected also when the service is over, and never comes back once it was erased', async () => {
  await hall.open(request(), 'key-1');
  await hall.close('s-1');
  hall.nowMs += 60_000;
  expect(await hall.open(request(1), 'key-2')).toMatchObject({ status: 409, body: { code: 'service-over' } });
  expect(await hall.evaluators.evaluatorFor('s-1')).toEqual(plantedEvaluator(1));
  await hall.store.db.transaction().execute((trx) => eraseServices(trx, hall.store, ['s-1'], 'asked', hall.nowMs));
  await hall.open(request(2), 'key-3');
  expect(await hall.evaluators.evaluatorFor('s-1')).toBeNull();
  expect(await sealedRow(hall.store, 's-1')).toMatchObject({ sealed: null, wrappedKey: null, contactBasis: null });
});

test('a row that does not open any more is replaced by what the business system says', async () => {
  await hall.open(request(), 'key-1');
  await hall.store.db
    .updateTable('evaluator')
    .set({ sealed: Buffer.alloc(80) })
    .execute();
  expect((await hall.open(request(), 'key-2')).status).toBe(201);
  expect(await hall.evaluators.evaluatorFor('s-1')).toEqual(plantedEvaluator(0));
});

test('what is refused leaves no evaluator behind', async () => {
  await hall.open({ ...request(), evaluator: undefined }, 'key-1');
  const refused = [
    await hall.open({ ...request(), caseNo: 'another' }, 'key-2'),
    await hall.open({ ...request(), serviceId: 's-2', terminal: 't9' }, 'key-3'),
  ];
  expect(refused.map(({ body }) => body['code'])).toEqual(['service-exists', 'terminal-unknown']);
  expect(await hall.store.db.selectFrom('evaluator').selectAll().execute()).toEqual([]);
});

test('one key stands for one evaluator, and its record tells nothing that could be guessed at', async () => {
  const first = await hall.open(request(), 'key-1');
  expect(await hall.open(request(), 'key-1')).toMatchObject({ status: 201, text: first.text });
  const another = { ...request(), evaluator: { ...plantedEvaluator(0), phone: plantedEvaluator(1).phone } };
  for (const body of [another, { ...request(), evaluator: undefined }])
    expect(await hall.open(body, 'key-1')).toMatchObject({ status: 409, body: { code: 'idempotency-key-reused' } });
  const [row] = await hall.store.db.selectFrom('idempotency').selectAll().execute();
  // The same requests in another hall, with another ring: were it a bare hash, it would be the same.
  const other = await edgeWithSafe();
  await other.open(request(), 'key-1');
  const [theirs] = await other.store.db.selectFrom('idempotency').selectAll().execute();
  expect(theirs?.requestHash).not.toBe(row?.requestHash);
  const plain = await Promise.all(
    [hall, other].map(async (one) => {
      await one.open({ caseNo: 'case-9', terminal: 't1', serviceId: 's-9' }, 'key-9');
      return one.store.db.selectFrom('idempotency').select('requestHash').where('key', '=', 'key-9').execute();
    }),
  );
  expect(plain[0]).toEqual(plain[1]);
});

test('opened eight times at once with two evaluators, the service has one of them whole', async () => {
  await Promise.all(Array.from({ length: 8 }, (_, n) => hall.open({ ...request(n % 2) }, nodeRandomness.newId())));
  const kept = await hall.evaluators.evaluatorFor('s-1');
  expect([plantedEvaluator(0), plantedEvaluator(1)]).toContainEqual(kept);
  expect(await hall.store.db.selectFrom('evaluator').select('serviceId').execute()).toHaveLength(1);
});

const { name, documentNo, phone } = plantedEvaluator(5);
const FAULTY: readonly (readonly [string, unknown, string[]])[] = [
  ['no object', `${name}`, ['evaluator']],
  ['a list', [name], ['evaluator']],
  ['null', null, ['evaluator']],
  ['nobody', {}, ['evaluator']],
  ['nobody to write to', { contactBasis: 'consent', documentType: 'passport' }, ['evaluator']],
  ['unknown keys that are data themselves', { [name]: 1, [phone]: 2, name }, ['evaluator']],
  ['an empty name', { name: '' }, ['evaluator.name']],
  ['a name of 31', { name: name.padEnd(31, '某') }, ['evaluator.name']],
  ['a name with a line break', { name: `${name}\n` }, ['evaluator.name']],
  ['a name that is a number', { name: 13900001111 }, ['evaluator.name']],
  ['a kind of document that is not', { documentType: name, documentNo }, ['evaluator.documentType']],
  ['a number of another form', { documentType: 'resident-id', documentNo: phone }, ['evaluator.documentNo']],
  ['a lower-case letter', { documentType: 'passport', documentNo: 'e12345678' }, ['evaluator.documentNo']],
  ['a document without end', { documentNo: documentNo.padEnd(65, '1') }, ['evaluator.documentNo']],
  ['a phone number with words', { phone: `${phone} ${name}` }, ['evaluator.phone']],
  ['a short phone number', { phone: phone.slice(1) }, ['evaluator.phone']],
  ['a basis in own words', { phone, contactBasis: `${name} said yes` }, ['evaluator.contactBasis']],
];

test.each(FAULTY)('%s is told by its place alone, and nothing of it is kept', async (_what, evaluator, paths) => {
  const answer = await hall.open({ ...request(), evaluator }, 'key-1');
  expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
  const errors = answer.body['errors'] as { path: string; reason: string }[];
  expect([...new Set(errors.map(({ path }) => path))]).toEqual(paths);
  expect(tracesOf(hall, answer.text)).toEqual([]);
  expect(await hall.store.db.selectFrom('idempotency').selectAll().execute()).toEqual([]);
});

test.each([
  { name: '张三' },
  { name: '石嘴山市某某有限责任公司', documentType: 'unified-credit-code', documentNo: '91640200MA75XXXX1B' },
  { documentType: 'resident-id', documentNo: '64020219900101123X' },
  { documentType: 'resident-id', documentNo: '640202900101123' },
  { documentNo: '（2019）宁字第 7 号' },
  { phone: '+85291234567', contactBasis: 'statutory-duty' },
])('%j is taken', async (evaluator) => {
  expect((await hall.open({ ...request(), evaluator })).status).toBe(201);
  expect(await hall.evaluators.evaluatorFor('s-1')).toEqual(evaluator);
});
