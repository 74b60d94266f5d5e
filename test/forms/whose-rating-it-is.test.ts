import { describe, expect, test } from 'vitest';
import { HallWithCentre } from './hall-with-centre.js';

type Duty = readonly ['duty.on' | 'duty.off', string];

interface Row {
  readonly rule: string;
  /** What the log tells before the service is opened, and in the middle of it. */
  readonly before: readonly Duty[];
  readonly during: readonly Duty[];
  /** Who is named as the one who opened it. */
  readonly opener: string | undefined;
  readonly staffNo: string | null;
  readonly dutyStaffNo: string | null;
}

const ROWS: readonly Row[] = [
  {
    rule: 'the rating is of the one who opened the service and was on duty',
    before: [['duty.on', '1001']],
    during: [],
    opener: '1001',
    staffNo: '1001',
    dutyStaffNo: '1001',
  },
  {
    rule: 'a change of shift in mid service takes it from nobody: it stays with who opened it',
    before: [['duty.on', '1001']],
    during: [
      ['duty.off', '1001'],
      ['duty.on', '1002'],
    ],
    opener: '1001',
    staffNo: '1001',
    dutyStaffNo: '1001',
  },
  {
    rule: 'a stand-in (顶岗) who signs on is rated for what they open',
    before: [
      ['duty.on', '1001'],
      ['duty.off', '1001'],
      ['duty.on', '2002'],
    ],
    during: [],
    opener: '2002',
    staffNo: '2002',
    dutyStaffNo: '2002',
  },
  {
    rule: 'where another one opens it than is signed on, both are kept',
    before: [['duty.on', '1001']],
    during: [],
    opener: '2002',
    staffNo: '2002',
    dutyStaffNo: '1001',
  },
  {
    rule: 'at an unsigned window it is of the window alone',
    before: [
      ['duty.on', '1001'],
      ['duty.off', '1001'],
    ],
    during: [],
    opener: undefined,
    staffNo: null,
    dutyStaffNo: null,
  },
];

describe.each(['in one batch', 'in batches of their own'])('staff and duty, %s', (how) => {
  test.each(ROWS)('$rule', async ({ before, during, opener, staffNo, dutyStaffNo }) => {
    const hall = await HallWithCentre.open();
    const { chain } = hall;
    const tell = async (duties: readonly Duty[]) => {
      for (const [kind, who] of duties) chain.append(kind, { staffNo: who });
      if (how !== 'in one batch') await hall.arrive();
    };
    const serviceId = await hall.open({ caseNo: 'c-1' });
    await tell(before);
    await hall.session(serviceId, { opened: opener === undefined ? {} : { staffNo: opener } });
    await tell(during);
    const ratingId = await hall.rate(serviceId, 4);
    await hall.becomes(ratingId, 'delivered');
    expect(await hall.edge.service(serviceId)).toMatchObject({ staffNo, dutyStaffNo, window: 'A12' });
    const [told] = await hall.ledger();
    expect([told?.staffNo, told?.window, told?.attributedTo]).toEqual([staffNo ?? undefined, 'A12', 'window']);
  });
});
