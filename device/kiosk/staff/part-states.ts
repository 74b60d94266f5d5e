/** How the parts stand, and what staff do about one that does not work. Pure. */
import type { DeskView } from './desk.js';
import type { WordKey } from './words.js';

export type Condition = 'good' | 'weak' | 'bad' | 'none';

export interface PartShown {
  readonly part: 'board' | 'keys' | 'printer' | 'paper' | 'network' | 'log';
  readonly condition: Condition;
  readonly name: WordKey;
  readonly state: WordKey;
  /** What to do; `null` when there is nothing. */
  readonly advice: WordKey | null;
}

const CONDITIONS = { connected: 'good', degraded: 'weak', lost: 'bad', absent: 'none' } as const;
const STATES = { connected: 'stateGood', degraded: 'stateWeak', lost: 'stateLost', absent: 'stateAbsent' } as const;

const ADVICE = {
  board: { degraded: 'adviceBoardWeak', lost: 'adviceBoardLost' },
  keys: { degraded: 'adviceKeysWeak', lost: 'adviceKeysLost' },
  printer: { degraded: 'advicePrinterWeak', lost: 'advicePrinterLost' },
  network: { degraded: 'adviceNetworkWeak', lost: 'adviceNetworkLost' },
  log: { degraded: 'adviceLogWeak', lost: 'adviceLogLost' },
} as const;

const NAMES = {
  board: 'partBoard',
  keys: 'partKeys',
  printer: 'partPrinter',
  network: 'partNetwork',
  log: 'partLog',
} as const;

const PAPER = {
  ok: ['good', 'paperOk', null],
  'near-end': ['weak', 'paperNearEnd', 'advicePaperNearEnd'],
  out: ['bad', 'paperOut', 'advicePaperOut'],
  unknown: ['none', 'paperUnknown', null],
  absent: ['none', 'stateAbsent', null],
} as const;

export function partsShown(view: Pick<DeskView, 'parts' | 'paper' | 'backlog'>): readonly PartShown[] {
  const { parts, paper, backlog } = view;
  const part = (name: keyof typeof NAMES): PartShown => {
    const state = parts[name];
    // Without their board the keys are gone as well; one piece of advice is enough.
    const told = name === 'keys' && parts.board !== 'connected';
    const usual = state === 'degraded' || state === 'lost' ? ADVICE[name][state] : null;
    const advice = name === 'network' && usual !== null && backlog > 0 ? 'adviceBacklog' : usual;
    return {
      part: name,
      condition: CONDITIONS[state],
      name: NAMES[name],
      state: STATES[state],
      advice: told ? null : advice,
    };
  };
  const [condition, state, advice] = PAPER[paper];
  return [
    part('board'),
    part('keys'),
    part('printer'),
    { part: 'paper', condition, name: 'partPaper', state, advice: parts.printer === 'lost' ? null : advice },
    part('network'),
    part('log'),
  ];
}
