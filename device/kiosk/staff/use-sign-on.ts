import { useDesk } from './desk-context.js';
import { rememberStaff } from './memory.js';
import { narrow } from './choices.js';

const STAFF_NO = /^[A-Za-z0-9-]{1,32}$/;

/** Signs on whoever has this staff number; says what is wrong with it otherwise. */
export function useSignOn(): (typed: string) => void {
  const { ask, say } = useDesk();
  return (typed) => {
    const staffNo = narrow(typed).trim();
    if (staffNo === '') say('slip', 'staffChoose');
    else if (!STAFF_NO.test(staffNo)) say('slip', 'staffBad');
    else
      void ask('POST', '/v1/duty', { staffNo }, 'signedOn').then((done) => {
        if (done) rememberStaff(staffNo);
      });
  };
}
