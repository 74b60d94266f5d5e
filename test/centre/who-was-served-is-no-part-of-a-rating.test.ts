import { expect, test } from 'vitest';
import { makeRating, never, startCentre, startPort } from './centre-at-work.js';

const told = (evaluator: object) => Buffer.from(JSON.stringify(evaluator));
const ZHANG = { name: '张三丰', documentType: 'resident-id', documentNo: '640202199001011230', phone: '13812345678' };

test('the centre shows it masked, and the same rating with another evaluator, or none, is the same rating', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const rating = makeRating();
  expect(await port.deliver(rating, 'key-1', never, told(ZHANG))).toEqual({ kind: 'accepted' });
  expect(await port.deliver(rating, 'key-1', never)).toEqual({ kind: 'already' });
  expect(await port.deliver(rating, 'key-2', never, told({ name: '李四' }))).toEqual({ kind: 'already' });
  const masked = { ...ZHANG, name: '张**', documentNo: '640*************30', phone: '138****5678' };
  expect(await centre.ledger()).toMatchObject([{ ratingId: rating.ratingId, arrivals: 3, evaluator: masked }]);
  // What it holds is told without.
  const other = makeRating({ caseNo: rating.caseNo });
  expect(await port.deliver(other, 'key-1', never, told(ZHANG))).toEqual({ kind: 'conflict', held: rating });
});

test('it stays with a rating that was corrected, and short ones show nothing', async () => {
  const centre = await startCentre();
  const port = startPort(centre.url);
  const first = makeRating();
  await port.deliver(first, 'key-1', never, told({ name: '丁', documentNo: 'AB12' }));
  const correction = { ...makeRating({ caseNo: first.caseNo }), corrects: first.ratingId };
  await port.deliver(correction, 'key-2', never);
  expect(await centre.superseded()).toMatchObject([{ evaluator: { name: '*', documentNo: '****' } }]);
  const [standing] = await centre.ledger();
  expect(standing?.evaluator).toBeUndefined();
});

test('an evaluator of another form is refused as a whole', async () => {
  const port = startPort((await startCentre()).url);
  expect(await port.deliver(makeRating(), 'key-1', never, told({ name: 5 }))).toMatchObject({
    kind: 'refused',
    code: 'malformed',
  });
});
