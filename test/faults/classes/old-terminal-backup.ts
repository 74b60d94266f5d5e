import { join } from 'node:path';
import type { FaultClass } from '../fault-class.js';
import { forksNamed } from '../hall/forks.js';
import { faultsInASmallHall, type Round } from '../hall/rounds.js';

export const oldTerminalBackup: FaultClass = {
  name: 'old-terminal-backup',
  title: "a terminal's log gives way to an older copy of itself",
  permitted: 'nothing-lost',
  outcome: 'the fork is named; a new epoch goes on; nothing that was acknowledged, or is pressed afterwards, is lost',
  run: (run) => faultsInASmallHall(run, (round) => putBack(round, run.folder)),
};

/** What was acknowledged before stands at the gateway: only of that can nothing be lost. */
async function putBack(round: Round, folder: string): Promise<void> {
  const { hall, fault, random } = round;
  const card = hall.cards[fault % hall.cards.length];
  if (card === undefined) throw new Error('no card');
  const backup = join(folder, `backup-${fault}`);
  card.copyTo(backup);
  round.rateSome(5);
  hall.rate(card, random);
  await hall.settled();
  const forks = await forksNamed(hall, card.terminal);
  await card.stop();
  const former = join(folder, `former-${fault}`);
  card.copyTo(former);
  hall.formerLogs.set(card.terminal, [...(hall.formerLogs.get(card.terminal) ?? []), join(former, 'log.db')]);
  card.becomes(backup);
  // The old card gives the numbers of the lost time to new entries: before it has heard of the gateway, or after.
  const offline = random() < 0.6;
  round.count(offline ? 'presses before it hears of the gateway' : 'presses after it has heard of the gateway');
  card.start(!offline);
  const total = 1 + Math.floor(random() * 8);
  for (let n = 0; n < total; n += 1) hall.rate(card, random);
  if (offline) card.connect();
  await hall.settled();
  if ((await forksNamed(hall, card.terminal)) === forks) round.wrong(`fault ${fault}: no alarm names the fork`);
}
