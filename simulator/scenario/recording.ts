/** What was done on the demo's page, written as a scenario that does it again. Pure. */
import { stringify } from 'yaml';
import { z } from 'zod';
import { STEP_SCHEMAS } from './scenario-schema.js';

/** As GET /api/actions tells it: when, and a step. */
export const actionSchema = z.looseObject({ atMs: z.number() });
export type RecordedAction = z.infer<typeof actionSchema>;

export interface RecordedHall {
  readonly terminals: number;
  /** The hall's change of mind and the like are not told by the demo: the shipped policy's. */
  readonly name: string;
}

/** Less than this between two steps is how long the first took, not a wait of the person. */
const LEAST_WAIT_MS = 50;

/** @throws Error when an action is no step that a scenario can say. */
export function recordedScenario(actions: readonly RecordedAction[], { terminals, name }: RecordedHall): string {
  const steps: unknown[] = [];
  let lastMs: number | undefined;
  for (const { atMs, ...step } of actions) {
    const waitedMs = lastMs === undefined ? 0 : atMs - lastMs;
    if (waitedMs >= LEAST_WAIT_MS) steps.push({ wait: `${Math.round(waitedMs)}ms` });
    steps.push(checked(step));
    lastMs = atMs;
  }
  const scenario = {
    name,
    title: { zh: '录制的过程', en: 'As it was recorded' },
    seed: 1,
    hall: { terminals },
    steps,
  };
  return stringify(scenario, { flowCollectionPadding: true, lineWidth: 0 });
}

function checked(step: Record<string, unknown>): Record<string, unknown> {
  const [[name, content] = ['nothing', undefined], ...others] = Object.entries(step);
  const schema = Object.entries(STEP_SCHEMAS).find(([one]) => one === name)?.[1];
  if (schema === undefined || others.length > 0 || !schema.safeParse(content).success)
    throw new Error(`the demo tells of a step that no scenario has: ${JSON.stringify(step)}`);
  return step;
}
