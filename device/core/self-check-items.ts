/** What the daily self-check looks at (X 五(一)1), step by step, and the codes that each thing can end with. */
import type { SelfCheckItem } from '../../protocol/index.js';

export const CHECK_STEPS = ['automatic', 'keys', 'lamps', 'touch', 'screen', 'sound', 'printer'] as const;
export type CheckStepName = (typeof CHECK_STEPS)[number];

interface ItemRow {
  readonly item: string;
  readonly step: CheckStepName;
  /** Without them: what the check as a whole can say of any item, `<item>-unanswered`. */
  readonly codes: readonly string[];
}

/**
 * In the order in which they are asked. What a root cause takes with it (`board-lost` takes keys and lamps) is
 * skipped with that code, so that one fault is one failure.
 */
export const SELF_CHECK_ITEMS = [
  { item: 'log-integrity', step: 'automatic', codes: ['log-damaged', 'log-check-slow', 'log-unreadable'] },
  {
    item: 'log-chain',
    step: 'automatic',
    codes: ['log-chain-broken', 'log-head-differs', 'log-check-slow', 'log-unreadable'],
  },
  { item: 'log-space', step: 'automatic', codes: ['log-space-out', 'log-space-low', 'log-space-unknown'] },
  { item: 'log-write', step: 'automatic', codes: ['log-write-failed', 'log-write-slow'] },
  { item: 'clock', step: 'automatic', codes: ['clock-unknown', 'clock-off'] },
  { item: 'network', step: 'automatic', codes: ['network-lost', 'network-degraded'] },
  { item: 'backlog', step: 'automatic', codes: ['backlog-large', 'backlog-old'] },
  {
    item: 'certificates',
    step: 'automatic',
    codes: [
      'certificate-unreadable',
      'certificate-expired',
      'certificate-early',
      'certificate-mismatch',
      'certificate-expiring',
    ],
  },
  { item: 'roster', step: 'automatic', codes: ['roster-unreadable', 'roster-empty', 'roster-old', 'staff-unknown'] },
  { item: 'temperature', step: 'automatic', codes: ['temperature-high'] },
  { item: 'power', step: 'automatic', codes: ['under-voltage'] },
  { item: 'board', step: 'automatic', codes: ['board-lost', 'board-degraded', 'key-stuck'] },
  { item: 'keypad', step: 'automatic', codes: ['keypad-lost', 'keypad-degraded'] },
  { item: 'screen', step: 'automatic', codes: ['screen-lost'] },
  { item: 'printer', step: 'automatic', codes: ['printer-lost', 'printer-offline', 'printer-fault'] },
  { item: 'paper', step: 'automatic', codes: ['paper-out', 'paper-low', 'paper-unknown', 'printer-lost'] },
  { item: 'cover', step: 'automatic', codes: ['cover-open', 'cover-unknown', 'printer-lost'] },
  { item: 'cutter', step: 'automatic', codes: ['cutter-error', 'cutter-unknown', 'printer-lost'] },
  { item: 'key-5', step: 'keys', codes: ['key-silent', 'key-crossed', 'board-lost', 'keypad-lost'] },
  { item: 'key-4', step: 'keys', codes: ['key-silent', 'key-crossed', 'board-lost', 'keypad-lost'] },
  { item: 'key-3', step: 'keys', codes: ['key-silent', 'key-crossed', 'board-lost', 'keypad-lost'] },
  { item: 'key-2', step: 'keys', codes: ['key-silent', 'key-crossed', 'board-lost', 'keypad-lost'] },
  { item: 'key-1', step: 'keys', codes: ['key-silent', 'key-crossed', 'board-lost', 'keypad-lost'] },
  { item: 'lamp-invited', step: 'lamps', codes: ['lamp-dark', 'board-lost'] },
  { item: 'lamp-accepted', step: 'lamps', codes: ['lamp-dark', 'board-lost'] },
  { item: 'lamp-fault', step: 'lamps', codes: ['lamp-dark', 'board-lost'] },
  { item: 'touch-1', step: 'touch', codes: ['touch-silent', 'screen-lost'] },
  { item: 'touch-2', step: 'touch', codes: ['touch-silent', 'screen-lost'] },
  { item: 'touch-3', step: 'touch', codes: ['touch-silent', 'screen-lost'] },
  { item: 'touch-4', step: 'touch', codes: ['touch-silent', 'screen-lost'] },
  { item: 'touch-5', step: 'touch', codes: ['touch-silent', 'screen-lost'] },
  { item: 'screen-red', step: 'screen', codes: ['screen-colour', 'screen-lost'] },
  { item: 'screen-green', step: 'screen', codes: ['screen-colour', 'screen-lost'] },
  { item: 'screen-blue', step: 'screen', codes: ['screen-colour', 'screen-lost'] },
  { item: 'screen-white', step: 'screen', codes: ['screen-colour', 'screen-lost'] },
  { item: 'screen-black', step: 'screen', codes: ['screen-colour', 'screen-lost'] },
  { item: 'sound', step: 'sound', codes: ['sound-failed', 'sound-unheard'] },
  {
    item: 'slip',
    step: 'printer',
    codes: [
      'slip-not-printed',
      'slip-unreadable',
      'slip-misread',
      'printer-lost',
      'printer-offline',
      'paper-out',
      'cover-open',
      'cutter-error',
    ],
  },
] as const satisfies readonly ItemRow[];

export type ItemName = (typeof SELF_CHECK_ITEMS)[number]['item'];
export type ItemResult = SelfCheckItem['result'];

/** One thing that was looked at. */
export interface Finding {
  readonly item: ItemName;
  readonly result: ItemResult;
  /** Always there unless `pass`, or `skipped` because there is no such thing here. */
  readonly code?: string;
}

export function itemsOf(step: CheckStepName): readonly ItemName[] {
  return SELF_CHECK_ITEMS.filter((row) => row.step === step).map(({ item }) => item);
}

/** How an item is named as the target of its step, which says the rest: colours without `screen-`. */
export function targetOf(step: CheckStepName, item: ItemName): string {
  return step === 'screen' ? item.slice('screen-'.length) : item;
}

const KEYS: readonly string[] = itemsOf('keys');
const TOUCH: readonly string[] = ['screen', ...itemsOf('touch')];

/**
 * The whole: `fail` when nobody could rate (the log takes nothing, or neither all keys nor the screen work),
 * `limited` when anything else is not as it should be. What is not there at this terminal does not count.
 */
export function checkResult(findings: readonly Finding[]): 'pass' | 'limited' | 'fail' {
  const failed = findings.filter(({ result }) => result === 'fail');
  const log = failed.some(({ item }) => item.startsWith('log-'));
  if (log || !(works(findings, KEYS) || works(findings, TOUCH))) return 'fail';
  return findings.some(({ result }) => result === 'fail' || result === 'limited') ? 'limited' : 'pass';
}

function works(findings: readonly Finding[], items: readonly string[]): boolean {
  return items.every((item) => findings.find((finding) => finding.item === item)?.result === 'pass');
}
