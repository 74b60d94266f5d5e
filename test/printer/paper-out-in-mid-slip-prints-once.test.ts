import { expect, it } from 'vitest';
import { profileWith, rowsOf, slipSaying, startPrinter, until } from './bench-printer.js';

it('after the paper is loaded again, without a second sending', async () => {
  const { peer, printer, told } = await startPrinter();
  expect(await printer.print(slipSaying('first'))).toEqual({ outcome: 'printed' });
  peer.paperBytes = 40;
  let outcome: unknown;
  const before = peer.received.length;
  const printing = printer.print(slipSaying('second')).then((ended) => (outcome = ended));
  await until(() => printer.status.paper === 'out');
  const sent = peer.received.length - before;
  const asked = peer.realTimeQuestions;
  await until(() => peer.realTimeQuestions > asked + 12);
  expect(outcome).toBeUndefined();
  expect(peer.received.length - before).toBe(sent);
  peer.loadPaper();
  expect(await printing).toEqual({ outcome: 'printed' });
  expect(peer.slips.map(({ rows }) => rows[0])).toEqual(['first', 'second']);
  await until(() => printer.status.paper === 'ok');
  expect(told.map(({ paper }) => paper)).toEqual(['ok', 'out', 'ok']);
});

it('even when the printer answers no question meanwhile', async () => {
  const { peer, printer } = await startPrinter();
  peer.paperBytes = 40;
  const printing = printer.print(slipSaying('only'));
  await until(() => peer.held > 0 && peer.cause === 'paper-out');
  peer.answersStatus = false;
  const asked = peer.realTimeQuestions;
  // Four rounds without an answer; an idle printer would have been given up after three.
  await until(() => peer.realTimeQuestions >= asked + 4);
  expect(printer.status.link).toBe('degraded');
  peer.answersStatus = true;
  peer.loadPaper();
  expect(await printing).toEqual({ outcome: 'printed' });
  expect(peer.connections).toBe(1);
  expect(rowsOf(peer, 0)[0]).toBe('only');
});

it('is unknown when nobody loads paper in time; the next try waits until the printer is done with the first', async () => {
  const timeouts = { answerMs: 100, settleMs: 150, acceptMs: 1_000, confirmMs: 400 };
  const { peer, printer } = await startPrinter(profileWith({ timeouts }));
  peer.paperBytes = 40;
  expect(await printer.print(slipSaying('first'))).toMatchObject({ outcome: 'unknown' });
  await until(() => peer.connections === 2 && printer.status.paper === 'out');
  expect(await printer.print(slipSaying('first 补打'))).toEqual({
    outcome: 'not-printed',
    reason: 'the printer has no paper',
  });
  peer.loadPaper();
  await until(() => printer.status.paper === 'ok');
  expect(await printer.print(slipSaying('first 补打'))).toEqual({ outcome: 'printed' });
  expect(peer.slips.map(({ rows }) => rows[0])).toEqual(['first', 'first 补打']);
});
