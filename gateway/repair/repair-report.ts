/** What a repair did, for the operator to read. */

export interface RepairedChain {
  readonly source: string;
  readonly epoch: string;
  /** Entries through this one stand in the new database. */
  readonly throughSeq: number;
  /** Where the chain ended by the damaged database's own word; `null` where that could not be read. */
  readonly before: number | null;
  readonly words: string;
}

export interface RepairReport {
  readonly chains: readonly RepairedChain[];
  readonly entries: number;
  /** Entries that were there and could not be proven. */
  readonly dropped: number;
  /** Rows that could not be read at all. */
  readonly unreadable: number;
  readonly terminals: number;
  /** Those of them whose keys are lost. */
  readonly withoutKey: readonly string[];
  readonly keys: number;
  /** Keys whose registration stood in entries that are lost: the own log is told of them again. */
  readonly keysToldAgain: number;
  /** Ratings that need not be delivered again. */
  readonly delivered: number;
  /** Services whose figures were carried over, their entries having been let go before. */
  readonly carriedServices: number;
  /** Entries that are set aside in the new database. */
  readonly setAside: number;
  readonly storeId: string;
  readonly generation: number;
  /** Where the damaged database is kept. */
  readonly keptAs: string;
}

/** The report in words, a line each. */
export function reportLines(report: RepairReport): string[] {
  const { entries, dropped, unreadable, terminals, withoutKey, keys, keysToldAgain } = report;
  const { delivered, carriedServices, setAside } = report;
  return [
    ...report.chains.map(({ source, epoch, words }) => `${source} ${epoch}: ${words}`),
    `${entries} entries were carried over; ${dropped} could not be proven, and ${unreadable} places could not be read.`,
    `${terminals} terminals and ${keys} keys are registered.${
      terminals === 0 || unreadable > 0
        ? ' Register anew whoever is missing: pjq terminal add, pjq terminal key add. Until then it keeps its ratings.'
        : ''
    }`,
    ...(withoutKey.length > 0
      ? [
          `Without a key, so that nothing of theirs is taken: ${withoutKey.join(', ')}. Give each its own: pjq terminal key add.`,
        ]
      : []),
    ...(keysToldAgain > 0
      ? [
          `Of ${keysToldAgain} keys no entry tells any more who registered them: compare them with the terminals' own (key).`,
        ]
      : []),
    `${delivered} ratings count as delivered; the others are delivered again under their own keys, and count once.`,
    ...(carriedServices > 0
      ? [`${carriedServices} services rest on entries that were let go before; their rows were carried over.`]
      : []),
    ...(setAside > 0 ? [`${setAside} entries are set aside: pjq quarantine list.`] : []),
    `The database is store ${report.storeId} of generation ${report.generation}: the terminals send again what it lacks and they still keep; what they keep no more becomes a named gap (alarm log-gap).`,
    `The damaged database is kept as ${report.keptAs}.`,
  ];
}
