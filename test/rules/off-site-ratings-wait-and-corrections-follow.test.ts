import { expect, test } from 'vitest';
import type { CentreOutcome } from '../../gateway/centre/centre-port.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { startCentre, startPort } from '../centre/centre-at-work.js';
import { becomes, ScriptedCentre, settle, startForwarder } from '../forward/hall-forwarding.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { MINUTE_MS, opened, POLICY, pressed, RatedHall } from './rated-hall.js';

const HOLD_MS = POLICY.offSiteHoldHours * 3_600_000;
const CHANGE_MS = POLICY.later.changeSeconds * 1_000;
const accepted: CentreOutcome = { kind: 'accepted' };

/** A service that was opened and pressed at a terminal of which nothing more has been heard since, and then rated by phone. */
async function pressedThenPhoned({ press = true } = {}) {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  opened(chain, 's-1');
  await hall.log.send(chain, chain.batch());
  hall.advance(MINUTE_MS, chain);
  const terminal = press ? pressed(chain, 's-1', 2) : '';
  hall.advance(MINUTE_MS, chain);
  const phone = nodeRandomness.newId();
  await hall.rate({ id: phone, serviceId: 's-1', level: 5 });
  return { hall, chain, terminal, phone };
}

/** The terminal is heard of, and what it says of the time is exact. */
async function hear(hall: RatedHall, chain: TerminalChain): Promise<void> {
  const { bootId } = chain;
  const [mono, at] = [chain.clock.monoMs(), chain.clock.wallMs()];
  const time = { bootId, mono, at, echo: { gatewayTime: hall.log.clock.wallMs(), mono } };
  await hall.log.send(chain, chain.batch(3, chain.headSeq, { time }));
}

test('a rating by phone waits until the log of the terminal covers the service, and then goes to the centre', async () => {
  const { hall, chain, phone } = await pressedThenPhoned({ press: false });
  const centre = await startCentre();
  const forwarder = startForwarder(hall.log, startPort(centre.url));
  await settle(hall.log, forwarder);
  expect([await centre.ledger(), hall.queue(phone)?.state]).toEqual([[], 'held']);
  chain.append('unrated', { serviceId: 's-1', cause: 'time-over' });
  hall.advance(CHANGE_MS, chain);
  await hear(hall, chain);
  expect(hall.queue(phone)?.state).toBe('waiting');
  forwarder.wake();
  await becomes(hall.log, phone, 'delivered');
  expect(await centre.ledger()).toMatchObject([{ ratingId: phone, satisfaction: 5 }]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('it waits no longer than the policy has it, also where a clock was set back meanwhile', async () => {
  const { hall, phone } = await pressedThenPhoned({ press: false });
  const centre = new ScriptedCentre(hall.log, [accepted]);
  const forwarder = startForwarder(hall.log, centre);
  hall.advance(HOLD_MS - 1);
  await settle(hall.log, forwarder);
  expect([centre.tries, hall.queue(phone)?.state]).toEqual([[], 'held']);
  hall.advance(1);
  forwarder.wake();
  await becomes(hall.log, phone, 'delivered');

  const other = await hall.rate({ serviceId: (await another(hall)).serviceId });
  hall.log.clock.step(-HOLD_MS * 3);
  forwarder.wake();
  await becomes(hall.log, other.ratingId, 'delivered');
});

async function another(hall: RatedHall): Promise<{ serviceId: string }> {
  const chain = await hall.terminal();
  const serviceId = `s-${nodeRandomness.newId()}`;
  opened(chain, serviceId);
  await hall.log.send(chain, chain.batch());
  return { serviceId };
}

test('after the terminal told the end of its session a rating by phone goes once it can be changed no more', async () => {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  opened(chain, 's-1');
  chain.append('unrated', { serviceId: 's-1', cause: 'later' });
  await hall.log.send(chain, chain.batch());
  const { ratingId } = await hall.rate({ serviceId: 's-1' });
  expect(hall.queue(ratingId)).toMatchObject({ state: 'held', nextAt: hall.log.clock.wallMs() + CHANGE_MS });
  const centre = new ScriptedCentre(hall.log, [accepted]);
  const forwarder = startForwarder(hall.log, centre);
  hall.advance(CHANGE_MS - 1, chain);
  await settle(hall.log, forwarder);
  expect(centre.tries).toEqual([]);
  hall.advance(1, chain);
  forwarder.wake();
  await becomes(hall.log, ratingId, 'delivered');
});

test('a rating by phone that another act came before never leaves the hall', async () => {
  const { hall, chain, terminal, phone } = await pressedThenPhoned();
  await hear(hall, chain);
  expect(hall.queue(phone)?.state).toBe('withdrawn');
  const centre = await startCentre();
  startForwarder(hall.log, startPort(centre.url));
  await becomes(hall.log, terminal, 'delivered');
  const ledger = await centre.ledger();
  expect(ledger).toMatchObject([{ ratingId: terminal, satisfaction: 2 }]);
  expect(ledger[0]).not.toHaveProperty('corrects');
  expect(hall.queue(phone)?.state).toBe('withdrawn');
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('one that is at the centre already is corrected there', async () => {
  const { hall, chain, terminal, phone } = await pressedThenPhoned();
  const centre = await startCentre();
  const forwarder = startForwarder(hall.log, startPort(centre.url));
  hall.advance(HOLD_MS, chain);
  forwarder.wake();
  await becomes(hall.log, phone, 'delivered');
  await hear(hall, chain);
  expect(hall.queue(terminal)).toMatchObject({ corrects: phone });
  forwarder.wake();
  await becomes(hall.log, terminal, 'delivered');
  expect(await centre.ledger()).toMatchObject([{ ratingId: terminal, satisfaction: 2, corrects: phone }]);
  expect(hall.log.ownBodies('centre.answered')).toEqual([
    { ratingId: phone, outcome: 'accepted' },
    { ratingId: terminal, outcome: 'accepted', corrects: phone },
  ]);
  expect(hall.log.alarms()).toEqual([]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('one that may be at the centre is sent again until that is known, and only then corrected', async () => {
  const { hall, chain, terminal, phone } = await pressedThenPhoned();
  const lost: CentreOutcome = { kind: 'retry', code: 'centre-unreachable', detail: 'cut' };
  const centre = new ScriptedCentre(hall.log, [lost, { kind: 'already' }, accepted]);
  const forwarder = startForwarder(hall.log, centre);
  hall.advance(HOLD_MS, chain);
  await settle(hall.log, forwarder);
  await hear(hall, chain);
  await settle(hall.log, forwarder);
  expect(centre.tries.map(({ key }) => key)).toEqual([phone]);
  for (let second = 0; second < 20 && hall.queue(terminal)?.state !== 'delivered'; second += 1) {
    hall.advance(1_000, chain);
    await settle(hall.log, forwarder);
  }
  expect(centre.tries.map(({ key, rating }) => [key, rating.satisfaction, rating.corrects])).toEqual([
    [phone, 5, undefined],
    [phone, 5, undefined],
    [terminal, 2, phone],
  ]);
  expect([hall.queue(phone)?.state, hall.queue(terminal)?.state]).toEqual(['delivered', 'delivered']);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('one that is on its way while another takes its place is waited for', async () => {
  const { hall, chain, terminal, phone } = await pressedThenPhoned();
  hall.advance(HOLD_MS, chain);
  const stalled = new ScriptedCentre(hall.log, ['stall']);
  const stopped = startForwarder(hall.log, stalled);
  await settle(hall.log, stopped);
  await hear(hall, chain);
  expect(hall.queue(phone)?.state).toBe('waiting');
  expect(hall.queue(terminal)).toMatchObject({ state: 'waiting', corrects: phone });
  await stopped.stop();
  // Its try was begun, and nobody heard how it ended.
  const centre = new ScriptedCentre(hall.log, [accepted]);
  const forwarder = startForwarder(hall.log, centre);
  await settle(hall.log, forwarder);
  await becomes(hall.log, terminal, 'delivered');
  expect(centre.tries.map(({ key, rating }) => [key, rating.corrects])).toEqual([
    [phone, undefined],
    [terminal, phone],
  ]);
});

test('one that was begun by a gateway that stopped may be at the centre, whoever takes its place afterwards', async () => {
  const { hall, chain, terminal, phone } = await pressedThenPhoned();
  hall.advance(HOLD_MS, chain);
  const stopped = startForwarder(hall.log, new ScriptedCentre(hall.log, ['stall']));
  await settle(hall.log, stopped);
  await stopped.stop();
  await hear(hall, chain);
  expect([hall.queue(phone)?.state, hall.queue(terminal)?.corrects]).toEqual(['waiting', phone]);
});

test('one that the centre refused is not corrected: the act that counts is sent as the first', async () => {
  const { hall, chain, terminal, phone } = await pressedThenPhoned();
  const refused: CentreOutcome = { kind: 'refused', code: 'case-unknown', reason: 'no such case' };
  const centre = new ScriptedCentre(hall.log, [refused, accepted]);
  const forwarder = startForwarder(hall.log, centre);
  hall.advance(HOLD_MS, chain);
  forwarder.wake();
  await becomes(hall.log, phone, 'refused');
  await hear(hall, chain);
  forwarder.wake();
  await becomes(hall.log, terminal, 'delivered');
  expect(centre.tries.map(({ key, rating }) => [key, rating.corrects])).toEqual([
    [phone, undefined],
    [terminal, undefined],
  ]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('a correction that the centre does not take is shown to supervisors', async () => {
  for (const [no, code] of [
    [{ kind: 'refused', code: 'too-late', reason: 'closed' }, 'centre-refused'],
    [{ kind: 'conflict', held: {} as never }, 'centre-conflict'],
  ] as const) {
    const { hall, chain, terminal, phone } = await pressedThenPhoned();
    const forwarder = startForwarder(hall.log, new ScriptedCentre(hall.log, [accepted, no]));
    hall.advance(HOLD_MS, chain);
    forwarder.wake();
    await becomes(hall.log, phone, 'delivered');
    await hear(hall, chain);
    forwarder.wake();
    await becomes(hall.log, terminal, no.kind);
    expect(hall.log.alarms()).toEqual([{ code, subject: 's-1', detail: `rating ${terminal}` }]);
    expect(hall.standing('s-1')?.ratingId).toBe(terminal);
    expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
  }
});

test('of three acts, each before the other, the last one corrects what the centre has', async () => {
  const hall = await RatedHall.open();
  const chain = await hall.terminal();
  opened(chain, 's-1');
  await hall.log.send(chain, chain.batch());
  const terminal = pressed(chain, 's-1', 2);
  hall.advance(MINUTE_MS, chain);
  const { ratingId: first } = await hall.rate({ serviceId: 's-1', verified: false });
  const centre = await startCentre();
  const forwarder = startForwarder(hall.log, startPort(centre.url));
  hall.advance(HOLD_MS, chain);
  forwarder.wake();
  await becomes(hall.log, first, 'delivered');
  await forwarder.stop();
  const { ratingId: second } = await hall.rate({ serviceId: 's-1' });
  expect(hall.queue(second)).toMatchObject({ state: 'held', corrects: first });
  await hear(hall, chain);
  expect(hall.queue(second)?.state).toBe('withdrawn');
  startForwarder(hall.log, startPort(centre.url));
  await becomes(hall.log, terminal, 'delivered');
  expect(await centre.ledger()).toMatchObject([{ ratingId: terminal, corrects: first }]);
  expect(await centre.superseded()).toMatchObject([{ ratingId: first, correctedBy: terminal }]);
  expect(hall.asides('s-1').map(({ code }) => code)).toEqual(['rating-displaced', 'rating-displaced']);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});
