/** Faults one after the other in one small hall, with ratings before, and an audit at the end. */
import { addFindings, NOTHING_FOUND, type FaultOutcome, type FaultRun, type Findings } from '../fault-class.js';
import { SmallHall } from './small-hall.js';

export interface Round {
  readonly hall: SmallHall;
  /** From 1. */
  readonly fault: number;
  readonly random: () => number;
  /** So many citizens (at least one), spread over the counters. */
  rateSome(most: number): void;
  count(kind: string): void;
  /** Something that no auditor can see in the files. */
  wrong(what: string): void;
  note(text: string): void;
}

const TERMINALS = 2;

export async function faultsInASmallHall(
  { random, faults, root, folder }: FaultRun,
  inject: (round: Round) => Promise<void>,
): Promise<FaultOutcome> {
  const hall = await SmallHall.start({ folder, root, terminals: TERMINALS });
  const injected: Record<string, number> = {};
  const notes: string[] = [];
  const unexplained: string[] = [];
  const named: string[] = [];
  const round = {
    hall,
    random,
    rateSome: (most: number) => {
      const total = 1 + Math.floor(random() * most);
      for (let n = 0; n < total; n += 1) {
        const card = hall.cards[Math.floor(random() * hall.cards.length)];
        if (card !== undefined) hall.rate(card, random);
      }
    },
    count: (kind: string) => void (injected[kind] = (injected[kind] ?? 0) + 1),
    wrong: (what: string) => void unexplained.push(what),
    note: (text: string) => void notes.push(text),
  };
  try {
    for (let fault = 1; fault <= faults; fault += 1) {
      round.rateSome(6);
      await inject({ ...round, fault });
    }
    if (!(await hall.settled())) unexplained.push('not everything has arrived in time');
    const findings = await hall.audit();
    const more: Findings = { ...NOTHING_FOUND, unexplained, named };
    return { injected, findings: addFindings(findings, more), notes };
  } finally {
    await hall.stop();
  }
}
