/** A hall whose windows have their fixed codes: its real edge, store and safe, the business system's own requests. */
import type { EvaluatorSafe } from '../../gateway/evaluator/evaluator-safe.js';
import { openPageKey, type KeyedDigest } from '../../gateway/rate/page-key.js';
import type { Caller } from '../../gateway/rate/rate-door.js';
import { WindowCodeDesk, type WindowCodeParts } from '../../gateway/rate/window-code-desk.js';
import type { Evaluator } from '../../gateway/core/evaluator.js';
import { isPjqError, type Policy } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { POLICY, type HallEdge } from '../api/hall-edge.js';
import { edgeWithSafe } from '../evaluator/hall-safe.js';

export const WINDOW = 'A12';
export const CASE_NO = '513300202611210001';
export const PHONE = '13987654321';
export const CALLER: Caller = { address: '203.0.113.7', device: 'd'.repeat(43) };
/** So short that tests need not wait; what it is for has a test of its own. */
const ANSWER_MS = 5;

export function policyWith(later: Partial<Policy['later']>): Policy {
  return { ...POLICY, later: { ...POLICY.later, ...later } };
}

export class WindowHall {
  readonly edge: HallEdge & { readonly evaluators: EvaluatorSafe };
  readonly digest: KeyedDigest;
  readonly refused: string[] = [];

  private constructor(edge: HallEdge & { readonly evaluators: EvaluatorSafe }) {
    this.edge = edge;
    this.digest = openPageKey(edge.folder);
  }

  static async open(): Promise<WindowHall> {
    const edge = await edgeWithSafe();
    return new WindowHall(edge);
  }

  /** A service that was asked for at window A12, with whom it was for. */
  async serve(
    about: { caseNo?: string; serviceId?: string; terminal?: string; evaluator?: Evaluator | null } = {},
  ): Promise<string> {
    const { caseNo = CASE_NO, serviceId = 's-1', terminal = 't1', evaluator = { phone: PHONE } } = about;
    const { status, text } = await this.edge.open({
      caseNo,
      serviceId,
      terminal,
      ...(evaluator === null ? {} : { evaluator }),
    });
    if (status !== 201) throw new Error(text);
    return serviceId;
  }

  desk(more: Partial<WindowCodeParts> = {}, answerMs = ANSWER_MS): WindowCodeDesk {
    const { edge, digest } = this;
    const clock = { wallMs: () => edge.nowMs, monoMs: () => edge.nowMs };
    return new WindowCodeDesk(
      {
        store: edge.store,
        suite: nodeSuite,
        clock,
        policy: POLICY,
        digest,
        evaluators: edge.evaluators,
        onRefused: (code) => this.refused.push(code),
        ...more,
      },
      { answerMs },
    );
  }
}

/** What somebody is told: the pass, or the code of the refusal. */
export async function told(
  desk: WindowCodeDesk,
  caseNo: string,
  factor: string,
  about: Partial<{ window: string; caller: Caller }> = {},
): Promise<string> {
  const { window = WINDOW, caller = CALLER } = about;
  try {
    return (await desk.enter(window, { caseNo, factor }, caller)).pass;
  } catch (error) {
    if (isPjqError(error)) return error.code;
    throw error;
  }
}
