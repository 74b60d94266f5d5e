/** The control port of a virtual device: one question, and its answer or a coded refusal. */
import { isErrorCode, PjqError, type ErrorCode } from '../../protocol/index.js';
import { call, jsonOf, NoAnswer, type LoopbackAnswer } from './loopback-call.js';

export interface ControlQuestion {
  /** `undefined` while the device's program has not told its port. */
  readonly port: number | undefined;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

/**
 * @param lost what it means when nobody answers.
 * @returns the answer's JSON.
 * @throws PjqError `lost`, or the control's own code; `route-unknown` where this device cannot do such a thing.
 */
export async function askControl({ port, ...question }: ControlQuestion, lost: ErrorCode): Promise<unknown> {
  if (port === undefined) throw new PjqError(lost, "the virtual device's program is not running");
  let answer: LoopbackAnswer;
  try {
    answer = await call({ port, ...question });
  } catch (cause) {
    if (!(cause instanceof NoAnswer)) throw cause;
    throw new PjqError(lost, "the virtual device's program", { cause });
  }
  if (answer.status < 400) return jsonOf(answer);
  throw refusal(answer);
}

function refusal(answer: LoopbackAnswer): PjqError {
  const { code, detail } = (jsonOf(answer) ?? {}) as { code?: unknown; detail?: unknown };
  if (typeof code !== 'string' || !isErrorCode(code))
    return new PjqError('internal', `the virtual device answered ${answer.status}`);
  return new PjqError(code, code === 'route-unknown' ? 'This virtual device cannot do that.' : textOf(detail));
}

const textOf = (detail: unknown) => (typeof detail === 'string' ? detail : undefined);
