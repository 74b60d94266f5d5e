import { afterEach, beforeEach, expect, test } from 'vitest';
import { HallEdge } from './hall-edge.js';

let hall: HallEdge;
beforeEach(async () => {
  hall = await new HallEdge().start();
});
afterEach(() => hall.remove());

const health = (service: string, duty = 'on') =>
  JSON.stringify({ v: 1, at: 1, parts: {}, duty, service, backlog: 0, rssBytes: 1 });

test('a window tells its terminal, duty, session and open service', async () => {
  await hall.addTerminal('t1', '综合 1', { health: health('in-session') });
  await hall.addTerminal('t2', 'A2', { health: health('off-duty', 'off') });
  await hall.addTerminal('t3', 'A3', { health: health('in-session'), state: 'lost' });
  await hall.addTerminal('t4', 'A4', { health: '{broken' });
  await hall.open({ caseNo: '1', terminal: 't1', serviceId: 'svc-1' });
  const first = {
    window: '综合 1',
    terminal: 't1',
    connection: 'connected',
    duty: 'on',
    session: 'in-session',
    service: { serviceId: 'svc-1', caseNo: '1' },
  };
  const one = await hall.call('GET', `/v1/windows/${encodeURIComponent('综合 1')}`);
  expect(one).toMatchObject({ status: 200 });
  expect(one.body).toEqual(first);
  expect((await hall.call('GET', '/v1/windows')).body).toEqual({
    windows: [
      first,
      { window: 'A2', terminal: 't2', connection: 'connected', duty: 'off', session: 'off-duty' },
      { window: 'A3', terminal: 't3', connection: 'lost', duty: 'unknown', session: 'unknown' },
      { window: 'A4', terminal: 't4', connection: 'connected', duty: 'unknown', session: 'unknown' },
    ],
  });
});

test('a service that was only asked for is not open, and the latest of several is told', async () => {
  await hall.addTerminal('t1', 'A1', { health: health('paused') });
  hall.terminals.mode = 'absent';
  await hall.open({ caseNo: '1', terminal: 't1', serviceId: 'asked' });
  expect((await hall.call('GET', '/v1/windows/A1')).body).not.toHaveProperty('service');
  hall.terminals.mode = 'answers';
  for (const serviceId of ['z-old', 'a-new']) {
    hall.nowMs += 1;
    await hall.open({ caseNo: '1', terminal: 't1', serviceId });
  }
  expect((await hall.call('GET', '/v1/windows/A1')).body).toMatchObject({
    session: 'paused',
    service: { serviceId: 'a-new' },
  });
});

test('a window without a terminal is not known; of two terminals the connected one speaks', async () => {
  await hall.addTerminal('a', 'A1', { state: 'lost' });
  await hall.addTerminal('b', 'A1', { health: health('idle') });
  expect((await hall.call('GET', '/v1/windows/A1')).body).toMatchObject({ terminal: 'b' });
  expect(await hall.call('GET', '/v1/windows/A9')).toMatchObject({ status: 404, body: { code: 'terminal-unknown' } });
});
