/** What is done in a counter's self-check, and the call by which its pages tell the terminal. */
import { z } from 'zod';
import type { LocalCall, Role, SelfCheck } from './terminal-door.js';

const targetSchema = z.string().min(1).max(32);

export const selfCheckDeedSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('start') }),
  z.strictObject({
    do: z.literal('answer'),
    step: z.string().min(1).max(32),
    /** What is asked for now, when it is not given. */
    target: targetSchema.optional(),
    ok: z.boolean(),
    scanned: z.string().max(1_000).optional(),
  }),
  /** A point on the citizen's screen; the one that is shown now, when it is not given. */
  z.strictObject({ do: z.literal('touch'), target: targetSchema.optional() }),
  z.strictObject({ do: z.literal('again') }),
  z.strictObject({ do: z.literal('skip'), reason: z.string().min(1).max(120) }),
  z.strictObject({ do: z.literal('stop') }),
]);
export type SelfCheckDeed = z.infer<typeof selfCheckDeedSchema>;

/** @param running the check that is going on, as the staff page sees it. */
export function selfCheckCall(
  deed: SelfCheckDeed,
  running: SelfCheck['running'] | undefined,
): { readonly role: Role; readonly what: LocalCall } {
  const target = running?.step?.target ?? null;
  const byStaff = (method: 'POST' | 'DELETE', path: string, body?: unknown) =>
    ({ role: 'staff', what: { method, path, body } }) as const;
  switch (deed.do) {
    case 'start':
      return byStaff('POST', '/v1/self-check', {});
    case 'answer': {
      const { do: _do, ...answer } = deed;
      return byStaff('POST', '/v1/self-check/answer', { target, ...answer });
    }
    case 'touch':
      return {
        role: 'kiosk',
        what: { method: 'POST', path: '/v1/self-check/touch', body: { target: deed.target ?? target } },
      };
    case 'again':
      return byStaff('POST', '/v1/self-check/again', {});
    case 'skip':
      return byStaff('POST', '/v1/self-check/skip', { reason: deed.reason });
    case 'stop':
      return byStaff('DELETE', '/v1/self-check');
  }
}
