/** How the parts stand, and what staff do about one that does not work. Pure. */
import type { DeskView, PartName, PartState, PrinterFault } from './desk.js';
import type { WordKey } from './words.js';

export type Condition = 'good' | 'weak' | 'bad' | 'none';

export interface PartShown {
  readonly part: PartName | 'paper';
  readonly condition: Condition;
  readonly name: WordKey;
  readonly state: WordKey;
  /** What to do; `null` when there is nothing. */
  readonly advice: WordKey | null;
}

export type PartsOf = Pick<DeskView, 'parts' | 'paper' | 'backlog' | 'printerFault'>;

const CONDITIONS = { connected: 'good', degraded: 'weak', lost: 'bad', absent: 'none' } as const;
const STATES = { connected: 'stateGood', degraded: 'stateWeak', lost: 'stateLost', absent: 'stateAbsent' } as const;

interface PartWords {
  readonly name: WordKey;
  readonly degraded: WordKey;
  readonly lost: WordKey;
  /** Not told of where there is none. */
  readonly quiet?: true;
}

const PARTS = {
  board: { name: 'partBoard', degraded: 'adviceBoardWeak', lost: 'adviceBoardLost' },
  keys: { name: 'partKeys', degraded: 'adviceKeysWeak', lost: 'adviceKeysLost' },
  keypad: { name: 'partKeypad', degraded: 'adviceKeypadWeak', lost: 'adviceKeypadLost', quiet: true },
  screen: { name: 'partScreen', degraded: 'adviceScreenWeak', lost: 'adviceScreenLost', quiet: true },
  sound: { name: 'partSound', degraded: 'adviceSoundWeak', lost: 'adviceSoundWeak', quiet: true },
  printer: { name: 'partPrinter', degraded: 'advicePrinterWeak', lost: 'advicePrinterLost' },
  network: { name: 'partNetwork', degraded: 'adviceNetworkWeak', lost: 'adviceNetworkLost' },
  log: { name: 'partLog', degraded: 'adviceLogWeak', lost: 'adviceLogLost' },
} as const satisfies Readonly<Record<PartName, PartWords>>;

/** What it is that the printer has, where it tells. */
const FAULTS: Readonly<Record<PrinterFault, readonly [state: WordKey, advice: WordKey]>> = {
  'cover-open': ['stateCover', 'adviceCover'],
  'cutter-error': ['stateCutter', 'adviceCutter'],
  'printer-offline': ['stateOffline', 'adviceOffline'],
  'printer-fault': ['stateWeak', 'advicePrinterWeak'],
};

const PAPER = {
  ok: ['good', 'paperOk', null],
  'near-end': ['weak', 'paperNearEnd', 'advicePaperNearEnd'],
  out: ['bad', 'paperOut', 'advicePaperOut'],
  unknown: ['none', 'paperUnknown', null],
  absent: ['none', 'stateAbsent', null],
} as const;

const BEFORE_PAPER = ['board', 'keys', 'keypad', 'screen', 'sound', 'printer'] as const;
const AFTER_PAPER = ['network', 'log'] as const;

export function partsShown(view: PartsOf): readonly PartShown[] {
  const { parts, paper, printerFault } = view;
  const shown = (names: readonly PartName[]) =>
    names.filter((name) => parts[name] !== 'absent' || !('quiet' in PARTS[name])).map((name) => partShown(name, view));
  const [condition, state, advice] = PAPER[paper];
  // A lost printer says all there is to do; an open cover is told before the paper that it hides.
  const printerTold = parts.printer === 'lost' || printerFault === 'cover-open';
  return [
    ...shown(BEFORE_PAPER),
    { part: 'paper', condition, name: 'partPaper', state, advice: printerTold ? null : advice },
    ...shown(AFTER_PAPER),
  ];
}

function partShown(part: PartName, view: PartsOf): PartShown {
  const state = view.parts[part];
  const { name } = PARTS[part];
  const fault = part === 'printer' && state !== 'lost' && state !== 'absent' ? view.printerFault : null;
  if (fault !== null) {
    const [word, advice] = FAULTS[fault];
    return { part, condition: 'weak', name, state: word, advice };
  }
  return { part, condition: CONDITIONS[state], name, state: STATES[state], advice: adviceOf(part, state, view) };
}

function adviceOf(part: PartName, state: PartState, { parts, backlog, paper }: PartsOf): WordKey | null {
  if (state !== 'degraded' && state !== 'lost') return null;
  // Without their board the keys are gone as well; one piece of advice is enough.
  if (part === 'keys' && parts.board !== 'connected') return null;
  if (part === 'network' && backlog > 0) return 'adviceBacklog';
  // A printer that only has no paper is told of by its paper.
  if (part === 'printer' && state === 'degraded' && paper === 'out') return null;
  return PARTS[part][state];
}
