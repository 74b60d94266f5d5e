/** What the guided check asks now, as words: the question, what it is about, and which answers there are. Pure. */
import type { CheckStep } from './desk.js';
import type { WordKey } from './words.js';

export interface Question {
  readonly ask: WordKey;
  /** What is put into the question, itself a word. */
  readonly filled?: { readonly name: 'place' | 'colour'; readonly word: WordKey };
  /** The key to press, and where it is. */
  readonly key?: { readonly level: number; readonly place: WordKey };
  /** The clerk says yes or no. */
  readonly answers: boolean;
  readonly again: WordKey | null;
}

/** From left to right the keys are 5 4 3 2 1. */
const KEYS: Readonly<Record<string, WordKey>> = {
  'key-5': 'atLeft',
  'key-4': 'atLeftMiddle',
  'key-3': 'atMiddle',
  'key-2': 'atRightMiddle',
  'key-1': 'atRight',
};
const LAMPS: Readonly<Record<string, WordKey>> = {
  'lamp-invited': 'askLampInvited',
  'lamp-accepted': 'askLampAccepted',
  'lamp-fault': 'askLampFault',
};
const POINTS: Readonly<Record<string, WordKey>> = {
  'touch-1': 'atCentre',
  'touch-2': 'atTopLeft',
  'touch-3': 'atTopRight',
  'touch-4': 'atBottomRight',
  'touch-5': 'atBottomLeft',
};
const COLOURS: Readonly<Record<string, WordKey>> = {
  red: 'red',
  green: 'green',
  blue: 'blue',
  white: 'white',
  black: 'black',
};

const WAIT: Question = { ask: 'askWait', answers: false, again: null };

export function questionOf(step: CheckStep | null): Question {
  if (step === null) return WAIT;
  const { name, target } = step;
  if (name === 'automatic') return { ...WAIT, ask: 'askAutomatic' };
  if (target === null) return WAIT;
  switch (name) {
    case 'keys': {
      const place = KEYS[target];
      if (place === undefined) return WAIT;
      return {
        ask: 'askKey',
        key: { level: Number(target.slice(-1)), place },
        answers: false,
        again: 'checkStepAgain',
      };
    }
    case 'lamps':
      return { ask: LAMPS[target] ?? 'askWait', answers: LAMPS[target] !== undefined, again: 'checkStepAgain' };
    case 'touch': {
      const word = POINTS[target];
      if (word === undefined) return WAIT;
      return { ask: 'askTouch', filled: { name: 'place', word }, answers: false, again: 'checkStepAgain' };
    }
    case 'screen': {
      const word = COLOURS[target];
      if (word === undefined) return WAIT;
      return { ask: 'askColour', filled: { name: 'colour', word }, answers: true, again: 'checkStepAgain' };
    }
    case 'sound':
      return { ask: 'askSound', answers: true, again: 'checkHearAgain' };
    case 'printer':
      return { ask: 'askSlip', answers: true, again: 'checkPrintAgain' };
  }
}

/** What the slip of a self-check says when it is scanned; case numbers never begin so. */
const SLIP_CODE = /^pjq-check-/i;

/** Whether a scan answers the question, rather than opening a case: that is never in its way. */
export function answersSlip(step: CheckStep | null, scanned: string): boolean {
  return step?.name === 'printer' && SLIP_CODE.test(scanned);
}
