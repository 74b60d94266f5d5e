/** A terminal's local interface, as its own screen and its staff page use it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { healthMessageSchema } from '../../protocol/index.js';
import type { CounterPlace } from './hall-files.js';
import { call, jsonOf } from './loopback-call.js';

/** What the citizen's screen knows; it never holds a level. */
const sessionSchema = z.object({
  state: z.enum(['offDuty', 'idle', 'paused', 'outOfService', 'invited', 'pressed']),
  staffNo: z.string().optional(),
  pausedFor: z.string().optional(),
  serviceId: z.string().optional(),
  caseNo: z.string().optional(),
  matter: z.string().optional(),
  remainingMs: z.number().optional(),
});
export type TerminalSession = z.infer<typeof sessionSchema>;

const partsSchema = healthMessageSchema.pick({ parts: true });
export type TerminalParts = z.infer<typeof partsSchema>['parts'];

const TIMEOUT_MS = 2_000;

export class TerminalDoor {
  readonly #place: CounterPlace;

  constructor(place: CounterPlace) {
    this.#place = place;
  }

  /** `undefined` while the terminal does not answer. */
  async session(): Promise<TerminalSession | undefined> {
    return this.#read('kiosk', '/v1/session', sessionSchema);
  }

  /** How board, network and the like are; `undefined` while the terminal does not answer. */
  async parts(): Promise<TerminalParts | undefined> {
    return (await this.#read('staff', '/v1/health', partsSchema))?.parts;
  }

  /** @returns whether the terminal said yes. */
  async signOn(): Promise<boolean> {
    const { staffNo } = this.#place;
    const answer = await this.#call('staff', { method: 'POST', path: '/v1/duty', body: { staffNo } });
    return answer?.status === 200;
  }

  async #read<S extends z.ZodType>(role: 'kiosk' | 'staff', path: string, schema: S): Promise<z.infer<S> | undefined> {
    const answer = await this.#call(role, { method: 'GET', path });
    return answer?.status === 200 ? schema.safeParse(jsonOf(answer)).data : undefined;
  }

  async #call(role: 'kiosk' | 'staff', what: { method: 'GET' | 'POST'; path: string; body?: unknown }) {
    const { httpPort, dataDir } = this.#place;
    try {
      // Read each time: the secrets are made anew whenever the terminal starts.
      const secret = readFileSync(join(dataDir, `${role}-secret`), 'utf8').trim();
      return await call({
        ...what,
        port: httpPort,
        headers: { authorization: `Bearer ${secret}` },
        timeoutMs: TIMEOUT_MS,
      });
    } catch {
      // A terminal that is down, or has not written its secrets yet, is a state here.
      return undefined;
    }
  }
}
