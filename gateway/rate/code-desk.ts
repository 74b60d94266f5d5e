/**
 * The door for whoever holds a slip's code, or the pass of a window's code. What no terminal of this hall has made is
 * refused without the database; a code is good before its terminal's log has told of the service, and after.
 */
import { isPjqError, PjqError, type Clock, type ErrorCode, type Policy } from '../../protocol/index.js';
import { changeableUntilMs } from '../core/rating/change.js';
import { RevokedKey, type ReceiptKeys } from '../registry/receipt-keys.js';
import type { RatingDesk, TakenAct } from '../services/rating-desk.js';
import type { Db } from '../store/store.js';
import { isOfItsDay, refuseService, refuseUnknown } from './code-refusal.js';
import {
  asideCode,
  claimOf,
  dayMsOf,
  nameOf,
  serviceOf,
  standingAct,
  windowOf,
  type KnownService,
  type Named,
  type StandingAct,
} from './named-service.js';
import { checkForm, checkMarks } from './phone-act.js';
import type { Caller, PhoneAct, ProgressPort, RateDoor, RatedThing, Standing } from './rate-door.js';
import { thingOf, unknownThing } from './rated-thing.js';
import type { RefusedCodes } from './refused-codes.js';
import { Turns } from './turns.js';

export interface CodeDeskParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly keys: Pick<ReceiptKeys, 'verify'>;
  readonly desk: Pick<RatingDesk, 'rate'>;
  readonly progress: ProgressPort;
  readonly refused: Pick<RefusedCodes, 'note'>;
  /**
   * What a window's code was exchanged for; where it is not said, nothing but receipts' codes are taken.
   * @returns the reference of the service, or null where it is no such pass.
   * @throws PjqError where it is one, and not good (any more).
   */
  readonly windowPass?: (pass: string) => string | null;
}

/** What is known of what a pass names. */
interface Found {
  readonly named: Named;
  readonly service: KnownService | null;
  /** Under which its acts stand. */
  readonly name: string;
  readonly thing: RatedThing;
  readonly standing: StandingAct | null;
}

const CHANNELS = { receipt: 'receipt-qr', window: 'window-qr' } as const;

/** Refusals of a true pass that the own log tells. What is wrong with an act is between the page and its caller. */
const COUNTED: readonly ErrorCode[] = [
  'token-forged',
  'rating-window-over',
  'service-taken-back',
  'service-ungranted',
  'service-already-rated',
];

export class CodeDesk implements RateDoor {
  readonly #parts: CodeDeskParts;
  /** Of all who use one code at a time, each sees what the one before has done. */
  readonly #turns = new Turns();

  constructor(parts: CodeDeskParts) {
    this.#parts = parts;
  }

  async look(pass: string, { actId }: Caller): Promise<Standing> {
    const named = this.#named(pass);
    return this.#counted(named, async () => this.#standing(await this.#find(named), actId));
  }

  async rate(pass: string, act: PhoneAct, _caller: Caller): Promise<Standing> {
    const named = this.#named(pass);
    checkForm(act);
    return this.#counted(named, () => this.#turns.take(named.reference, () => this.#rate(named, act)));
  }

  async #rate(named: Named, act: PhoneAct): Promise<Standing> {
    const found = await this.#find(named);
    const { standing, thing } = found;
    // Sent again it has no effect; and it may have been changed since.
    if (standing?.ratingId === act.id) return this.#standing(found, act.id);
    const aside = await asideCode(this.#parts.db, found.name, act.id);
    if (aside === 'rating-replaced') return this.#standing(found, undefined);
    if (aside !== null) throw new PjqError(refusalOf(aside));
    if (standing?.isVerified === true && act.replaces !== standing.ratingId)
      throw new PjqError('service-already-rated');
    this.#refuse(found);
    checkMarks(act, thing, this.#parts.policy.indicators);
    const taken = await this.#take(found, act);
    if (!taken.counts) throw new PjqError(refusalOf(taken.code));
    const { changeableUntilMs: untilMs } = taken;
    if (untilMs !== null && this.#parts.clock.wallMs() <= untilMs)
      return { state: 'changeable', thing, actId: act.id, untilMs };
    return this.#standing(await this.#find(named), act.id);
  }

  #take({ named, name }: Found, act: PhoneAct): Promise<TakenAct> {
    const { text, marks = [], replaces } = act;
    // By the code and not by what was found of it: a log may tell of the service in this very moment.
    const of = named.by === 'receipt' ? { provisional: claimOf(named.claim) } : { serviceId: name };
    return this.#parts.desk.rate({
      ...of,
      id: act.id,
      level: act.level,
      reasons: act.reasons,
      channel: CHANNELS[named.by],
      verified: true,
      ...(text === undefined || text === '' ? {} : { text }),
      ...(marks.length === 0 ? {} : { marks }),
      ...(replaces === undefined ? {} : { replaces }),
    });
  }

  /** @throws PjqError `service-unknown`; `token-forged` of a retired key's code for a service of a later day. */
  async #find(named: Named): Promise<Found> {
    const { db, clock, policy } = this.#parts;
    const service = await serviceOf(db, named);
    if (named.by === 'window') {
      if (service === null) throw new PjqError('service-unknown');
    } else if (named.claim.isRetired && service !== null && !isOfItsDay(service, named.claim.dayMs))
      throw new PjqError('token-forged', `The key of terminal ${named.claim.terminal} is retired.`);
    const name = service?.serviceId ?? nameOf(named);
    const thing =
      service !== null
        ? thingOf(service, policy.timeZone)
        : unknownThing(await windowOf(db, named), dayMsOf(named), clock.wallMs(), policy.timeZone);
    return { named, service, name, thing, standing: await standingAct(db, name) };
  }

  /** How it stands, for whoever made an act. @throws PjqError as `#refuse`. */
  async #standing(found: Found, actId: string | undefined): Promise<Standing> {
    const { clock, policy, progress } = this.#parts;
    const { standing, thing } = found;
    if (standing?.isVerified !== true) {
      this.#refuse(found);
      return { state: 'open', thing };
    }
    if (standing.ratingId !== actId || standing.channel === 'window') return { state: 'rated', thing, progress: null };
    const untilMs = changeableUntilMs(standing.at, policy.later.changeSeconds);
    return untilMs !== null && clock.wallMs() <= untilMs
      ? { state: 'changeable', thing, actId, untilMs }
      : { state: 'rated', thing, progress: await progress.progressOf(actId) };
  }

  /** Of what nobody has rated yet. @throws PjqError `rating-window-over`, `service-taken-back`, `service-ungranted`. */
  #refuse({ named, service, standing }: Found): void {
    const { clock, policy } = this.#parts;
    if (standing?.isVerified === true) return;
    if (service !== null) refuseService(service, policy, clock.wallMs());
    else refuseUnknown(dayMsOf(named), policy, clock.wallMs());
  }

  /** Without the database. @throws PjqError as `ReceiptKeys.verify` and `windowPass`. */
  #named(pass: string): Named {
    const { windowPass, keys, refused } = this.#parts;
    let by: Named['by'] = 'window';
    try {
      const reference = windowPass?.(pass) ?? null;
      if (reference !== null) return { by, reference };
      by = 'receipt';
      const claim = keys.verify(pass);
      return { by, reference: claim.serviceReference, claim };
    } catch (error) {
      // Of a forgery the terminal is whose number the forger wrote.
      const terminal = error instanceof RevokedKey ? { terminal: error.terminal } : {};
      if (isPjqError(error)) refused.note({ code: error.code, by, ...terminal });
      throw error;
    }
  }

  async #counted<T>(named: Named, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const terminal = named.by === 'receipt' ? { terminal: named.claim.terminal } : {};
      if (isPjqError(error) && COUNTED.includes(error.code))
        this.#parts.refused.note({ code: error.code, by: named.by, ...terminal });
      throw error;
    }
  }
}

/** What the caller is told of an act that does not count. */
function refusalOf(code: string): ErrorCode {
  return code === 'rating-window-over' || code === 'service-ungranted' ? code : 'service-already-rated';
}
