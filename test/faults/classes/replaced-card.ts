import type { FaultClass } from '../fault-class.js';
import { faultsInASmallHall, type Round } from '../hall/rounds.js';

export const replacedCard: FaultClass = {
  name: 'replaced-card',
  title: 'an empty new card under the same name, its new key registered',
  permitted: 'nothing-lost',
  outcome:
    'the new card opens an epoch of its own; what the gateway had of the old one stands, and nothing is mixed up',
  run: (run) => faultsInASmallHall(run, replace),
};

async function replace({ hall, fault, random, count, wrong }: Round): Promise<void> {
  const index = fault % hall.cards.length;
  const old = hall.cards[index];
  if (old === undefined) throw new Error('no card');
  await hall.settled();
  await old.stop();
  hall.formerLogs.set(old.terminal, [...(hall.formerLogs.get(old.terminal) ?? []), old.logFile]);
  const fresh = hall.card(old.terminal, `${old.terminal}-card-${fault}`);
  hall.cards[index] = fresh;
  const late = random() < 0.5;
  count(late ? 'registered after it was put in' : 'registered before it was put in');
  const register = () => hall.registry.addKey(fresh.terminal, fresh.publicKey());
  if (!late) await register();
  fresh.start();
  for (let n = 0; n < 3; n += 1) hall.rate(fresh, random);
  // Not registered yet: it is refused, and keeps what it has.
  if (late) await register();
  if (!(await hall.settled())) wrong(`fault ${fault}: the new card's entries do not arrive`);
  if (fresh.log.epochs().length !== 1) wrong(`fault ${fault}: the new card has left its first epoch`);
}
