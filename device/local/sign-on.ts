/** Who may sign on: a member of the hall file, with their PIN where they have one, or by their badge. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { PjqError } from '../../protocol/index.js';
import type { HallFacts } from '../hall-file.js';
import { pinMatches } from './pin.js';

const WRONG_IN_A_ROW = 5;
const LOCKED_MS = 60_000;
/** Badges are counted together: one that is not known has no number to lock. */
const ANY_BADGE = '(badge)';

export type Credentials = { readonly staffNo: string; readonly pin?: string | undefined } | { readonly badge: string };

export interface SignOnParts {
  readonly facts: HallFacts;
  readonly monoMs: () => number;
}

interface Tries {
  wrong: number;
  lockedUntilMonoMs: number;
}

export class SignOn {
  readonly #parts: SignOnParts;
  /** By staff numbers of the hall file, so it does not grow by what is sent. */
  readonly #tries = new Map<string, Tries>();

  constructor(parts: SignOnParts) {
    this.#parts = parts;
  }

  /**
   * The staff number that the credentials prove. Neither PIN nor badge is in any error.
   * @throws PjqError `staff-unknown`, `pin-wrong`, `pin-locked`.
   */
  async check(credentials: Credentials): Promise<string> {
    return 'badge' in credentials ? this.#byBadge(credentials.badge) : this.#byNumber(credentials);
  }

  async #byNumber({ staffNo, pin }: { staffNo: string; pin?: string | undefined }): Promise<string> {
    const { staff } = this.#parts.facts;
    // Without a roster there is nobody to compare with.
    if (staff.size === 0) return staffNo;
    const member = staff.get(staffNo);
    if (member === undefined) throw new PjqError('staff-unknown');
    if (member.pin === null) return staffNo;
    // None at all is no guess.
    if (pin === undefined) throw new PjqError('pin-wrong');
    this.#count(staffNo);
    if (!(await pinMatches(pin, member.pin))) throw new PjqError('pin-wrong');
    this.#tries.delete(staffNo);
    return staffNo;
  }

  #byBadge(badge: string): string {
    this.#count(ANY_BADGE);
    const given = digest(badge);
    // All are compared, so that the time tells nothing of where one stands.
    const found = [...this.#parts.facts.staff.values()].filter(
      (member) => member.badge !== null && timingSafeEqual(digest(member.badge), given),
    );
    const [member] = found;
    if (member === undefined) throw new PjqError('staff-unknown');
    this.#tries.delete(ANY_BADGE);
    return member.staffNo;
  }

  /** Before it is known whether it is right: many at once are not more than many one after another. */
  #count(key: string): void {
    const monoMs = this.#parts.monoMs();
    const known = this.#tries.get(key) ?? { wrong: 0, lockedUntilMonoMs: 0 };
    if (monoMs < known.lockedUntilMonoMs) throw new PjqError('pin-locked');
    const wrong = known.wrong + 1;
    this.#tries.set(
      key,
      wrong < WRONG_IN_A_ROW ? { wrong, lockedUntilMonoMs: 0 } : { wrong: 0, lockedUntilMonoMs: monoMs + LOCKED_MS },
    );
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
