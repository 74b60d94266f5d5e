import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultClass } from '../fault-class.js';
import { faultsInASmallHall, type Round } from '../hall/rounds.js';

export const oldGatewayBackup: FaultClass = {
  name: 'old-gateway-backup',
  title: "the gateway's database gives way to an older copy of itself",
  permitted: 'nothing-lost',
  restores: true,
  outcome:
    'the terminals show what it had promised; a higher generation; it gets again what it forgot, the centre nothing twice',
  run: (run) => faultsInASmallHall(run, (round) => putBack(round, run.folder)),
};

async function putBack(round: Round, folder: string): Promise<void> {
  const { hall, fault, random } = round;
  const generation = (await hall.store.identity()).generation;
  const backup = join(folder, `backup-${fault}`);
  await hall.stopGateway();
  cpSync(hall.gatewayData, backup, { recursive: true });
  await hall.startGateway();
  round.rateSome(8);
  const settled = random() < 0.7;
  round.count(settled ? 'after everything had arrived' : 'in the middle of arriving');
  // At least one promise that the copy knows nothing of.
  if (settled) await hall.settled();
  else await hall.promised();
  await hall.stopGateway();
  rmSync(hall.gatewayData, { recursive: true });
  cpSync(backup, hall.gatewayData, { recursive: true });
  rmSync(backup, { recursive: true });
  if (random() < 0.5) round.rateSome(4);
  await hall.startGateway();
  round.rateSome(4);
  if (!(await hall.settled())) round.wrong(`fault ${fault}: what it forgot does not come again`);
  if ((await hall.store.identity()).generation <= generation) round.wrong(`fault ${fault}: the same generation`);
}
