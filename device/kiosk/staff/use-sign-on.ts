/** Signing on, also over whoever is on duty: by number, by number and PIN, or by badge. */
import { useState } from 'preact/hooks';
import { narrow } from './choices.js';
import type { RosterMember } from './desk.js';
import { useDesk } from './desk-context.js';
import { rememberStaff } from './memory.js';

const STAFF_NO = /^[A-Za-z0-9-]{1,32}$/;

export interface SigningOn {
  /** Whose PIN is asked for now. */
  readonly asked: RosterMember | null;
  /** A number that was typed or chosen. */
  readonly number: (typed: string) => void;
  readonly pin: (digits: string) => void;
  readonly badge: (scanned: string) => void;
  /** Not this one after all. */
  readonly back: () => void;
}

/** @param done somebody has signed on. */
export function useSignOn(roster: readonly RosterMember[], done: () => void): SigningOn {
  const { ask, say, hush } = useDesk();
  const [asked, setAsked] = useState<RosterMember | null>(null);
  const memberOf = (staffNo: string) => roster.find((member) => member.staffNo === staffNo);

  const signOn = async (staffNo: string, pin?: string) => {
    const body = pin === undefined ? { staffNo } : { staffNo, pin };
    if (!(await ask('POST', '/v1/duty', body, 'signedOn'))) return;
    rememberStaff(staffNo);
    setAsked(null);
    done();
  };
  const number = (typed: string) => {
    const staffNo = narrow(typed).trim();
    const member = memberOf(staffNo);
    if (staffNo === '') say('slip', 'staffChoose');
    else if (!STAFF_NO.test(staffNo)) say('slip', 'staffBad');
    else if (member?.pin === true) {
      hush();
      setAsked(member);
    } else void signOn(staffNo);
  };

  return {
    asked,
    number,
    pin: (digits) => {
      if (digits === '') say('slip', 'pinMissing');
      else if (asked !== null) void signOn(asked.staffNo, digits);
    },
    badge: (scanned) => {
      const badge = narrow(scanned).trim();
      const member = memberOf(badge);
      // A badge may say just the number, and without a roster nobody has a badge.
      if (roster.length === 0 || member?.pin === false) return number(badge);
      void ask('POST', '/v1/duty', { badge }, 'signedOn', ({ code }) => {
        if (code !== 'staff-unknown' || member === undefined) return false;
        number(badge);
        return true;
      }).then((signed) => {
        if (!signed) return;
        setAsked(null);
        done();
      });
    },
    back: () => setAsked(null),
  };
}
