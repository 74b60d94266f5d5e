/** What a class of faults is: what is done to the hall, what may come of it, and what was found. */
import type { Level } from '../../protocol/index.js';

/**
 * `nothing-lost`: every accepted press counts once, everywhere, and nothing is declared lost.
 * `named-and-bounded`: what is missing was destroyed together with its only copy, and the programs name it.
 */
export type Permitted = 'nothing-lost' | 'named-and-bounded';

/**
 * What a citizen was told of one press. `accepted`: the lamp was seen, or the screen said so; `refused`: told that it
 * was not taken; `unknown`: the answer was lost in flight.
 */
export interface Seen {
  readonly serviceId: string;
  readonly terminal: string;
  readonly level: Level;
  readonly outcome: 'accepted' | 'refused' | 'unknown';
}

/** What the auditor found. Every list names services or entries, and why. */
export interface Findings {
  readonly accepted: number;
  readonly refused: number;
  readonly unknown: number;
  /** Entries whose chains were walked, on terminals and at the gateway. */
  readonly entries: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
  readonly disordered: readonly string[];
  readonly unexplained: readonly string[];
  /** What the programs themselves declared lost or set aside. */
  readonly named: readonly string[];
  /** How often the gateway took itself for an older copy of itself, and why. */
  readonly restored: readonly string[];
}

export interface FaultRun {
  readonly seed: string;
  /** Seeded, uniform in [0, 1). */
  readonly random: () => number;
  /** How many faults are to be injected. */
  readonly faults: number;
  /** Folder that the programs under test are taken from. */
  readonly root: string;
  /** Empty, and removed afterwards. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

export interface FaultOutcome {
  /** Faults by kind; they sum to what was asked for. */
  readonly injected: Readonly<Record<string, number>>;
  readonly findings: Findings;
  /** What was met on the way and a reader must know. */
  readonly notes?: readonly string[];
}

export interface FaultClass {
  /** Kebab-case. */
  readonly name: string;
  /** What is done, in a line. */
  readonly title: string;
  readonly permitted: Permitted;
  /** What may come of it, as the table says it. */
  readonly outcome: string;
  /** The gateway's database is taken back or away: it is right when the gateway finds that out. */
  readonly restores?: boolean;
  /** Why it cannot run here; `undefined` where it can. */
  readonly unavailable?: () => Promise<string | undefined>;
  run(run: FaultRun): Promise<FaultOutcome>;
}

export const NOTHING_FOUND: Findings = {
  accepted: 0,
  refused: 0,
  unknown: 0,
  entries: 0,
  lost: [],
  doubled: [],
  wrong: [],
  disordered: [],
  unexplained: [],
  named: [],
  restored: [],
};

/** The findings of two rounds as one. */
export function addFindings(a: Findings, b: Findings): Findings {
  return {
    accepted: a.accepted + b.accepted,
    refused: a.refused + b.refused,
    unknown: a.unknown + b.unknown,
    entries: a.entries + b.entries,
    lost: [...a.lost, ...b.lost],
    doubled: [...a.doubled, ...b.doubled],
    wrong: [...a.wrong, ...b.wrong],
    disordered: [...a.disordered, ...b.disordered],
    unexplained: [...a.unexplained, ...b.unexplained],
    named: [...a.named, ...b.named],
    restored: [...a.restored, ...b.restored],
  };
}

/** Why an outcome is not within what its class permits; empty where it is. */
export function breaches(
  { permitted, restores = false }: Pick<FaultClass, 'permitted' | 'restores'>,
  findings: Findings,
): readonly string[] {
  const { lost, doubled, wrong, disordered, unexplained, named, restored } = findings;
  const of = (what: string, list: readonly string[]) => list.map((one) => `${what}: ${one}`);
  return [
    ...of('lost', lost),
    ...of('doubled', doubled),
    ...of('wrong', wrong),
    ...of('disordered', disordered),
    ...of('unexplained', unexplained),
    ...(permitted === 'nothing-lost' ? of('named', named) : []),
    ...(restores ? [] : of('takes itself for restored', restored)),
  ];
}
