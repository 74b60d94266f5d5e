import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import type { FaultClass } from '../fault-class.js';
import { forksNamed } from '../hall/forks.js';
import { faultsInASmallHall, type Round } from '../hall/rounds.js';

export const twoTerminalsOneIdentity: FaultClass = {
  name: 'two-terminals-one-identity',
  title: 'a cloned card runs beside the original, and both take ratings',
  permitted: 'nothing-lost',
  outcome: 'the fork is named; each goes on in an epoch of its own; nothing that either has taken is lost or doubled',
  run: (run) => faultsInASmallHall(run, (round) => clone(round, run.folder)),
};

async function clone(round: Round, folder: string): Promise<void> {
  const { hall, fault, random } = round;
  const original = hall.cards[fault % hall.cards.length];
  if (original === undefined) throw new Error('no card');
  const forks = await forksNamed(hall, original.terminal);
  // What was not sent yet when the card was copied stands on both.
  const withBacklog = random() < 0.5;
  if (withBacklog) {
    await hall.stopGateway();
    for (let n = 0; n < 3; n += 1) hall.rate(original, random);
  } else await hall.settled();
  round.count(withBacklog ? 'with entries that were not sent' : 'with everything acknowledged');
  const name = `clone-${fault}`;
  original.copyTo(join(folder, name));
  const second = hall.card(original.terminal, name);
  second.start();
  for (let n = 0; n < 2; n += 1) hall.rate(random() < 0.5 ? original : second, random);
  if (withBacklog) await hall.startGateway();
  for (let n = 0; n < 6; n += 1) {
    hall.rate(random() < 0.5 ? original : second, random);
    await wait(random() * 30);
  }
  // They take the name from one another, again and again; each must come to its turn.
  if (!(await hall.settled([...hall.cards, second]))) round.wrong(`fault ${fault}: not everything of both arrives`);
  await second.stop();
  hall.formerLogs.set(original.terminal, [...(hall.formerLogs.get(original.terminal) ?? []), second.logFile]);
  if ((await forksNamed(hall, original.terminal)) === forks) round.wrong(`fault ${fault}: no alarm names the fork`);
}
