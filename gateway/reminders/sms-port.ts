/** The gateway's port to whoever carries short messages. */
import type { ErrorCode } from '../../protocol/index.js';
import type { ReminderPurpose } from '../core/reminder-plan.js';

/** What a template may say. Never the matter, never a name. */
export interface SmsParameters {
  readonly hall: string;
  readonly window: string;
  /** Day of the service in the hall, ISO 8601. */
  readonly date: string;
  /** Where it can be rated by phone. */
  readonly url?: string;
  /** Of the purpose `code`: what is to be typed at the window's code. */
  readonly code?: string;
}

/** `code`: asked for by whoever rates with the code of a window (D §13). */
export type SmsPurpose = ReminderPurpose | 'code';

export interface SmsMessage {
  /** The same for every try of one message, and telling nothing of the service: by it the carrier knows it again. */
  readonly messageId: string;
  readonly purpose: SmsPurpose;
  readonly phone: string;
  /** The text as the carrier knows it. */
  readonly template: string;
  readonly parameters: SmsParameters;
}

/** What a try came to. `detail` is for the log: never a number, never the carrier's own text. */
export type SmsOutcome =
  | { readonly kind: 'sent' }
  /** The carrier will not have this message, and would not tomorrow. */
  | { readonly kind: 'failed'; readonly code: Extract<ErrorCode, 'sms-refused'>; readonly detail: string }
  /** It certainly did not leave; it may be tried later. */
  | {
      readonly kind: 'retry';
      readonly code: Extract<ErrorCode, 'sms-unreachable'>;
      readonly retryAfterMs?: number;
      readonly detail: string;
    }
  /** Nobody knows whether it left: it counts as sent. */
  | { readonly kind: 'unsure'; readonly code: Extract<ErrorCode, 'sms-unsure'>; readonly detail: string };

/**
 * Carries messages.
 *
 * - `send` resolves for whatever the far side does or leaves undone, within the implementation's time-out; it rejects
 *   only for a fault of its caller.
 * - One call is at most one request; waiting and trying again is the caller's.
 * - `retry` is said only where it is certain that nothing was taken.
 */
export interface SmsSender {
  send(message: SmsMessage): Promise<SmsOutcome>;
  /** Lets go of what is held open. */
  close(): Promise<void>;
}
