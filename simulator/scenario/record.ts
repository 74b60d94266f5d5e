/** Follows what is done in a running demo. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { DemoFailed, type DemoClient } from './demo-client.js';
import { actionSchema, recordedScenario, type RecordedAction } from './recording.js';

const FOLLOW_MS = 300;

const actionsSchema = z.array(actionSchema);
const hallSchema = z.object({ counters: z.array(z.unknown()).min(1) });

export interface Recording {
  readonly name: string;
  /** With what was done before the recording began. */
  readonly fromStart: boolean;
  /** Aborted when the recording is to end. */
  readonly end: AbortSignal;
  /** Told once what is done from now on is heard. */
  readonly began: () => void;
  /** Told of each step as it is done. */
  readonly heard: (action: RecordedAction) => void;
}

/** @returns the scenario as YAML; `undefined` when nothing was done. @throws DemoFailed. */
export async function record(
  client: DemoClient,
  { name, fromStart, end, began, heard }: Recording,
): Promise<string | undefined> {
  const terminals = (await read(client, '/api/hall', hallSchema)).counters.length;
  const before = fromStart ? 0 : (await actionsOf(client)).length;
  began();
  let actions: RecordedAction[] = [];
  for (;;) {
    const now = (await actionsOf(client)).slice(before);
    for (const action of now.slice(actions.length)) heard(action);
    actions = now;
    if (end.aborted) break;
    await wait(FOLLOW_MS, undefined, { signal: end }).catch(() => undefined);
  }
  return actions.length === 0 ? undefined : recordedScenario(actions, { terminals, name });
}

async function actionsOf(client: DemoClient): Promise<RecordedAction[]> {
  return read(client, '/api/actions', actionsSchema);
}

async function read<S extends z.ZodType>(client: DemoClient, path: string, schema: S): Promise<z.infer<S>> {
  const { status, body } = await client.get(path);
  const parsed = schema.safeParse(body);
  if (status !== 200 || !parsed.success)
    throw new DemoFailed(`the demo answers ${path} with ${status}, or something else`);
  return parsed.data;
}
