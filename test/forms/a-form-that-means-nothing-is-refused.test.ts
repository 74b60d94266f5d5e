import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HallEdge } from '../api/hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

const cases = [{ caseNo: 'c-1' }, { caseNo: 'c-2' }];
const named = (code: string) => ({ matter: { code } });
const many = (total: number) => Array.from({ length: total }, (_, n) => ({ caseNo: `c-${n + 1}` }));

const REFUSED: readonly (readonly [what: string, request: object, path: string])[] = [
  ['a batch without its cases', { form: 'batch' }, 'cases'],
  ['a theme without its cases', { form: 'theme' }, 'cases'],
  ['cases without a form', { cases }, 'form'],
  ['cases of a single service', { form: 'single', cases }, 'form'],
  ['a batch of one', { form: 'batch', cases: [{ caseNo: 'c-1' }] }, 'cases'],
  ['a batch of more than an entry holds', { form: 'batch', cases: many(41) }, 'cases'],
  [
    'cases whose names are longer than an entry holds',
    { form: 'batch', cases: many(40).map((one) => ({ ...one, matter: { label: '事'.repeat(60) } })) },
    'cases',
  ],
  ['cases without that of the request', { form: 'batch', cases: [{ caseNo: 'c-2' }, { caseNo: 'c-3' }] }, 'cases'],
  ['one case twice', { form: 'batch', cases: [...cases, { caseNo: 'c-2' }] }, 'cases.2.caseNo'],
  [
    'a batch of two matters',
    {
      form: 'batch',
      cases: [
        { caseNo: 'c-1', ...named('M-1') },
        { caseNo: 'c-2', ...named('M-2') },
      ],
    },
    'cases.1.matter.code',
  ],
  [
    "a batch of another matter than the request's",
    { form: 'batch', matter: { code: 'M-1' }, cases: [{ caseNo: 'c-1' }, { caseNo: 'c-2', ...named('M-2') }] },
    'cases.1.matter.code',
  ],
  [
    'a theme with a case of no matter',
    { form: 'theme', cases: [{ caseNo: 'c-1', ...named('M-1') }, { caseNo: 'c-2' }] },
    'cases.1.matter',
  ],
  ['a theme of one matter', { form: 'theme', cases: cases.map((one) => ({ ...one, ...named('M-1') })) }, 'cases'],
  ['a hand-over at the intake', { stage: 'intake', handedOver: true, department: 'D-1' }, 'handedOver'],
  ['a hand-over to nobody', { handedOver: true }, 'department'],
  ['a department with a line break', { department: 'D\n1' }, 'department'],
  [
    "a person's name in a case",
    { form: 'batch', cases: [{ caseNo: 'c-1', name: 'x' }, { caseNo: 'c-2' }] },
    'cases.0.name',
  ],
];

describe('a combination that means nothing is refused with its path, and nothing is kept', () => {
  test.each(REFUSED)('%s', async (_what, request, path) => {
    const answer = await hall.open({ caseNo: 'c-1', terminal: 't1', ...request });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } });
    expect((answer.body['errors'] as { path: string }[]).map((fault) => fault.path)).toContain(path);
    expect(await hall.ownEntries('service.requested')).toEqual([]);
  });
});

test('the largest batch fits into its entry', async () => {
  const matter = { code: 'M'.repeat(64), name: '名'.repeat(120), label: '称'.repeat(60) };
  const largest = many(40).map(({ caseNo }, n) => ({ caseNo: n === 0 ? caseNo : `案${'号'.repeat(37)}${caseNo}` }));
  expect(Buffer.byteLength(JSON.stringify(largest))).toBeGreaterThan(5_000);
  const answer = await hall.open({ caseNo: 'c-1', terminal: 't1', matter, form: 'batch', cases: largest });
  expect(answer.status).toBe(201);
  expect(await hall.ownEntries('service.requested')).toMatchObject([{ more: { form: 'batch' } }]);
});

describe('a follow-up', () => {
  const open = async (request: object) => hall.open({ caseNo: 'c-1', terminal: 't1', ...request });
  const idOf = ({ body }: { body: Record<string, unknown> }) => body['serviceId'] as string;

  test.each([
    ['of a service that nobody knows', { followsUp: 'nobody' }, 404, 'service-unknown'],
    ['of another case', { caseNo: 'c-2', followsUp: 'first' }, 409, 'follow-up-unfit'],
    ['of another stage', { stage: 'intake', followsUp: 'first' }, 409, 'follow-up-unfit'],
    [
      'for cases that the first did not stand for',
      { form: 'batch', cases, followsUp: 'first' },
      409,
      'follow-up-unfit',
    ],
  ])('%s is refused', async (_what, request, status, code) => {
    await open({ serviceId: 'first' });
    expect(await open(request)).toMatchObject({ status, body: { code } });
    expect(await hall.ownEntries('service.requested')).toHaveLength(1);
  });

  test('there is one a service, and none of a follow-up', async () => {
    await open({ serviceId: 'first' });
    const second = await open({ serviceId: 'second', followsUp: 'first' });
    expect(second.status).toBe(201);
    // Sent again with its serviceId it is the same one; the answer names it.
    expect(await open({ serviceId: 'second', followsUp: 'first' })).toMatchObject({ status: 201 });
    const third = await open({ followsUp: 'first' });
    expect(third).toMatchObject({ status: 409, body: { code: 'follow-up-exists', detail: 'serviceId second' } });
    expect(await open({ followsUp: 'second' })).toMatchObject({ status: 409, body: { code: 'follow-up-unfit' } });
    expect((await hall.service(idOf(second)))?.assessNumber).toBe(2);
  });

  test('one that was taken back before anybody saw it leaves room for another', async () => {
    await open({ serviceId: 'first' });
    hall.terminals.mode = 'absent';
    expect((await open({ serviceId: 'unseen', followsUp: 'first' })).status).toBe(504);
    expect((await hall.call('POST', '/v1/services/unseen/cancel')).status).toBe(200);
    hall.terminals.mode = 'answers';
    expect((await open({ followsUp: 'first' })).status).toBe(201);
  });
});

describe('the same serviceId again', () => {
  const first = { caseNo: 'c-1', terminal: 't1', serviceId: 's-1', form: 'batch', cases, department: 'D-1' };

  test.each([
    ['of another form', { form: 'single', cases: undefined }],
    ['with another case', { cases: [{ caseNo: 'c-1' }, { caseNo: 'c-3' }] }],
    ['of another department', { department: 'D-2' }],
    ['after the hand-over', { handedOver: true }],
  ])('%s is another service', async (_what, changes) => {
    await hall.open(first);
    expect(await hall.open({ ...first, ...changes })).toMatchObject({ status: 409, body: { code: 'service-exists' } });
  });

  test('with the same words in another order is the same service, also under one Idempotency-Key', async () => {
    const { cases: _cases, form, ...rest } = first;
    const turned = { form, ...rest, cases: cases.map(({ caseNo }) => ({ caseNo })) };
    expect((await hall.open(first, 'key-1')).status).toBe(201);
    expect((await hall.open(turned, 'key-1')).headers['idempotent-replayed']).toBe('true');
    expect((await hall.open(turned, 'key-2')).status).toBe(201);
    expect(await hall.open({ ...first, department: 'D-2' }, 'key-1')).toMatchObject({
      status: 409,
      body: { code: 'idempotency-key-reused' },
    });
    expect(hall.terminals.invited).toEqual(['s-1']);
  });
});

test('an ordinary request says in its entry what it always said', async () => {
  await hall.open({ caseNo: 'c-1', terminal: 't1', serviceId: 's-1', form: 'single' });
  const [said] = await hall.ownEntries('service.requested');
  expect(Object.keys(said ?? {}).sort()).toEqual(['caseNo', 'serviceId', 'stage', 'terminal', 'validUntil']);
  const row = await hall.service('s-1');
  expect(row).toMatchObject({ form: null, cases: null, assessNumber: null, followsUp: null, attributedTo: null });
  expect(row?.daysFrom).toBe(row?.requestedAt);
});

test('a request of before there were forms finds its kept answer', async () => {
  const { canonicalOpenRequest, readOpenRequest } = await import('../../gateway/core/open-request.js');
  const read = (value: unknown) => canonicalOpenRequest(readOpenRequest(value, { takesEvaluator: false }));
  expect(read({ caseNo: 'c-1', terminal: 't1' })).toBe('["c-1","completion","t1",null,null,null]');
  expect(read({ caseNo: 'c-1', terminal: 't1', form: 'single' })).toBe('["c-1","completion","t1",null,null,null]');
});
