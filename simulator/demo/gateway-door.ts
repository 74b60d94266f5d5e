/** The gateway's HTTP interface, as the business system uses it. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { PjqError, type Matter } from '../../protocol/index.js';
import { call, jsonOf, NoAnswer, type LoopbackAnswer } from './loopback-call.js';

const windowsSchema = z.object({
  windows: z.array(z.object({ terminal: z.string(), connection: z.string(), duty: z.string() })),
});
export type WindowRow = z.infer<typeof windowsSchema>['windows'][number];

const serviceSchema = z.object({ state: z.enum(['requested', 'open', 'closed']), rated: z.boolean() });
export type ServiceRow = z.infer<typeof serviceSchema>;

/** Longer than the gateway waits for a terminal by any usual policy. */
const OPEN_TIMEOUT_MS = 30_000;
const READ_TIMEOUT_MS = 2_000;

export class GatewayDoor {
  readonly #port: number;
  readonly #secretFile: string;

  constructor(options: { port: number; secretFile: string }) {
    this.#port = options.port;
    this.#secretFile = options.secretFile;
  }

  /**
   * Opens a completion-stage service; a new intention each time, unless the caller brings the key of an earlier one.
   * @returns the gateway's own answer, whatever it is.
   * @throws PjqError `gateway-unreachable`, `unreachable`.
   */
  async open(
    request: { caseNo: string; terminal: string; matter?: Matter },
    idempotencyKey: string = randomUUID(),
  ): Promise<LoopbackAnswer> {
    try {
      return await call({
        port: this.#port,
        method: 'POST',
        path: '/v1/services',
        timeoutMs: OPEN_TIMEOUT_MS,
        headers: { ...this.#credentials(), 'idempotency-key': idempotencyKey },
        body: { ...request, stage: 'completion' },
      });
    } catch (cause) {
      if (!(cause instanceof NoAnswer)) throw cause;
      throw new PjqError(cause.kind === 'timeout' ? 'unreachable' : 'gateway-unreachable', undefined, { cause });
    }
  }

  /** `undefined` while the gateway does not answer. */
  async windows(): Promise<WindowRow[] | undefined> {
    const answer = await this.#get('/v1/windows');
    return answer?.status === 200 ? windowsSchema.safeParse(jsonOf(answer)).data?.windows : undefined;
  }

  /** What it says of a service: never a level. `undefined` while it does not answer, or does not know it. */
  async service(serviceId: string): Promise<ServiceRow | undefined> {
    const answer = await this.#get(`/v1/services/${encodeURIComponent(serviceId)}`);
    return answer?.status === 200 ? serviceSchema.safeParse(jsonOf(answer)).data : undefined;
  }

  /** How many ratings the centre does not have yet; `undefined` while the gateway does not answer. */
  async waiting(): Promise<number | undefined> {
    const text = (await this.#get('/metrics'))?.text;
    const value = /^pjq_forward_waiting (\d+)/m.exec(text ?? '')?.[1];
    return value === undefined ? undefined : Number(value);
  }

  async #get(path: string): Promise<LoopbackAnswer | undefined> {
    try {
      return await call({
        port: this.#port,
        method: 'GET',
        path,
        headers: this.#credentials(),
        timeoutMs: READ_TIMEOUT_MS,
      });
    } catch (error) {
      if (error instanceof NoAnswer) return undefined;
      throw error;
    }
  }

  #credentials(): Record<string, string> {
    return { authorization: `Bearer ${readFileSync(this.#secretFile, 'utf8').trim()}` };
  }
}
