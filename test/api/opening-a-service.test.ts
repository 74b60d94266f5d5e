import { afterEach, beforeEach, expect, test } from 'vitest';
import { HallEdge, POLICY } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

const VALID_MS = POLICY.terminal.commandValidMs;
const MATTER = { code: '11-01', name: '身份证', label: '证件' };

test('a service is open when its terminal has said yes', async () => {
  const answer = await hall.open({ caseNo: '20260001', terminal: 't1', serviceId: 'svc-1', matter: MATTER });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    serviceId: 'svc-1',
    terminal: 't1',
    window: 'A12',
    caseNo: '20260001',
    stage: 'completion',
    state: 'open',
    validUntil: hall.nowMs + VALID_MS,
  });
  expect(hall.terminals.sent).toEqual([
    {
      v: 1,
      id: expect.stringMatching(/^[\w-]{11}$/),
      type: 'service.open',
      validUntil: hall.nowMs + VALID_MS,
      service: { serviceId: 'svc-1', caseNo: '20260001', stage: 'completion', matter: MATTER },
    },
  ]);
  expect(await hall.service('svc-1')).toMatchObject({
    state: 'open',
    origin: 'command',
    terminal: 't1',
    window: 'A12',
  });
  expect(await hall.ownEntries('service.requested')).toEqual([
    {
      serviceId: 'svc-1',
      caseNo: '20260001',
      stage: 'completion',
      matter: MATTER,
      terminal: 't1',
      validUntil: hall.nowMs + VALID_MS,
    },
  ]);
});

test('the record is on disk before the terminal is asked', async () => {
  let recorded: unknown;
  const send = hall.terminals.send.bind(hall.terminals);
  hall.terminals.send = async (terminal, command, timeoutMs) => {
    recorded = await hall.service('svc-1');
    return send(terminal, command, timeoutMs);
  };
  await hall.open({ caseNo: '1', terminal: 't1', serviceId: 'svc-1' });
  expect(recorded).toMatchObject({ state: 'requested' });
});

test('a window stands for its connected terminal, and the gateway makes the serviceId', async () => {
  await hall.addTerminal('a0', 'A12', { state: 'lost' });
  const answer = await hall.open({ caseNo: '1', window: 'A12', stage: 'intake' });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    terminal: 't1',
    window: 'A12',
    stage: 'intake',
    serviceId: expect.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/),
  });
});

test('the same service asked for again merges; other facts under its id are refused', async () => {
  const facts = { caseNo: '1', terminal: 't1', serviceId: 'svc-1' };
  await hall.open(facts);
  expect((await hall.open(facts)).status).toBe(201);
  expect((await hall.open({ caseNo: '1', window: 'A12', serviceId: 'svc-1' })).status).toBe(201);
  expect(hall.terminals.sent).toHaveLength(1);
  expect(await hall.ownEntries('service.requested')).toHaveLength(1);
  await hall.addTerminal('t2', 'A13');
  const others = [
    { ...facts, caseNo: '2' },
    { ...facts, terminal: 't2' },
    { ...facts, stage: 'intake' },
    { ...facts, matter: MATTER },
  ];
  for (const other of others) {
    const refused = await hall.open(other);
    expect(refused).toMatchObject({ status: 409, body: { code: 'service-exists' } });
  }
  expect(hall.terminals.invited).toEqual(['svc-1']);
});

test('a service that is over is not opened again, but its end is not told before the delay', async () => {
  const facts = { caseNo: '1', terminal: 't1', serviceId: 'svc-1' };
  await hall.open(facts);
  await hall.close('svc-1');
  expect((await hall.open(facts)).status).toBe(201);
  hall.nowMs += POLICY.ratedDelayMs;
  expect(await hall.open(facts)).toMatchObject({ status: 409, body: { code: 'service-over' } });
  expect(hall.terminals.sent).toHaveLength(1);
});

test('a stage that opens nothing, and a terminal nobody knows, leave no record', async () => {
  await hall.stop();
  hall.policy = { ...POLICY, stages: { ...POLICY.stages, intake: { ...POLICY.stages.intake, opens: 'nothing' } } };
  await hall.start();
  expect(await hall.open({ caseNo: '1', terminal: 't1', stage: 'intake', serviceId: 's' })).toMatchObject({
    status: 422,
    body: { code: 'service-ungranted' },
  });
  expect(await hall.open({ caseNo: '1', terminal: 't9', serviceId: 's' })).toMatchObject({
    status: 404,
    body: { code: 'terminal-unknown' },
  });
  expect(await hall.open({ caseNo: '1', window: 'Z', serviceId: 's' })).toMatchObject({
    status: 404,
    body: { code: 'terminal-unknown' },
  });
  expect(await hall.service('s')).toBeUndefined();
  expect(hall.terminals.sent).toEqual([]);
});

test.each([
  ['terminal-off-duty', 409, 'terminal-off-duty'],
  ['terminal-out-of-service', 503, 'terminal-out-of-service'],
  ['message-expired', 410, 'message-expired'],
  ['no-code-of-ours', 500, 'internal'],
  ['batch-pending', 500, 'internal'],
])('the refusal %s of the terminal is answered as %i', async (reply, status, code) => {
  hall.terminals.refusesWith = reply;
  const answer = await hall.open({ caseNo: '1', terminal: 't1', serviceId: 'svc-1' });
  expect(answer).toMatchObject({ status, body: { code, status } });
  expect(await hall.service('svc-1')).toMatchObject({ state: 'requested' });
});

test('after a refusal the next try is a command of its own', async () => {
  const facts = { caseNo: '1', terminal: 't1', serviceId: 'svc-1' };
  hall.terminals.refusesWith = 'terminal-off-duty';
  await hall.open(facts);
  hall.terminals.refusesWith = undefined;
  hall.nowMs += 1;
  expect((await hall.open(facts)).status).toBe(201);
  expect(new Set(hall.terminals.sent.map(({ id }) => id)).size).toBe(2);
});

test('every fault of a request is told at once, without its values', async () => {
  const answer = await hall.open({ caseNo: 'x'.repeat(51), stage: 'later', terminal: 'T 1', extra: 'planted' });
  expect(answer.status).toBe(400);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: 'errors.md#request-malformed',
    code: 'request-malformed',
    requestId: expect.stringMatching(/^[\w-]{11}$/),
  });
  const faults = answer.body['errors'] as { path: string }[];
  expect(faults.map(({ path }) => path).sort()).toEqual(['caseNo', 'extra', 'stage', 'terminal']);
  expect(answer.text).not.toContain('planted');
  for (const body of [{ caseNo: '1' }, { caseNo: '1', terminal: 't1', window: 'A12' }, [], 'x', null]) {
    expect((await hall.open(body)).body['code']).toBe('request-malformed');
  }
});

test('the terminal has three seconds to answer, or as long as the command is valid if that is less', async () => {
  await hall.open({ caseNo: '1', terminal: 't1' });
  await hall.stop();
  hall.policy = { ...POLICY, terminal: { ...POLICY.terminal, commandValidMs: 1_000 } };
  await hall.start();
  await hall.open({ caseNo: '2', terminal: 't1' });
  expect(hall.terminals.timeoutsMs).toEqual([3_000, 1_000]);
});
