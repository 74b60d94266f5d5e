import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';
import { Mosquitto } from './mosquitto.js';

describe('the hall on a Mosquitto of its own', () => {
  let broker: Mosquitto;
  let hall: Hall;
  beforeAll(async () => {
    broker = await new Mosquitto().prepare();
    hall = new Hall({ terminals: 2, brokerUrl: broker.url });
    const starting = hall.start();
    // Everything is up before the broker is, and waits for it.
    await until(
      'the programs listen',
      () =>
        hall.counters.length === 2 &&
        [hall.gateway, ...hall.counters.map(({ program }) => program)].every(({ lines }) =>
          lines.some(({ event }) => event === 'listening'),
        ),
    );
    expect(await readiness()).toMatchObject({ ready: false, parts: { broker: false } });
    await broker.start();
    await starting;
  });
  afterAll(async () => {
    await hall.stop();
    await broker.remove();
  });

  const readiness = async () => (await hall.api('GET', '/readyz')).body;
  const connection = async (n: number) =>
    ((await hall.api('GET', `/v1/windows/${n}`)).body as { connection: string }).connection;
  const connections = (n: number) =>
    hall.counter(n).program.lines.filter(({ event }) => event === 'hall connected').length;
  const ledger = async () =>
    (await hall.ledger()).map(({ caseNo, satisfaction }) => `${caseNo} ${satisfaction}`).sort();

  it('that came last: ratings travel', async () => {
    expect(await readiness()).toMatchObject({ ready: true });
    for (const level of [1, 3, 5] as const) {
      await hall.open(1, `first-${level}`);
      expect(await hall.press(1, level)).toBe(true);
    }
    await until('three in the ledger', async () => (await hall.ledger()).length === 3);
    expect(await ledger()).toEqual(['first-1 1', 'first-3 3', 'first-5 5']);
  });

  it('that was killed and forgot everything: nothing is lost, and who went meanwhile is not called connected', async () => {
    await broker.kill();
    await until('the gateway knows', async () => (await connection(1)) === 'lost');
    for (const level of [2, 4] as const) {
      await hall.openLocally(1, `dark-${level}`);
      expect(await hall.press(1, level)).toBe(true);
    }
    await hall.counter(2).program.kill();
    const { status, body } = await hall.api('POST', '/v1/services', { caseNo: 'nobody', terminal: 't1' });
    expect([status, (body as { code: string }).code]).toEqual([504, 'unreachable']);

    await broker.start();
    await until('all five in the ledger', async () => (await hall.ledger()).length === 5);
    expect(await ledger()).toEqual(['dark-2 2', 'dark-4 4', 'first-1 1', 'first-3 3', 'first-5 5']);
    await until('one is back', async () => (await connection(1)) === 'connected');
    expect(await connection(2)).toBe('lost');
    await hall.counter(2).program.start();
    await hall.connected();
  });

  it('while the gateway is started again: it finds the terminals by their retained word, and they stay connected', async () => {
    const before = [connections(1), connections(2)];
    await hall.gateway.kill();
    await hall.openLocally(2, 'meanwhile');
    expect(await hall.press(2, 5)).toBe(true);
    await hall.gateway.start();
    await hall.connected();
    await hall.open(1, 'after');
    expect(await hall.press(1, 1)).toBe(true);
    await until('both are in the ledger', async () => (await hall.ledger()).length === 7);
    expect((await ledger()).filter((line) => /^(after|meanwhile)/.test(line))).toEqual(['after 1', 'meanwhile 5']);
    expect([connections(1), connections(2)]).toEqual(before);
    expect(gatewayRows(hall, 'SELECT code FROM quarantine')).toEqual([]);
    expect(gatewayRows(hall, 'SELECT code FROM alarm')).toEqual([]);
    expect(gatewayRows(hall, "SELECT epoch FROM epoch WHERE source NOT LIKE '%@%'")).toHaveLength(2);
  });
});
