/** The demo's HTTP interface, as any script uses it. */
import { z } from 'zod';
import { levelSchema } from '../../protocol/index.js';
import { call, jsonOf, NoAnswer, type LoopbackAnswer } from '../demo/loopback-call.js';

/** Longer than the demo itself waits for the gateway to open a service. */
const TIMEOUT_MS = 40_000;

export interface DemoAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The code of a refusal. */
  readonly code: string | undefined;
}

const truthSchema = z.object({
  total: z.number(),
  ledger: z.array(z.object({ caseNo: z.string(), terminal: z.string(), satisfaction: levelSchema })),
});
export type CentreTruth = z.infer<typeof truthSchema>;

const slipsSchema = z.array(z.object({ n: z.number(), complete: z.boolean(), text: z.string(), again: z.boolean() }));
export type RolledSlip = z.infer<typeof slipsSchema>[number];

const onDutySchema = z.object({ session: z.object({ staffNo: z.string() }) });
const pagesSchema = z.object({ kiosk: z.string() });
const codeSchema = z.object({ code: z.string() });

/** The demo did not answer, or not with what it promises. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
}

export class DemoClient {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** @throws DemoFailed when nobody answers. */
  get(path: string): Promise<DemoAnswer> {
    return this.#ask('GET', path);
  }

  /** @throws DemoFailed when nobody answers. */
  post(path: string, body: unknown): Promise<DemoAnswer> {
    return this.#ask('POST', path, body);
  }

  /** The newest fifty ratings; `undefined` while the centre does not answer. @throws DemoFailed. */
  async truth(): Promise<CentreTruth | undefined> {
    const answer = await this.get('/api/truth');
    return answer.status === 200 ? read(truthSchema, answer, '/api/truth') : undefined;
  }

  /** Oldest first; `undefined` while the printer does not answer. @throws DemoFailed. */
  async slips(terminal: number): Promise<RolledSlip[] | undefined> {
    const path = `/api/terminals/${terminal}/slips`;
    const answer = await this.get(path);
    return answer.status === 200 ? read(slipsSchema, answer, path) : undefined;
  }

  /** Who is on duty there. @throws DemoFailed when nobody is. */
  async staffNo(terminal: number): Promise<string> {
    const path = `/api/terminals/${terminal}`;
    return read(onDutySchema, await this.get(path), path).session.staffNo;
  }

  /** What the citizen's page shows, asked for as that page does; `undefined` while the terminal does not answer. @throws DemoFailed. */
  async screen(terminal: number): Promise<unknown> {
    const path = `/api/terminals/${terminal}/pages`;
    const answer = await this.get(path);
    if (answer.status !== 200) return undefined;
    const { hash, port } = new URL(read(pagesSchema, answer, path).kiosk);
    try {
      const headers = { authorization: `Bearer ${hash.slice(1)}` };
      const shown = await call({ port: Number(port), method: 'GET', path: '/v1/screen', headers, timeoutMs: 2_000 });
      return shown.status === 200 ? jsonOf(shown) : undefined;
    } catch (error) {
      if (error instanceof NoAnswer) return undefined;
      throw error;
    }
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<DemoAnswer> {
    let answer: LoopbackAnswer;
    try {
      answer = await call({ port: this.#port, method, path, timeoutMs: TIMEOUT_MS, body });
    } catch (cause) {
      throw new DemoFailed(`the demo does not answer ${method} ${path}`, { cause });
    }
    const parsed = jsonOf(answer);
    return { status: answer.status, body: parsed, code: codeSchema.safeParse(parsed).data?.code };
  }
}

function read<S extends z.ZodType>(schema: S, { body }: DemoAnswer, path: string): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new DemoFailed(`the demo answers ${path} with something else: ${JSON.stringify(body)?.slice(0, 200)}`);
}
