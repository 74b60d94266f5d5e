import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEVELS } from '../../protocol/index.js';
import { Hall, until } from '../support/hall.js';

describe('a press travels the real path and stands at the centre once', () => {
  let hall: Hall;
  beforeAll(async () => {
    hall = await new Hall({ terminals: 3 }).start();
  });
  afterAll(() => hall.stop());

  it('with every level, on three counters, within a second of closing', async () => {
    for (const level of LEVELS) {
      await Promise.all(
        [1, 2, 3].map(async (n) => {
          await hall.open(n, `case-${n}-${level}`);
          expect(await hall.press(n, level)).toBe(true);
        }),
      );
      const pressed = Date.now();
      await until('three more in the ledger', async () => (await hall.ledger()).length === 3 * (6 - level), 3_000);
      // 300 ms to change one's mind, then the session closes: a second from there.
      expect(Date.now() - pressed).toBeLessThan(1_300);
    }
    const ledger = await hall.ledger();
    const said = ledger.map(({ caseNo, satisfaction, terminal, staffNo, stage }) => ({
      caseNo,
      satisfaction,
      terminal,
      staffNo,
      stage,
    }));
    const expected = LEVELS.flatMap((level) =>
      [1, 2, 3].map((n) => ({
        caseNo: `case-${n}-${level}`,
        satisfaction: level,
        terminal: `t${n}`,
        staffNo: '1001',
        stage: 'completion',
      })),
    );
    expect(said).toHaveLength(expected.length);
    expect(said).toEqual(expect.arrayContaining(expected));
    for (const { serviceTime, assessTime, receivedAt } of ledger) {
      expect(serviceTime).toBeLessThan(assessTime);
      expect(assessTime).toBeLessThanOrEqual(receivedAt);
    }
  });

  it('with the last press when the citizen changes their mind', async () => {
    await hall.open(1, 'mind');
    expect(await hall.press(1, 1)).toBe(true);
    expect(await hall.press(1, 4)).toBe(true);
    await until('in the ledger', async () => (await hall.ledger()).some(({ caseNo }) => caseNo === 'mind'));
    expect(
      (await hall.ledger()).filter(({ caseNo }) => caseNo === 'mind').map(({ satisfaction }) => satisfaction),
    ).toEqual([4]);
  });
});
