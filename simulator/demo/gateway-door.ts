/** The gateway's HTTP interface, as the business system uses it. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { PjqError } from '../../protocol/index.js';
import { call, jsonOf, NoAnswer, type LoopbackAnswer } from './loopback-call.js';

const windowsSchema = z.object({
  windows: z.array(z.object({ terminal: z.string(), connection: z.string(), duty: z.string() })),
});
export type WindowRow = z.infer<typeof windowsSchema>['windows'][number];

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
    request: { caseNo: string; terminal: string },
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
    try {
      const answer = await call({
        port: this.#port,
        method: 'GET',
        path: '/v1/windows',
        headers: this.#credentials(),
        timeoutMs: READ_TIMEOUT_MS,
      });
      return answer.status === 200 ? windowsSchema.safeParse(jsonOf(answer)).data?.windows : undefined;
    } catch (error) {
      if (error instanceof NoAnswer) return undefined;
      throw error;
    }
  }

  #credentials(): Record<string, string> {
    return { authorization: `Bearer ${readFileSync(this.#secretFile, 'utf8').trim()}` };
  }
}
