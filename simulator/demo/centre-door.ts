/** The centre as the simulator sees it, beside every cable: what its ledger holds. */
import { z } from 'zod';
import { LEVELS, levelSchema } from '../../protocol/index.js';
import { call, jsonOf } from './loopback-call.js';

const ledgerSchema = z.array(
  z.object({
    serviceId: z.string(),
    caseNo: z.string(),
    window: z.string().optional(),
    terminal: z.string(),
    satisfaction: levelSchema,
    receivedAt: z.number(),
  }),
);
export type LedgerRow = z.infer<typeof ledgerSchema>[number];

/** What the box 模拟器的真相 shows, and nothing else may: ratings with their levels, newest first. */
export interface Truth {
  readonly total: number;
  /** How many of each level. */
  readonly byLevel: readonly { readonly level: (typeof LEVELS)[number]; readonly total: number }[];
  readonly ledger: readonly LedgerRow[];
}

const TIMEOUT_MS = 2_000;
const MOST_SHOWN = 50;

export class CentreDoor {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async answers(): Promise<boolean> {
    try {
      return (await call({ port: this.#port, method: 'GET', path: '/healthz', timeoutMs: TIMEOUT_MS })).status === 200;
    } catch {
      return false;
    }
  }

  /** In the order of acceptance; `undefined` while the centre's program does not answer. */
  async ledger(): Promise<LedgerRow[] | undefined> {
    try {
      const answer = await call({ port: this.#port, method: 'GET', path: '/ledger', timeoutMs: TIMEOUT_MS });
      return ledgerSchema.safeParse(jsonOf(answer)).data;
    } catch {
      return undefined;
    }
  }
}

export function truthOf(ledger: readonly LedgerRow[]): Truth {
  return {
    total: ledger.length,
    byLevel: LEVELS.map((level) => ({
      level,
      total: ledger.filter(({ satisfaction }) => satisfaction === level).length,
    })),
    ledger: ledger.slice(-MOST_SHOWN).reverse(),
  };
}
