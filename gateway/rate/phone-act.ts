/** Whether an act that came by phone is of its form; what it means is looked at where the service is known. Pure. */
import {
  areMarksOf,
  levelSchema,
  marksSchema,
  PjqError,
  randomIdSchema,
  reasonCodesSchema,
  thingsOf,
  type Indicator,
} from '../../protocol/index.js';
import type { PhoneAct, RatedThing } from './rate-door.js';

/** @throws PjqError `request-malformed`; nothing of the act is in it. */
export function checkForm({ id, level, reasons, marks, replaces }: PhoneAct): void {
  const isOfForm =
    randomIdSchema.safeParse(id).success &&
    levelSchema.safeParse(level).success &&
    reasonCodesSchema.safeParse(reasons).success &&
    (marks === undefined || marks.length === 0 || marksSchema.safeParse(marks).success) &&
    (replaces === undefined || (randomIdSchema.safeParse(replaces).success && replaces !== id));
  if (!isOfForm) throw new PjqError('request-malformed', 'It is no act of rating.');
}

/**
 * Levels are given to what is asked at that stage only; where no log has told of the service, to nothing but the whole.
 * @throws PjqError `request-malformed`.
 */
export function checkMarks({ marks = [] }: PhoneAct, thing: RatedThing, indicators: readonly Indicator[]): void {
  const { stage, matters } = thing;
  const asked =
    stage === undefined
      ? []
      : thingsOf(
          indicators,
          'phone',
          stage,
          matters.map(({ code, name }) => ({ code, label: name })),
        );
  if (!areMarksOf(asked, marks)) throw new PjqError('request-malformed', 'A level is given to what is not asked.');
}
