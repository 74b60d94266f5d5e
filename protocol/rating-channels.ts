/** By which way a rating came (R12). A centre's own codes for it belong to its profile. */
import { z } from 'zod';

/**
 * `window`: keys or touch of the terminal; `receipt-qr`: the slip's or the screen's code; `window-qr`: the fixed code of
 * a window; `self-service`: a self-service terminal; `web`: portal or app; `phone`: the 12345 line; `sms`; `paper`: the
 * form box.
 */
export const RATING_CHANNELS = [
  'window',
  'receipt-qr',
  'window-qr',
  'self-service',
  'web',
  'phone',
  'sms',
  'paper',
] as const;
export const ratingChannelSchema = z.enum(RATING_CHANNELS);
export type RatingChannel = z.infer<typeof ratingChannelSchema>;
