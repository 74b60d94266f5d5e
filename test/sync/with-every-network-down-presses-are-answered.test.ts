import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEVELS, type Level } from '../../protocol/index.js';
import { gatewayRows } from '../support/gateway-rows.js';
import { Hall, until } from '../support/hall.js';

const BACKLOG = 150;

describe('with every network down', () => {
  let hall: Hall;
  beforeAll(async () => {
    hall = await new Hall().start();
  });
  afterAll(() => hall.stop());

  const state = async () => ((await hall.local(hall.counter(1), 'GET', '/v1/session')).body as { state: string }).state;
  const openedCases = () =>
    gatewayRows<{ bytes: Buffer }>(hall, "SELECT bytes FROM entry WHERE kind = 'service.opened' ORDER BY id").map(
      ({ bytes }) => (JSON.parse(String(bytes)) as { body: { caseNo: string } }).body.caseNo,
    );
  const open = async (caseNo: string) => {
    const { status, body } = await hall.api('POST', '/v1/services', { caseNo, terminal: 't1' });
    return { status, code: (body as { code?: string }).code };
  };

  it('presses are answered, and the backlog arrives once each and in order', async () => {
    const counter = hall.counter(1);
    await Promise.all([hall.gateway.kill(), hall.centre.kill()]);
    const pressed: { caseNo: string; level: Level }[] = [];
    const tookMs: number[] = [];
    for (let n = 0; n < BACKLOG; n += 1) {
      const level = LEVELS[n % 5] as Level;
      pressed.push({ caseNo: `dark-${n}`, level });
      await hall.openLocally(1, `dark-${n}`);
      const before = performance.now();
      const { status } = await hall.local(counter, 'POST', '/v1/press', { level }, 'kiosk');
      tookMs.push(performance.now() - before);
      expect(status).toBe(200);
    }
    expect(tookMs.sort((a, b) => a - b)[Math.floor(BACKLOG / 2)]).toBeLessThan(100);
    await until('the last session is over', async () => (await state()) === 'idle');

    await Promise.all([hall.gateway.start(), hall.centre.start()]);
    await until('the backlog is in the ledger', async () => (await hall.ledger()).length >= BACKLOG, 40_000);
    await hall.connected();
    expect(
      gatewayRows(hall, 'SELECT caseNo, level FROM rating JOIN service USING (serviceId) ORDER BY entryId'),
    ).toEqual(pressed);
    const ledger = (await hall.ledger()).map(({ caseNo, satisfaction }) => `${caseNo} ${satisfaction}`);
    expect(ledger).toHaveLength(BACKLOG);
    expect(new Set(ledger)).toEqual(new Set(pressed.map(({ caseNo, level }) => `${caseNo} ${level}`)));
    expect(gatewayRows(hall, 'SELECT code FROM quarantine')).toEqual([]);
  });

  it('a terminal that died is unreachable at once, and its invitation never appears', async () => {
    const { program } = hall.counter(1);
    await program.kill();
    await until(
      'the last will was heard',
      () => gatewayRows<{ state: string }>(hall, 'SELECT state FROM terminal')[0]?.state === 'lost',
      5_000,
    );
    const before = performance.now();
    expect(await open('to-the-dead')).toEqual({ status: 504, code: 'unreachable' });
    expect(performance.now() - before).toBeLessThan(2_000); // not waited for
    await program.start();
    await hall.connected();
    await hall.open(1, 'to-the-living');
    expect(await hall.press(1, 4)).toBe(true);
    await until('it is closed', async () => (await state()) === 'idle');
    await until('it is known', () => openedCases().includes('to-the-living'));
    expect(openedCases()).not.toContain('to-the-dead');
  });

  it('an invitation that was held up past its time never appears', async () => {
    // The shortest validity that a policy may have.
    writeFileSync(
      hall.policyFile,
      readFileSync(hall.policyFile, 'utf8')
        .replace(/commandValidMs: \d+/, 'commandValidMs: 1000')
        .replace('version: 1', 'version: 2'),
    );
    await hall.gateway.stop();
    await hall.gateway.start();
    await hall.connected();
    const { program } = hall.counter(1);
    process.kill(program.pid, 'SIGSTOP');
    try {
      expect(await open('frozen')).toEqual({ status: 504, code: 'unreachable' });
      const [request] = gatewayRows<{ validUntil: number }>(
        hall,
        "SELECT validUntil FROM service WHERE caseNo = 'frozen'",
      );
      await until('its time is over', () => Date.now() > (request?.validUntil ?? Infinity) + 500);
    } finally {
      process.kill(program.pid, 'SIGCONT');
    }
    await until('the terminal answers again', async () => (await open('thawed')).status === 201);
    expect(await hall.press(1, 5)).toBe(true);
    await until('it is known', () => openedCases().includes('thawed'));
    expect(openedCases()).not.toContain('frozen');
    expect(gatewayRows(hall, "SELECT state FROM service WHERE caseNo = 'frozen'")).toEqual([{ state: 'requested' }]);
  });
});
