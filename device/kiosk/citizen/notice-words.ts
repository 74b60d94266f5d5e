/** The kind sentence of each notice. */
import type { Notice } from './kiosk-view.js';
import type { Word } from './words.js';

export const NOTICE_WORDS: Readonly<Record<Notice, Word>> = {
  'nothing-open': 'nothingOpen',
  'session-over': 'sessionOver',
  'one-key-only': 'oneKeyOnly',
  paused: 'pausedNow',
  'off-duty': 'offDutyNow',
  'out-of-service': 'outOfServiceNow',
  'press-not-taken': 'notTaken',
  'rating-stands': 'ratingStands',
};
