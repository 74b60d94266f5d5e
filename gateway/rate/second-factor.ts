/**
 * What only the one who was served knows, beside the case number: the end of the phone number that is sealed with the
 * service, or a code that was sent to it. Read while it is compared, and kept nowhere.
 */
import { timingSafeEqual } from 'node:crypto';
import { isPjqError, type Clock } from '../../protocol/index.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import type { KeyedDigest } from './page-key.js';
import type { SecondFactor } from './window-door.js';

const LAST_FOUR = 4;
const CODE_DIGITS = 6;
/** A code is good in the stretch in which it was sent, and in the next one. */
const CODE_STRETCH_MS = 10 * 60_000;

/** @returns whether what was typed is the factor of this service; the same work whatever was typed. */
export type FactorCheck = (serviceId: string, typed: string) => Promise<boolean>;

export interface FactorParts {
  readonly evaluators: Pick<EvaluatorSafe, 'evaluatorFor'>;
  readonly digest: KeyedDigest;
  readonly clock: Clock;
}

export function factorCheck(kind: SecondFactor, { evaluators, digest, clock }: FactorParts): FactorCheck {
  if (kind === 'sms-code')
    return async (serviceId, typed) => {
      const nowMs = clock.wallMs();
      const [now, before] = [smsCode(digest, serviceId, nowMs), smsCode(digest, serviceId, nowMs - CODE_STRETCH_MS)];
      const [isNow, isBefore] = [equal(now, typed), equal(before, typed)];
      return isNow || isBefore;
    };
  return async (serviceId, typed) => {
    const phone = await phoneOf(evaluators, serviceId);
    const lastFour = phone?.slice(-LAST_FOUR) ?? '';
    return equal(lastFour, typed) && lastFour !== '';
  };
}

/**
 * The registered number; `null` where there is none, or none any more, and where it does not open: then the code of the
 * window serves nobody, and the slip does.
 */
export async function phoneOf(
  evaluators: Pick<EvaluatorSafe, 'evaluatorFor'>,
  serviceId: string,
): Promise<string | null> {
  try {
    return (await evaluators.evaluatorFor(serviceId))?.phone ?? null;
  } catch (error) {
    if (isPjqError(error, 'evaluator-damaged') || isPjqError(error, 'evaluator-key-missing')) return null;
    throw error;
  }
}

/** The code of a service in a stretch of ten minutes. It is reckoned, not kept: there is nothing to find. */
export function smsCode(digest: KeyedDigest, serviceId: string, nowMs: number): string {
  const stretch = Math.floor(nowMs / CODE_STRETCH_MS);
  const number = digest('sms-code', `${serviceId}\n${stretch}`).readUIntBE(0, 6) % 10 ** CODE_DIGITS;
  return String(number).padStart(CODE_DIGITS, '0');
}

function equal(a: string, b: string): boolean {
  const [left, right] = [padded(a), padded(b)];
  return timingSafeEqual(left, right);
}

/** Both of one length, with the length in it; what is typed is bounded. */
function padded(text: string): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt8(Math.min(255, text.length), 0);
  bytes.write(text.slice(0, 60), 1, 'latin1');
  return bytes;
}
