import { expect, it } from 'vitest';
import { REASON_MISSING } from '../../protocol/index.js';
import { makeRating, never, startCentre, startPort } from './centre-at-work.js';

it.each([
  ['bare', {}, false],
  ['with no reasons in its list', { reasons: [] }, false],
  ['with a reason', { reasons: ['115'] }, true],
  ['with words', { text: '等了两个小时', writtenBy: 'evaluator' as const }, true],
])('a negative %s', async (_what, why, isTaken) => {
  const centre = await startCentre({ refusesBareNegative: true });
  const port = startPort(centre.url);
  for (const satisfaction of [1, 2] as const) {
    const outcome = await port.deliver(makeRating({ satisfaction, ...why }), `key-${satisfaction}`, never);
    expect(outcome).toMatchObject(isTaken ? { kind: 'accepted' } : { kind: 'refused', code: REASON_MISSING });
  }
  expect(await centre.ledger()).toHaveLength(isTaken ? 2 : 0);
  // Nobody else has to say why.
  for (const satisfaction of [3, 4, 5] as const)
    expect(await port.deliver(makeRating({ satisfaction }), `key-${satisfaction}`, never)).toEqual({
      kind: 'accepted',
    });
});

it('a centre that does not want it takes a bare negative', async () => {
  const centre = await startCentre();
  expect(await startPort(centre.url).deliver(makeRating({ satisfaction: 1 }), 'key', never)).toEqual({
    kind: 'accepted',
  });
});
