/** Faults of the wires of a real hall under load: every terminal's to the broker, and the gateway's to the centre. */
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultyLink } from '../../../simulator/network/faulty-link.js';
import { GOOD_CONDITIONS } from '../../../simulator/network/link-conditions.js';
import { Hall, QUICK_TO_NOTICE } from '../../support/hall.js';
import { auditHall, Citizens, settled } from '../citizens.js';
import { addFindings, NOTHING_FOUND, type FaultOutcome, type FaultRun } from '../fault-class.js';
import { Tally } from '../tools/tally.js';

/** One fault of one wire, from its beginning to where the wire is good again. */
export interface WireFault {
  /**
   * @returns what it was.
   * @throws where what must come of it does not come.
   */
  (wire: FaultyLink, near: NearEnd, random: () => number): Promise<string>;
}

/** Who is at the near end of a wire. */
export interface NearEnd {
  readonly name: string;
  /** How often it has connected, as far as that can be known: a terminal says so. */
  readonly connections: () => number;
}

const TERMINALS = 4;
/** Between two faults of a wire, at most. */
const GOOD_MS = 250;
/** A terminal's resend, a dead connection and a slow line are waited for: all must be in within this. */
const SETTLED_MS = 90_000;

export async function wireRound(run: FaultRun, inject: WireFault): Promise<FaultOutcome> {
  const { random, seed, faults, root, say } = run;
  const hall = new Hall({
    terminals: TERMINALS,
    wires: true,
    root,
    ...QUICK_TO_NOTICE,
  });
  const tally = new Tally();
  const unexplained: string[] = [];
  let left = faults;
  try {
    await hall.start();
    const citizens = new Citizens(hall, { random, prefix: seed });
    citizens.start();
    const troubling = async (name: string, wire: FaultyLink) => {
      const near = nearEnd(hall, name);
      while (left > 0) {
        left -= 1;
        await wait(random() * GOOD_MS);
        const kind = await inject(wire, near, random).catch((error: Error) => {
          unexplained.push(`${name}: ${error.message}`);
          return error.message;
        });
        tally.add(`${kind}, ${name === 'centre' ? 'gateway and centre' : 'terminal and gateway'}`);
        if (tally.total % 25 === 0) say(`${tally.total} faults, ${citizens.seen.length} presses`);
      }
    };
    try {
      await Promise.all([...hall.wires].map(([name, wire]) => troubling(name, wire)));
    } finally {
      for (const wire of hall.wires.values()) wire.change(GOOD_CONDITIONS);
      await citizens.stop();
    }
    await settled(hall, citizens.seen, SETTLED_MS);
    const findings = await auditHall(hall, citizens.seen);
    return { injected: tally.counts(), findings: addFindings(findings, { ...NOTHING_FOUND, unexplained }) };
  } finally {
    await hall.stop();
  }
}

function nearEnd(hall: Hall, name: string): NearEnd {
  const program = hall.counters.find((counter) => counter.name === name)?.program;
  return {
    name,
    connections: () => program?.lines.filter(({ event }) => event === 'hall connected').length ?? 0,
  };
}
