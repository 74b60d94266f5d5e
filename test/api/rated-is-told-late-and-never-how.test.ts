import { afterEach, expect, test } from 'vitest';
import { HallEdge, POLICY } from './hall-edge.js';

const halls: HallEdge[] = [];
afterEach(async () => {
  for (const hall of halls.splice(0)) await hall.remove();
});

async function hallWithOpenService(): Promise<HallEdge> {
  const hall = await new HallEdge().start();
  halls.push(hall);
  const health = { v: 1, at: hall.nowMs, parts: {}, duty: 'on', service: 'idle', backlog: 0, rssBytes: 1 };
  await hall.addTerminal('t1', 'A12', { health: JSON.stringify(health) });
  await hall.open({ caseNo: '1', terminal: 't1', serviceId: 'svc-1' }, 'key-1');
  await hall.store.db.updateTable('service').set({ openedAt: hall.nowMs }).execute();
  return hall;
}

/** Everything that the counter PC can ask for, as text. */
async function everything(hall: HallEdge): Promise<string[]> {
  const answers = [
    await hall.call('GET', '/v1/services/svc-1'),
    await hall.call('GET', '/v1/windows/A12'),
    await hall.call('GET', '/v1/windows'),
    await hall.open({ caseNo: '1', terminal: 't1', serviceId: 'svc-1' }, 'key-1'),
    await hall.call('POST', '/v1/services/svc-1/cancel'),
  ];
  const metrics = await hall.call('GET', '/metrics');
  expect(metrics.text).not.toMatch(/svc-1|level|satisf/i);
  return answers.map(({ status, text }) => `${status} ${text}`);
}

test('before the delay a closed service looks open, rated or not; after it, only that differs', async () => {
  const rated = await hallWithOpenService();
  const unrated = await hallWithOpenService();
  const before = await rated.call('GET', '/v1/services/svc-1');
  expect(before.body).toMatchObject({ state: 'open', rated: false, closedAt: null });

  await rated.close('svc-1', { level: 1 });
  await unrated.close('svc-1');
  for (const hall of [rated, unrated]) hall.nowMs += POLICY.ratedDelayMs - 1;
  const hidden = await everything(rated);
  expect(hidden).toEqual(await everything(unrated));
  expect(hidden[0]).toBe(`200 ${before.text}`);
  expect(JSON.parse(hidden[1]?.slice(4) ?? '')).toMatchObject({
    session: 'in-session',
    service: { serviceId: 'svc-1' },
  });

  for (const hall of [rated, unrated]) hall.nowMs += 1;
  const closedAt = rated.nowMs - POLICY.ratedDelayMs;
  expect((await rated.call('GET', '/v1/services/svc-1')).body).toMatchObject({
    state: 'closed',
    rated: true,
    closedAt,
  });
  expect((await unrated.call('GET', '/v1/services/svc-1')).body).toMatchObject({
    state: 'closed',
    rated: false,
    closedAt,
  });
  const window = await rated.call('GET', '/v1/windows/A12');
  expect(window.body).toMatchObject({ session: 'idle' });
  expect(window.body).not.toHaveProperty('service');
});

test('a press alone is not visible', async () => {
  const hall = await hallWithOpenService();
  const before = await everything(await hallWithOpenService());
  await hall.store.db
    .insertInto('press')
    .values({
      pressId: 'P'.repeat(11),
      serviceId: 'svc-1',
      level: 1,
      entryId: 1,
      at: hall.nowMs,
      bootId: 'B'.repeat(11),
      monoMs: 1,
      receivedAt: hall.nowMs,
    })
    .execute();
  await hall.store.db
    .updateTable('service')
    .set({ ratingId: 'P'.repeat(11) })
    .execute();
  expect(await everything(hall)).toEqual(before);
});

test('at every level every answer is the same to the byte', async () => {
  const seen = new Set<string>();
  for (const level of [1, 2, 3, 4, 5]) {
    const hall = await hallWithOpenService();
    await hall.close('svc-1', { level });
    const early = await everything(hall);
    hall.nowMs += POLICY.ratedDelayMs;
    const all = [...early, ...(await everything(hall))].join('\n');
    expect(all).not.toMatch(/level|satisf|满意/i);
    expect(all).toContain('"rated":true');
    seen.add(all);
  }
  expect(seen.size).toBe(1);
});
