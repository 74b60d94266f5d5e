import { describe, expect, test } from 'vitest';
import type { Level } from '../../protocol/index.js';
import { POLICY } from '../api/hall-edge.js';
import { HallWithCentre } from './hall-with-centre.js';

const CASES = ['b-1', 'b-2', 'b-3', 'b-4', 'b-5'].map((caseNo) => ({ caseNo }));
const THEME = [
  { caseNo: 'th-1', matter: { code: 'M-1', label: '营业执照' } },
  { caseNo: 'th-2', matter: { code: 'M-2', label: '食品经营许可' } },
];

interface Row {
  readonly article: string;
  readonly request: object;
  readonly level: Level;
  readonly reasons?: string[];
  /** What the ledger says, a row a case. */
  readonly told: readonly object[];
}

const ROWS: readonly Row[] = [
  {
    article: 'R4, S §18: a completion is rated in full, for the window',
    request: { caseNo: 'c-1', stage: 'completion' },
    level: 5,
    told: [{ caseNo: 'c-1', serviceNumber: 2, assessNumber: 1, stage: 'completion', attributedTo: 'window' }],
  },
  {
    article: 'R4, S §18: an intake is numbered apart, for the receiving window',
    request: { caseNo: 'c-1', stage: 'intake' },
    level: 4,
    told: [{ caseNo: 'c-1', serviceNumber: 1, assessNumber: 1, stage: 'intake', attributedTo: 'window' }],
  },
  {
    article: 'D §9: before the hand-over the rating belongs to the window',
    request: { caseNo: 'c-2', handedOver: false, department: '11640202MB1A' },
    level: 3,
    told: [{ caseNo: 'c-2', attributedTo: 'window', department: '11640202MB1A' }],
  },
  {
    article: 'D §9: after the hand-over it belongs to the department',
    request: { caseNo: 'c-3', handedOver: true, department: '11640202MB1A' },
    level: 2,
    reasons: ['207', '213'],
    told: [{ caseNo: 'c-3', attributedTo: 'department', department: '11640202MB1A', reasons: ['207', '213'] }],
  },
  {
    article: 'R3, S §20: a batch is rated once, for every case of it',
    request: { caseNo: 'b-3', form: 'batch', cases: CASES, matter: { code: 'M-7', name: '社会保障卡申领' } },
    level: 1,
    told: ['b-3', 'b-1', 'b-2', 'b-4', 'b-5'].map((caseNo) => ({ caseNo, satisfaction: 1, matter: { code: 'M-7' } })),
  },
  {
    article: 'R3, S §20: a theme takes one overall rating, each case with its matter',
    request: { caseNo: 'th-1', form: 'theme', cases: THEME, matter: { name: '我要开餐馆' } },
    level: 5,
    told: THEME.map(({ caseNo, matter }) => ({ caseNo, matter })),
  },
];

describe('one rating, told to the centre for all that it stands for', () => {
  test.each(ROWS)('$article', async ({ request, level, reasons, told }) => {
    const hall = await HallWithCentre.open();
    const serviceId = await hall.open(request);
    const ratingId = await hall.session(serviceId, { level, ...(reasons === undefined ? {} : { reasons }) });
    await hall.becomes(ratingId, 'delivered');
    const ledger = await hall.ledger();
    expect(ledger).toMatchObject(told.map((one) => ({ ...one, ratingId, serviceId, satisfaction: level })));
    expect(ledger).toHaveLength(told.length);
    expect(await hall.edge.store.db.selectFrom('rating').selectAll().execute()).toHaveLength(1);
    expect(hall.quarantined).toEqual([]);
  });
});

test('R4: both ratings of one case, at its intake and at its completion, stand at the centre', async () => {
  const hall = await HallWithCentre.open();
  for (const [stage, level] of [
    ['intake', 5],
    ['completion', 2],
  ] as const) {
    const serviceId = await hall.open({ caseNo: 'both', stage });
    await hall.becomes(await hall.session(serviceId, { level }), 'delivered');
  }
  expect((await hall.ledger('both')).map((one) => [one.serviceNumber, one.satisfaction])).toEqual([
    [1, 5],
    [2, 2],
  ]);
});

test('R4: a stage that opens no rating opens no service; the business system opens none after a failed intake', async () => {
  const { stages } = POLICY;
  const hall = await HallWithCentre.open({
    policy: { stages: { ...stages, intake: { ...stages.intake, opens: 'nothing' } } },
  });
  expect(await hall.edge.open({ caseNo: 'c-1', terminal: 't1', stage: 'intake' })).toMatchObject({
    status: 422,
    body: { code: 'service-ungranted' },
  });
  expect(await hall.edge.ownEntries('service.requested')).toEqual([]);
});

test('a follow-up (追评) is number 2 of its case and stands beside the first', async () => {
  const hall = await HallWithCentre.open();
  const first = await hall.open({ caseNo: 'again' });
  await hall.becomes(await hall.session(first, { level: 1, reasons: ['115'] }), 'delivered');
  const second = await hall.open({ caseNo: 'again', followsUp: first });
  await hall.becomes(await hall.session(second, { level: 4 }), 'delivered');
  expect((await hall.ledger('again')).map((one) => [one.serviceNumber, one.assessNumber, one.satisfaction])).toEqual([
    [2, 1, 1],
    [2, 2, 4],
  ]);
});

test('of all this the terminal is told nothing more than of any other service', async () => {
  const hall = await HallWithCentre.open();
  const first = await hall.open({ caseNo: 'b-1' });
  await hall.open({
    caseNo: 'b-1',
    form: 'batch',
    cases: CASES,
    handedOver: true,
    department: 'D-1',
    followsUp: await hall.open({ caseNo: 'b-1', form: 'batch', cases: CASES }),
  });
  const told = hall.edge.terminals.sent.map((command) => (command.type === 'service.open' ? command.service : {}));
  expect(told).toHaveLength(3);
  for (const facts of told) expect(Object.keys(facts).sort()).toEqual(['caseNo', 'serviceId', 'stage']);
  expect(first).not.toBe('');
});
