import { afterEach, beforeEach, expect, test } from 'vitest';
import { HallEdge } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

const PLANTED = ['植入的姓名', '640202199001011234', '13900001111'];

test('a request that carries an evaluator is refused, and nothing of it is kept or repeated', async () => {
  const evaluator = { name: PLANTED[0], document: PLANTED[1], phone: PLANTED[2] };
  const answers = [];
  for (const value of [evaluator, PLANTED[0], null, false, []]) {
    answers.push(await hall.open({ caseNo: 'refused-case', terminal: 't1', evaluator: value }, 'key-1'));
  }
  // Whatever else is wrong with it.
  answers.push(await hall.open({ evaluator }, 'key-2'));
  for (const answer of answers) expect(answer).toMatchObject({ status: 422, body: { code: 'evaluator-unsupported' } });

  // In other disguises it is no request at all.
  answers.push(await hall.open({ caseNo: 'refused-case', terminal: 't1', matter: { name: 'm', evaluator } }, 'key-3'));
  answers.push(await hall.open({ caseNo: 'refused-case', terminal: 't1', person: evaluator }, 'key-4'));
  const broken = `{"caseNo":"refused-case","evaluator":{"name":"${PLANTED[0]}","phone":${PLANTED[2]}`;
  answers.push(await hall.call('POST', '/v1/services', { raw: broken, headers: { 'idempotency-key': 'key-5' } }));
  answers.push(await hall.call('GET', `/v1/services?phone=${PLANTED[2]}`));
  expect(answers.slice(-4).map(({ status }) => status)).toEqual([400, 400, 400, 404]);

  expect((await hall.open({ caseNo: 'accepted-case', terminal: 't1' }, 'key-6')).status).toBe(201);
  expect(hall.onDisk('accepted-case') && hall.onDisk('key-6')).toBe(true);
  for (const text of [...PLANTED, 'refused-case', 'key-1', 'key-2', 'key-3', 'key-4', 'key-5'])
    expect(hall.onDisk(text)).toBe(false);
  for (const text of PLANTED) {
    expect(answers.some((answer) => answer.text.includes(text))).toBe(false);
    expect(hall.logLines.join('')).not.toContain(text);
  }
  expect(hall.logLines.join('')).not.toContain('accepted-case');
  expect(hall.logLines.length).toBeGreaterThanOrEqual(answers.length);
});
