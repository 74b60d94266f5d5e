/** Codes for a window's code, carried to the registered phone. Whoever asked is answered before, so that no time tells. */
import { randomBytes } from 'node:crypto';
import { isoDate, hallDayOf } from '../core/hall-calendar.js';
import type { Clock, Policy } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import type { SmsSender } from '../reminders/sms-port.js';
import type { WindowCodeParts } from './window-code-desk.js';

export interface CodeCarrierParts {
  readonly hall: string;
  readonly sender: SmsSender;
  /** The carrier's name of the text. */
  readonly template: string;
  readonly clock: Clock;
  readonly policy: Pick<Policy, 'timeZone'>;
  readonly logger: Logger;
}

/** A message that did not leave is told by its code; who it was for stands nowhere. */
export function codeCarrier(parts: CodeCarrierParts): NonNullable<WindowCodeParts['carryCode']> {
  const { hall, sender, template, clock, policy, logger } = parts;
  return ({ phone, window, code }) => {
    const date = isoDate(hallDayOf(clock.wallMs(), policy.timeZone));
    sender
      .send({
        messageId: randomBytes(16).toString('base64url'),
        purpose: 'code',
        phone,
        template,
        parameters: { hall, window, date, code },
      })
      .then((outcome) => {
        if (outcome.kind !== 'sent') logger.warn({ code: outcome.code, detail: outcome.detail }, 'code not sent');
      })
      .catch((error: unknown) => logger.error({ error }, 'code not sent'));
  };
}
