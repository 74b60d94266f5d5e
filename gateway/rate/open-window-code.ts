/** The codes on the windows' walls, as the configuration has them. */
import type { Clock, Policy, Suite } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import type { GatewayConfiguration } from '../configuration.js';
import type { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import { openSender } from '../reminders/open-reminders.js';
import type { Store } from '../store/store.js';
import type { KeyedDigest } from './page-key.js';
import type { RefusedCodes } from './refused-codes.js';
import { WindowCodeDesk } from './window-code-desk.js';
import { isWindowPass, readWindowPass } from './window-code-pass.js';
import { codeCarrier } from './window-code-sms.js';

export interface WindowCodeOpenParts {
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly digest: KeyedDigest;
  readonly evaluators: EvaluatorSafe | undefined;
  readonly refused: Pick<RefusedCodes, 'note'>;
  readonly logger: Logger;
}

export interface WindowCode {
  readonly door: WindowCodeDesk;
  /** What a pass names; null where it is none of a window's code. @throws PjqError where it is a bad one. */
  readonly windowPass: (pass: string) => string | null;
  stop(): Promise<void>;
}

/** @returns `null` where no phone number is taken, so that nothing can be asked beside the case number. */
export function openWindowCode(config: GatewayConfiguration, parts: WindowCodeOpenParts): WindowCode | null {
  const { hall, sms, dataDir } = config;
  const { store, suite, clock, policy, digest, evaluators, refused, logger } = parts;
  if (evaluators === undefined) return null;
  const wantsSms = policy.later.secondFactor === 'sms-code';
  if (wantsSms && sms === undefined) {
    logger.warn({}, "the policy has codes by SMS at the windows' codes; without sms there are none");
    return null;
  }
  const sender = wantsSms && sms !== undefined ? openSender(sms, dataDir, clock) : undefined;
  const carryCode =
    sender === undefined || sms === undefined
      ? undefined
      : codeCarrier({ hall, sender, template: sms.templates.code, clock, policy, logger });
  return {
    door: new WindowCodeDesk({
      store,
      suite,
      clock,
      policy,
      digest,
      evaluators,
      onRefused: (code) => refused.note({ code, by: 'window' }),
      ...(carryCode === undefined ? {} : { carryCode }),
    }),
    windowPass: (pass) => (isWindowPass(pass) ? readWindowPass(digest, pass, clock.wallMs()) : null),
    stop: async () => {
      await sender?.close();
    },
  };
}
