/** Where a self-check stands, what can happen in it, and what it asks of the shell. */
import type { EntryBody, ErrorCode } from '../../protocol/index.js';
import type { LampSignal } from './session-effect.js';
import type { CheckStepName, Finding, ItemName } from './self-check-items.js';
import type { Now } from './session-state.js';

/** What there is at this terminal to be checked. What is missing is skipped, which is no failure. */
export interface Equipment {
  /** Keys and lamps of a board. */
  readonly board: boolean;
  /** A keyboard-type keypad, whose keys come through the page. */
  readonly keypad: boolean;
  readonly sound: boolean;
  readonly printer: boolean;
}

/** A check that is going on. Steps come in their order; of each, the items in theirs. */
export interface Checking {
  readonly name: 'checking';
  readonly id: string;
  readonly staffNo: string | null;
  readonly startedAtMs: number;
  readonly endMonoMs: number;
  readonly equipment: Equipment;
  readonly step: CheckStepName;
  /** Counts how often anything was begun; what was begun before and answers late is not listened to. */
  readonly turn: number;
  /** How often this step was begun, from 1. */
  readonly attempt: number;
  /** Items of this step that are still to come; the first is the one that is asked. */
  readonly left: readonly ItemName[];
  /** When the patience with what is asked ends. */
  readonly deadlineMonoMs: number;
  readonly done: readonly Finding[];
}

/** `resting`: nothing is being checked. */
export type CheckState = { readonly name: 'resting' } | Checking;

export type CheckInput =
  | {
      readonly type: 'start';
      readonly now: Now;
      readonly id: string;
      readonly staffNo: string | null;
      readonly equipment: Equipment;
    }
  /** What a probe found; `turn` is of the effect that asked. */
  | { readonly type: 'found'; readonly now: Now; readonly turn: number; readonly findings: readonly Finding[] }
  /** A key of the board (`key`), or of a keypad through the page (`touch`). */
  | { readonly type: 'key'; readonly now: Now; readonly level: number; readonly via: 'key' | 'touch' }
  | { readonly type: 'chord'; readonly now: Now }
  | { readonly type: 'touch'; readonly now: Now; readonly target: string }
  /** What the clerk says of what is asked. `scanned`: what the slip's code reads as. */
  | {
      readonly type: 'answer';
      readonly now: Now;
      readonly step: string;
      readonly target: string;
      readonly ok: boolean;
      readonly scanned?: string;
    }
  /** The step from its start once more, or an earlier one. */
  | { readonly type: 'again'; readonly now: Now; readonly step?: CheckStepName }
  | { readonly type: 'played'; readonly now: Now; readonly turn: number; readonly ok: boolean }
  | { readonly type: 'printed'; readonly now: Now; readonly turn: number; readonly ok: boolean }
  | { readonly type: 'time'; readonly now: Now }
  /** `reason` is recorded: `service-opened`, or why the staff ended it. */
  | { readonly type: 'breakOff'; readonly now: Now; readonly reason: string };

export type CheckEffect =
  | { readonly type: 'probe'; readonly turn: number }
  /** `null`: the lamps are the counter's again. */
  | { readonly type: 'lamps'; readonly signal: LampSignal | null }
  | { readonly type: 'play'; readonly turn: number }
  | { readonly type: 'print'; readonly turn: number; readonly code: string }
  | { readonly type: 'deadline'; readonly atMonoMs: number | null }
  | { readonly type: 'record'; readonly body: EntryBody<'selfcheck'> }
  | { readonly type: 'answer'; readonly code: ErrorCode | null };

export interface CheckStep {
  readonly state: CheckState;
  readonly effects: readonly CheckEffect[];
}
