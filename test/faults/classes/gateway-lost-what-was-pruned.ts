import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultClass } from '../fault-class.js';
import { faultsInASmallHall, type Round } from '../hall/rounds.js';

const KEY_FILE = 'gateway-key.pem';
/** Entries; a service has three. */
const MOST_PRUNED = 30;

export const gatewayLostWhatWasPruned: FaultClass = {
  name: 'gateway-lost-what-was-pruned',
  title: "the gateway's disk is empty, and terminals had let go of entries that it had",
  permitted: 'named-and-bounded',
  restores: true,
  outcome: 'what neither side has is a gap with a name, proved by a signed checkpoint; all the rest comes again',
  run: (run) => faultsInASmallHall(run, (round) => lose(round, run.folder)),
};

async function lose(round: Round, folder: string): Promise<void> {
  const { hall, fault, random } = round;
  await hall.promised();
  // A terminal keeps a rating for more than a year after it was acknowledged: long before, the centre has it.
  await hall.delivered();
  for (const card of hall.cards) card.log.prune(Date.now() + 1, 1 + Math.floor(random() * MOST_PRUNED));
  await hall.stopGateway();
  const kept = join(folder, KEY_FILE);
  cpSync(join(hall.gatewayData, KEY_FILE), kept);
  rmSync(hall.gatewayData, { recursive: true });
  mkdirSync(hall.gatewayData);
  cpSync(kept, join(hall.gatewayData, KEY_FILE));
  if (random() < 0.5) round.rateSome(4);
  await hall.startGateway();
  await hall.register();
  round.count('let go before');
  round.rateSome(4);
  if (!(await hall.settled())) round.wrong(`fault ${fault}: what the terminals keep does not come again`);
}
