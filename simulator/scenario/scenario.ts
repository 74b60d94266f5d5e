/** A scenario as it was read: every step with the line on which it stands. */
import type { z } from 'zod';
import type { Policy } from '../../protocol/index.js';
import type { OpenDuration } from './duration.js';
import type { FaultStepName, HallWish, SimpleStepName, STEP_SCHEMAS } from './scenario-schema.js';

export type StepContent<N extends SimpleStepName> = z.infer<(typeof STEP_SCHEMAS)[N]>;

/** One of the steps that stand for themselves. */
export type SimpleStep<N extends SimpleStepName = SimpleStepName> = {
  [K in N]: { readonly name: K; readonly line: number; readonly content: StepContent<K> };
}[N];

/** The same steps so many times; `{n}` in a case number is the round, from 1. */
export interface RepeatStep {
  readonly name: 'repeat';
  readonly line: number;
  readonly times: number;
  readonly steps: readonly Step[];
}

/** A fault that may come at any time, and how it is undone. */
export interface RandomFault {
  readonly break: SimpleStep<FaultStepName>;
  readonly mend: SimpleStep<FaultStepName> | undefined;
  readonly lasts: OpenDuration;
}

/** So many faults from a list, spread over a time, while the steps go on. */
export interface RandomStep {
  readonly name: 'random';
  readonly line: number;
  readonly count: number;
  readonly overMs: number;
  readonly faults: readonly RandomFault[];
  readonly steps: readonly Step[];
}

export type Step = SimpleStep | RepeatStep | RandomStep;

export interface Scenario {
  readonly file: string;
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly seed: number;
  readonly hall: HallWish;
  /** The hall's whole policy: the default one with what the scenario puts over it. */
  readonly policy: Policy;
  /** Every wait is so many times as long. */
  readonly scale: number;
  readonly steps: readonly Step[];
}
