import { afterEach, beforeEach, expect, test } from 'vitest';
import { HallEdge, type Answer } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

const FACTS = { caseNo: '1', terminal: 't1' };

test('the first answer comes again after a restart, and the terminal is not asked again', async () => {
  const first = await hall.open(FACTS, 'key-1');
  expect(first.status).toBe(201);
  expect(first.headers['idempotent-replayed']).toBeUndefined();
  hall.nowMs += 86_400_000;
  await hall.restart();
  const second = await hall.open({ terminal: 't1', stage: 'completion', caseNo: '1' }, 'key-1');
  expect(second).toMatchObject({ status: 201, text: first.text });
  expect(second.headers['idempotent-replayed']).toBe('true');
  expect(hall.terminals.sent).toHaveLength(1);
});

test('a final refusal is kept and comes again to the byte', async () => {
  const first = await hall.open({ caseNo: '1', terminal: 't9' }, 'key-1');
  await hall.addTerminal('t9', 'B1');
  const second = await hall.open({ caseNo: '1', terminal: 't9' }, 'key-1');
  expect(first.status).toBe(404);
  expect(second).toMatchObject({ status: 404, text: first.text });
  expect(second.headers['content-type']).toBe('application/problem+json');
  expect(second.headers['idempotent-replayed']).toBe('true');
});

test('a key stands for one request, also when that failed for now', async () => {
  hall.terminals.mode = 'absent';
  expect((await hall.open(FACTS, 'key-1')).status).toBe(504);
  expect(await hall.open({ ...FACTS, caseNo: '2' }, 'key-1')).toMatchObject({
    status: 409,
    body: { code: 'idempotency-key-reused' },
  });
  hall.terminals.mode = 'answers';
  expect((await hall.open(FACTS, 'key-1')).status).toBe(201);
  expect(await hall.open({ ...FACTS, caseNo: '2' }, 'key-1')).toMatchObject({
    status: 409,
    body: { code: 'idempotency-key-reused' },
  });
});

test('parallel requests with one key have one effect', async () => {
  let letGo = () => {};
  hall.terminals.gate = new Promise((resolve) => {
    letGo = resolve;
  });
  const early: Answer[] = [];
  const all = Array.from({ length: 8 }, () => hall.open(FACTS, 'key-1').then((answer) => early.push(answer)));
  await expect.poll(() => early.length).toBe(7);
  for (const answer of early) expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency-in-progress' } });
  letGo();
  await Promise.all(all);
  expect(early[7]).toMatchObject({ status: 201 });
  expect(hall.terminals.sent).toHaveLength(1);
  expect((await hall.open(FACTS, 'key-1')).headers['idempotent-replayed']).toBe('true');
});

test('parallel requests for one service with a key each are one command to its terminal', async () => {
  let letGo = () => {};
  hall.terminals.gate = new Promise((resolve) => {
    letGo = resolve;
  });
  const all = ['key-1', 'key-2', 'key-3'].map((key) => hall.open({ ...FACTS, serviceId: 'svc-1' }, key));
  await expect.poll(() => hall.terminals.sent.length).toBe(3);
  letGo();
  expect((await Promise.all(all)).map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(hall.terminals.sent.map(({ id }) => id)).size).toBe(1);
  expect(await hall.ownEntries('service.requested')).toHaveLength(1);
});

test('what a crash left may be taken over after a minute, not before', async () => {
  await hall.open(FACTS, 'key-1');
  await hall.store.db.updateTable('idempotency').set({ status: null, body: null }).execute();
  hall.nowMs += 60_000;
  expect(await hall.open(FACTS, 'key-1')).toMatchObject({ status: 409, body: { code: 'idempotency-in-progress' } });
  hall.nowMs += 1;
  expect((await hall.open(FACTS, 'key-1')).status).toBe(201);
  expect(hall.terminals.invited).toHaveLength(1);
  expect((await hall.open(FACTS, 'key-1')).headers['idempotent-replayed']).toBe('true');
});

test('one who was overtaken does not replace the answer of who took over', async () => {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const send = hall.terminals.send.bind(hall.terminals);
  let slowId: string | undefined;
  hall.terminals.send = async (terminal, command, timeoutMs) => {
    if (slowId !== undefined) return send(terminal, command, timeoutMs);
    slowId = command.id;
    await gate;
    return { v: 1, id: command.id, ok: false, code: 'terminal-paused' };
  };
  const slow = hall.open(FACTS, 'key-1');
  await expect.poll(() => slowId).toBeDefined();
  hall.nowMs += 60_001;
  const second = await hall.open(FACTS, 'key-1');
  expect(second.status).toBe(201);
  letGo();
  expect((await slow).status).toBe(409);
  expect(await hall.open(FACTS, 'key-1')).toMatchObject({ status: 201, text: second.text });
});

test('without a key, or with one that is none, nothing happens', async () => {
  expect(await hall.call('POST', '/v1/services', { body: FACTS })).toMatchObject({
    status: 400,
    body: { code: 'idempotency-key-missing' },
  });
  for (const key of ['a b', 'x'.repeat(129)]) {
    expect(await hall.open(FACTS, key)).toMatchObject({
      status: 400,
      body: { code: 'request-malformed', errors: [{ path: 'header idempotency-key' }] },
    });
  }
  expect((await hall.open(FACTS, '~'.repeat(128))).status).toBe(201);
  expect(hall.terminals.sent).toHaveLength(1);
});
