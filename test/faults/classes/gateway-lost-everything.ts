import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultClass } from '../fault-class.js';
import { faultsInASmallHall, type Round } from '../hall/rounds.js';

const KEY_FILE = 'gateway-key.pem';

export const gatewayLostEverything: FaultClass = {
  name: 'gateway-lost-everything',
  title: "the gateway's disk is empty: its key is kept, or lost as well and the operator says that it was restored",
  permitted: 'nothing-lost',
  restores: true,
  outcome: 'the terminals send again all that they keep, and the centre counts nothing twice',
  run: (run) => faultsInASmallHall(run, (round) => lose(round, run.folder)),
};

async function lose(round: Round, folder: string): Promise<void> {
  const { hall, fault, random } = round;
  await hall.promised();
  const { generation } = await hall.store.identity();
  await hall.stopGateway();
  const keyKept = random() < 0.5;
  const kept = join(folder, KEY_FILE);
  cpSync(join(hall.gatewayData, KEY_FILE), kept);
  rmSync(hall.gatewayData, { recursive: true });
  mkdirSync(hall.gatewayData);
  if (keyKept) cpSync(kept, join(hall.gatewayData, KEY_FILE));
  if (random() < 0.5) round.rateSome(4);
  await hall.startGateway();
  await hall.register();
  round.count(keyKept ? 'the key kept' : 'the key lost');
  // Without its key it cannot know its own hand: the operator says how often it was restored.
  if (!keyKept) await hall.saysRestored(generation);
  round.rateSome(4);
  if (!(await hall.settled())) round.wrong(`fault ${fault}: what the terminals keep does not come again`);
}
