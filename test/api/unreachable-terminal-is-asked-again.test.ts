import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { ABANDONED_AFTER_MS } from '../../gateway/services/first-answers.js';
import { HallEdge, POLICY } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
  await hall.addTerminal('t1', 'A12');
});
afterEach(() => hall.remove());

const FACTS = { caseNo: '1', terminal: 't1' };

test('the same key asks again with the same command while it is valid, with a new one afterwards', async () => {
  hall.terminals.mode = 'absent';
  const first = await hall.open(FACTS, 'key-1');
  expect(first).toMatchObject({
    status: 504,
    body: { code: 'unreachable', hint: expect.stringContaining('Idempotency-Key') },
  });
  hall.nowMs += POLICY.terminal.commandValidMs - 1;
  await hall.restart();
  expect((await hall.open(FACTS, 'key-1')).status).toBe(504);
  hall.nowMs += 1;
  hall.terminals.mode = 'answers';
  const third = await hall.open(FACTS, 'key-1');
  expect(third).toMatchObject({ status: 201, body: { validUntil: hall.nowMs + POLICY.terminal.commandValidMs } });
  const [a, b, c] = hall.terminals.sent;
  expect(b).toEqual(a);
  expect(c?.id).not.toBe(a?.id);
  expect(hall.terminals.invited).toEqual([third.body['serviceId']]);
  expect((await hall.ownEntries('service.requested')).map((body) => body['validUntil'])).toEqual([
    a?.validUntil,
    c?.validUntil,
  ]);
});

test('a terminal that did it without being heard invites once', async () => {
  hall.terminals.mode = 'deaf';
  expect((await hall.open(FACTS, 'key-1')).status).toBe(504);
  hall.terminals.mode = 'answers';
  const second = await hall.open(FACTS, 'key-1');
  expect(second.status).toBe(201);
  expect(hall.terminals.invited).toEqual([second.body['serviceId']]);
});

test('when its log has said meanwhile that it is open, nobody is asked again', async () => {
  hall.terminals.mode = 'deaf';
  await hall.open({ ...FACTS, serviceId: 'svc-1' }, 'key-1');
  await hall.store.db.updateTable('service').set({ state: 'open', openedAt: hall.nowMs }).execute();
  expect((await hall.open({ ...FACTS, serviceId: 'svc-1' }, 'key-1')).status).toBe(201);
  expect(hall.terminals.sent).toHaveLength(1);
});

test('a clock that was set back does not make an old invitation valid for hours', async () => {
  hall.terminals.mode = 'absent';
  await hall.open(FACTS, 'key-1');
  hall.nowMs -= 3_600_000;
  hall.terminals.mode = 'answers';
  const again = await hall.open(FACTS, 'key-1');
  expect(again.body['validUntil']).toBe(hall.nowMs + POLICY.terminal.commandValidMs);
});

test('a gateway that is killed while the terminal is asked has the whole request, and goes on with it once', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'pjq-killed-'));
  onTestFinished(() => rmSync(disk, { recursive: true }));
  const send = hall.terminals.send.bind(hall.terminals);
  hall.terminals.send = async (terminal, command, timeoutMs) => {
    cpSync(hall.folder, disk, { recursive: true });
    return send(terminal, command, timeoutMs);
  };
  const first = await hall.open(FACTS, 'key-1');
  expect(first.status).toBe(201);
  hall.terminals.send = send;
  // What a kill in that moment would have left; the terminal has its invitation.
  await hall.stop();
  cpSync(disk, hall.folder, { recursive: true });
  await hall.start();
  expect(await hall.open(FACTS, 'key-1')).toMatchObject({ status: 409, body: { code: 'idempotency-in-progress' } });
  expect(await hall.service(String(first.body['serviceId']))).toMatchObject({ state: 'requested' });
  hall.nowMs += ABANDONED_AFTER_MS + 1;
  expect(await hall.open({ ...FACTS, caseNo: '2' }, 'key-1')).toMatchObject({
    body: { code: 'idempotency-key-reused' },
  });
  const again = await hall.open(FACTS, 'key-1');
  expect(again).toMatchObject({ status: 201, body: { serviceId: first.body['serviceId'] } });
  expect(again.headers['idempotent-replayed']).toBeUndefined();
  expect(hall.terminals.invited).toEqual([first.body['serviceId']]);
});
