/** The steps of a self-check: how each begins to ask for an item, with how much patience, and what is not asked at all. */
import { itemsOf, type CheckStepName, type Finding, type ItemName } from './self-check-items.js';
import type { CheckEffect, Checking, Equipment } from './self-check-state.js';
import type { LampSignal } from './session-effect.js';

/** All of it, ms. Whoever checks before duty has no longer (R7). */
export const CHECK_MS = 90_000;

/** How long one item is waited for, ms. The machine's own probes are waited for together. */
export const PATIENCE_MS: Readonly<Record<CheckStepName, number>> = {
  automatic: 10_000,
  keys: 8_000,
  lamps: 10_000,
  touch: 8_000,
  screen: 10_000,
  sound: 12_000,
  printer: 30_000,
};

/** What silence means in a step; elsewhere it is `<item>-unanswered`. */
export const SILENCE: Readonly<Partial<Record<CheckStepName, string>>> = { keys: 'key-silent', touch: 'touch-silent' };

/** What a clerk's no means. */
export const DENIED: Readonly<Record<CheckStepName, string>> = {
  automatic: '',
  keys: 'key-silent',
  lamps: 'lamp-dark',
  touch: 'touch-silent',
  screen: 'screen-colour',
  sound: 'sound-unheard',
  printer: 'slip-unreadable',
};

const LAMPS: Readonly<Partial<Record<ItemName, LampSignal>>> = {
  'lamp-invited': 'invited',
  'lamp-accepted': 'accepted',
  'lamp-fault': 'fault',
};

/** What the code on the slip of a check says. */
export function slipCode(id: string): string {
  return `PJQ-CHECK-${id}`;
}

/**
 * What is found without asking: a part that is not here, or that failed already and takes the step with it.
 * `null`: the step has to be asked.
 */
export function foregone(
  step: CheckStepName,
  equipment: Equipment,
  done: readonly Finding[],
): readonly Finding[] | null {
  const cause = causeOf(step, equipment, done);
  if (cause === null) return null;
  return itemsOf(step).map((item) => ({ item, result: 'skipped', ...(cause === '' ? {} : { code: cause }) }));
}

/** `''`: there is no such part. */
function causeOf(step: CheckStepName, { board, keypad, sound, printer }: Equipment, done: readonly Finding[]) {
  const failed = (item: ItemName, ...codes: readonly string[]) =>
    done.find(({ item: other, code }) => other === item && code !== undefined && codes.includes(code))?.code ?? null;
  switch (step) {
    case 'automatic':
      return null;
    case 'keys': {
      const lost = [board ? failed('board', 'board-lost') : '', keypad ? failed('keypad', 'keypad-lost') : ''];
      if (lost.includes(null)) return null;
      return lost.find((code) => code !== '') ?? '';
    }
    case 'lamps':
      return board ? failed('board', 'board-lost') : '';
    case 'touch':
    case 'screen':
      return failed('screen', 'screen-lost');
    case 'sound':
      return sound ? null : '';
    case 'printer':
      if (!printer) return '';
      return (
        failed('printer', 'printer-lost', 'printer-offline') ??
        failed('paper', 'paper-out') ??
        failed('cover', 'cover-open') ??
        failed('cutter', 'cutter-error')
      );
  }
}

/** What the shell does when the first item of `left` is asked. */
export function asking({ step, left, turn, id, deadlineMonoMs }: Checking): readonly CheckEffect[] {
  const deadline = { type: 'deadline', atMonoMs: deadlineMonoMs } as const;
  const [item] = left;
  switch (step) {
    case 'automatic':
      return [{ type: 'probe', turn }, deadline];
    case 'lamps':
      return [{ type: 'lamps', signal: (item === undefined ? undefined : LAMPS[item]) ?? null }, deadline];
    case 'sound':
      return [{ type: 'play', turn }, deadline];
    case 'printer':
      return [{ type: 'print', turn, code: slipCode(id) }, deadline];
    case 'keys':
    case 'touch':
    case 'screen':
      return [deadline];
  }
}
