/** Goes through a running self-check as a clerk at the counter would, whatever it asks for, until it is over. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { DemoClient } from './demo-client.js';
import type { PlannedStep } from './plan.js';

const viewSchema = z.object({
  running: z
    .object({
      step: z
        .object({ name: z.string(), attempt: z.number(), ask: z.string(), target: z.string().nullable() })
        .nullable(),
    })
    .nullable(),
});

type Walk = Extract<PlannedStep<'self-check'>['content'], { do: 'walk' }>;
type Asked = NonNullable<NonNullable<z.infer<typeof viewSchema>['running']>['step']>;

const LOOK_MS = 50;
/** A key that is moved for a check: down for so long. */
const HOLD_MS = 150;
/** The check looks at one thing after another; what was answered is not answered again sooner than this. */
const AGAIN_MS = 1_500;

/** @param fail throws what went wrong. */
export async function walkSelfCheck(client: DemoClient, walk: Walk, fail: (what: string) => never): Promise<void> {
  const path = `/api/terminals/${walk.terminal}/self-check`;
  const endMs = performance.now() + walk.within;
  let answered: { readonly of: string; readonly atMs: number } | undefined;
  while (performance.now() < endMs) {
    const { body } = await client.get(path);
    const view = viewSchema.safeParse(body);
    if (view.data?.running === null) return;
    const step = view.data?.running.step ?? undefined;
    const of = JSON.stringify(step);
    if (step !== undefined && (answered?.of !== of || performance.now() - answered.atMs > AGAIN_MS)) {
      await answer(client, walk, step);
      answered = { of, atMs: performance.now() };
    }
    await wait(LOOK_MS);
  }
  fail('the self-check did not end in time');
}

/** A refusal says that the check has gone on meanwhile: it is looked at again. */
async function answer(client: DemoClient, { terminal, silent, no }: Walk, step: Asked): Promise<void> {
  const at = (what: string) => `/api/terminals/${terminal}/${what}`;
  const { name, target } = step;
  switch (step.ask) {
    case 'press': {
      const level = Number(/^key-([1-5])$/.exec(target ?? '')?.[1]);
      if (!(level >= 1) || silent.some((key) => key === level)) return;
      await client.post(at('board'), { do: 'stick', level, on: true });
      await wait(HOLD_MS);
      await client.post(at('board'), { do: 'stick', level, on: false });
      return;
    }
    case 'touch':
      await client.post(at('self-check'), { do: 'touch', ...(target === null ? {} : { target }) });
      return;
    case 'look':
    case 'listen':
    case 'scan':
      await client.post(at('self-check'), {
        do: 'answer',
        step: name,
        ...(target === null ? {} : { target }),
        ok: !no.includes(target ?? name),
      });
  }
}
