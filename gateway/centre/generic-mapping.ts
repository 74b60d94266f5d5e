/**
 * Codes of the generic centre. Its levels are ours (5 is 非常满意), so only the channel needs a word, and what stands
 * where an evaluator said nothing of why.
 */
import type { RatingChannel } from '../../protocol/index.js';

/**
 * `pf` of the national list: 1 PC, 2 mobile, 3 QR code, 4 hall tablet or window terminal, 5 other terminal of a hall.
 * 6 and 7 mean different things in different provinces: here phone and SMS, as in GB/T 39046, Fujian and Shandong
 * (Zhejiang has SMS and the system's default there). The national list has no code for paper: what the form box held
 * is typed in at a PC, so 1, as Shandong's back office does. `web` is the portal, 1; an app of its own would be 2.
 */
const CHANNELS = {
  window: 4,
  'receipt-qr': 3,
  'window-qr': 3,
  'self-service': 5,
  web: 1,
  phone: 6,
  sms: 7,
  paper: 1,
} as const satisfies Record<RatingChannel, number>;

export const GENERIC_WINDOW_CHANNEL = CHANNELS.window;

/**
 * What goes in the place of a reason that nobody gave, at the end of the policy's wait and where it says so. It says
 * just that, and goes as the system's words (`writtenBy`), never as the evaluator's.
 */
export const GENERIC_NEUTRAL_TEXT = '系统注明:评价人未说明原因。';

/** @returns `undefined` for a channel that this version does not know. */
export function genericChannel(channel: string): number | undefined {
  return (CHANNELS as Readonly<Record<string, number>>)[channel];
}
