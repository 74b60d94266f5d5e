/** What a manager learns of a terminal: whether it is there, how its parts are, and whether it was checked today. */
import { z } from 'zod';
import {
  hallDayStartMs,
  selfCheckItemSchema,
  staffNoSchema,
  wallMsSchema,
  type HealthMessage,
} from '../../protocol/index.js';
import { readHealth } from './read-health.js';

const partStateSchema = z.object({
  part: z.string(),
  state: z.enum(['connected', 'degraded', 'lost']),
  code: z.string().nullable().describe('what is wrong with it, a code of docs/errors.md'),
  since: wallMsSchema.nullable().describe("by the terminal's clock; null where no change is known"),
});

const selfCheckSchema = z.object({
  result: z
    .enum(['pass', 'limited', 'fail', 'skipped', 'missing'])
    .describe("of the newest check of this day; missing since the hall's midnight"),
  since: wallMsSchema,
  staffNo: staffNoSchema.nullable(),
  reason: z.string().nullable().describe('why it was skipped or broken off'),
  findings: z.array(selfCheckItemSchema).describe('what did not pass'),
});

export const terminalCareSchema = z.object({
  terminal: z.string(),
  window: z.string(),
  connection: z.enum(['connected', 'lost']),
  since: wallMsSchema.describe("since when, by the gateway's clock"),
  staffNo: staffNoSchema.nullable().describe('who is on duty, as far as the log has come'),
  parts: z.array(partStateSchema).describe('as last known; the network is `connection`'),
  selfCheck: selfCheckSchema,
});
export type TerminalCare = z.infer<typeof terminalCareSchema>;

export const terminalCareListSchema = z.object({ at: wallMsSchema, terminals: z.array(terminalCareSchema) });

export interface TerminalCareSources {
  readonly terminal: {
    readonly terminal: string;
    readonly window: string;
    readonly state: string;
    readonly stateAt: number;
    readonly duty: string | null;
    /** A HealthMessage in JSON. */
    readonly health: string | null;
  };
  readonly parts: readonly {
    readonly part: string;
    readonly state: string;
    readonly code: string | null;
    readonly since: number;
  }[];
  /** The newest. */
  readonly check:
    | {
        readonly result: string;
        readonly staffNo: string | null;
        readonly reason: string | null;
        readonly startedAt: number;
        readonly endedAt: number;
        readonly items: string;
      }
    | undefined;
}

const itemsSchema = z.array(selfCheckItemSchema);

export function terminalCare(sources: TerminalCareSources, nowMs: number, timeZone: string): TerminalCare {
  const { terminal, window, state, stateAt, duty, health } = sources.terminal;
  return {
    terminal,
    window,
    connection: state === 'connected' ? 'connected' : 'lost',
    since: stateAt,
    staffNo: duty,
    parts: partsOf(sources, readHealth(health)),
    selfCheck: selfCheckOf(sources.check, hallDayStartMs(nowMs, timeZone)),
  };
}

/** Health names every part, the log when each changed; where they differ the log is not here yet, or health is old. */
function partsOf({ parts }: TerminalCareSources, health: HealthMessage | undefined): TerminalCare['parts'] {
  const changes = new Map(parts.map((row) => [row.part, row]));
  const names = new Set([...Object.keys(health?.parts ?? {}), ...changes.keys()]);
  names.delete('network');
  return [...names].sort().map((part) => {
    const said = health?.parts[part];
    const change = changes.get(part);
    const agreed = change !== undefined && (said === undefined || said === change.state);
    return {
      part,
      state: partStateSchema.shape.state.parse(said ?? change?.state),
      code: agreed ? change.code : null,
      since: agreed ? change.since : null,
    };
  });
}

function selfCheckOf(check: TerminalCareSources['check'], dayStartMs: number): TerminalCare['selfCheck'] {
  if (check === undefined || check.startedAt < dayStartMs)
    return { result: 'missing', since: dayStartMs, staffNo: null, reason: null, findings: [] };
  const items = itemsSchema.safeParse(JSON.parse(check.items)).data ?? [];
  return {
    result: selfCheckSchema.shape.result.parse(check.result),
    since: check.endedAt,
    staffNo: check.staffNo,
    reason: check.reason,
    findings: items.filter(({ result }) => result !== 'pass'),
  };
}
