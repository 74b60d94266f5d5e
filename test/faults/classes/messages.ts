import { setTimeout as wait } from 'node:timers/promises';
import type { FaultClass } from '../fault-class.js';
import { SmallHall } from '../hall/small-hall.js';
import { Troublemaker } from '../hall/troublemaker.js';

const TERMINALS = 4;
/** One citizen a counter and so often, ms: messages enough to meet the faults. */
const EVERY_MS = 12;
/** No fault for so long: there will be none. */
const SILENT_MS = 5_000;

export const messages: FaultClass = {
  name: 'messages',
  title: 'batches, acks and handshakes dropped, doubled, reordered, delayed; stale acks and old batches again',
  permitted: 'nothing-lost',
  outcome: 'nothing lost, doubled or out of order; no epoch is left for it',
  async run({ random, faults, root, folder }) {
    const hall = await SmallHall.start({ folder, root, terminals: TERMINALS });
    try {
      const troublemaker = new Troublemaker({ random, faults });
      hall.post.trouble = troublemaker.trouble;
      // Programs that say nothing more meet no fault: what was not injected is told by its number.
      let [left, metAtMs] = [faults, performance.now()];
      while (!troublemaker.done && performance.now() - metAtMs < SILENT_MS) {
        for (const card of hall.cards) hall.rate(card, random);
        await wait(EVERY_MS);
        if (troublemaker.left < left) [left, metAtMs] = [troublemaker.left, performance.now()];
      }
      await hall.settled();
      const epochs = hall.cards.flatMap((card) => card.log.epochs());
      const findings = await hall.audit();
      const leftEpochs = epochs.length - TERMINALS;
      return {
        injected: troublemaker.injected,
        findings:
          leftEpochs === 0
            ? findings
            : { ...findings, unexplained: [...findings.unexplained, `${leftEpochs} epochs were left for no reason`] },
      };
    } finally {
      await hall.stop();
    }
  },
};
