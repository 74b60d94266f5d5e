/** What a new row says before anything is known of it, beyond what every writer of one knows. */
import type { ForwardTable, RatingTable, ServiceTable } from './schema.js';

export const BLANK_SERVICE = {
  form: null,
  cases: null,
  assessNumber: null,
  followsUp: null,
  attributedTo: null,
  department: null,
  dutyStaffNo: null,
  coveredAt: null,
  daysFrom: null,
  expiredAt: null,
  defaultLevel: null,
  takenBackAt: null,
  lastPressId: null,
  reference: null,
} as const satisfies Partial<ServiceTable>;

export const BLANK_RATING = {
  latestMs: null,
  verified: null,
  reasons: null,
  text: null,
  marks: null,
  replaces: null,
  orderedAs: null,
} as const satisfies Partial<RatingTable>;

export const BLANK_FORWARD = {
  attempts: 0,
  claimedUntil: 0,
  lastCode: null,
  deliveredAt: null,
  corrects: null,
  supplied: null,
} as const satisfies Partial<ForwardTable>;
