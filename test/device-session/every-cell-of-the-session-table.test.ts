import { describe, expect, it } from 'vitest';
import type { InputType, SessionInput } from '../../device/core/session-input.js';
import type { SessionState, StateName } from '../../device/core/session-state.js';
import { transition } from '../../device/core/session.js';
import { at, INPUTS, line, POLICY, service, STATES } from './table-fixtures.js';

const OPENED = 'opened(S2 command 12 A1 p@1)';
const INVITED = 'lamps invited | deadline 160000 | ok';

const CELLS: Readonly<Record<StateName, Readonly<Record<InputType, string>>>> = {
  offDuty: {
    later: 'offDuty | says off-duty | terminal-off-duty',
    reasonsOpen: 'offDuty | session-absent',
    reasons: 'offDuty | session-absent',
    thing: 'offDuty | session-absent',
    done: 'offDuty | session-absent',
    invite: 'offDuty | session-absent',
    open: 'offDuty | terminal-off-duty',
    press: 'offDuty | says off-duty | terminal-off-duty',
    chord: 'offDuty | says off-duty',
    touch: 'offDuty',
    time: 'offDuty',
    cancel: 'offDuty | session-absent',
    dutyOn: 'idle | +duty.on(B2) | lamps idle | deadline none | ok',
    dutyOff: 'offDuty | ok',
    pause: 'offDuty | terminal-off-duty',
    resume: 'offDuty | terminal-off-duty',
    fault: 'outOfService | lamps fault | deadline none',
    recover: 'offDuty',
  },
  idle: {
    later: 'idle | says nothing-open | session-absent',
    reasonsOpen: 'idle | session-absent',
    reasons: 'idle | session-absent',
    thing: 'idle | session-absent',
    done: 'idle | session-absent',
    invite: 'idle | session-absent',
    open: `invited | +${OPENED} | ${INVITED}`,
    press: 'idle | says nothing-open | session-absent',
    chord: 'idle | says nothing-open',
    touch: 'idle',
    time: 'idle',
    cancel: 'idle | session-absent',
    dutyOn: 'idle | +duty.off(A1) +duty.on(B2) | lamps idle | deadline none | ok',
    dutyOff: 'offDuty | +duty.off(A1) | lamps off | deadline none | ok',
    pause: 'paused | +pause(tea) | lamps off | deadline none | ok',
    resume: 'idle | ok',
    fault: 'outOfService | lamps fault | deadline none',
    recover: 'idle',
  },
  paused: {
    later: 'paused | says paused | terminal-paused',
    reasonsOpen: 'paused | session-absent',
    reasons: 'paused | session-absent',
    thing: 'paused | session-absent',
    done: 'paused | session-absent',
    invite: 'paused | session-absent',
    open: 'paused | terminal-paused',
    press: 'paused | says paused | terminal-paused',
    chord: 'paused | says paused',
    touch: 'paused',
    time: 'paused',
    cancel: 'paused | session-absent',
    dutyOn: 'idle | +resume +duty.off(A1) +duty.on(B2) | lamps idle | deadline none | ok',
    dutyOff: 'offDuty | +resume +duty.off(A1) | lamps off | deadline none | ok',
    pause: 'paused | +pause(tea) | lamps off | deadline none | ok',
    resume: 'idle | +resume | lamps idle | deadline none | ok',
    fault: 'outOfService | lamps fault | deadline none',
    recover: 'paused',
  },
  outOfService: {
    later: 'outOfService | says out-of-service | terminal-out-of-service',
    reasonsOpen: 'outOfService | session-absent',
    reasons: 'outOfService | session-absent',
    thing: 'outOfService | session-absent',
    done: 'outOfService | session-absent',
    invite: 'outOfService | terminal-out-of-service',
    open: 'outOfService | terminal-out-of-service',
    press: 'outOfService | says out-of-service | terminal-out-of-service',
    chord: 'outOfService | says out-of-service',
    touch: 'outOfService',
    time: 'outOfService',
    cancel: 'outOfService | terminal-out-of-service',
    dutyOn: 'outOfService | terminal-out-of-service',
    dutyOff: 'outOfService | terminal-out-of-service',
    pause: 'outOfService | terminal-out-of-service',
    resume: 'outOfService | terminal-out-of-service',
    fault: 'outOfService',
    recover: 'idle | lamps idle | deadline none',
  },
  invited: {
    later: 'idle | +unrated(S1 later) +receipt(S1 1 later queued) | lamps idle | deadline none | ok',
    reasonsOpen: 'invited | session-absent',
    reasons: 'invited | session-absent',
    thing: 'invited | session-absent',
    done: 'invited | session-absent',
    invite: 'invited | deadline 160000 | ok',
    open: `invited | +unrated(S1 next-service) +${OPENED} | ${INVITED}`,
    press: 'pressed | +press(S1 press000002 4 key) | accepted | deadline 105000 | ok',
    chord: 'invited | deadline 160000 | says one-key-only',
    touch: 'invited | deadline 160000',
    time: 'invited | deadline 150000',
    cancel: 'idle | +unrated(S1 cancelled) | lamps idle | deadline none | ok',
    dutyOn: 'invited | +duty.off(A1) +duty.on(B2) | ok',
    dutyOff: 'offDuty | +unrated(S1 off-duty) +duty.off(A1) | lamps off | deadline none | ok',
    pause: 'invited | +pause(tea) | ok',
    resume: 'invited | ok',
    fault: 'outOfService | lamps fault | deadline none',
    recover: 'invited',
  },
  pressed: {
    later: 'pressed | says rating-stands | rating-stands',
    reasonsOpen: 'pressed | deadline 120000 | ok',
    reasons: 'pressed | +reasons(press000001 207 214) | deadline 120000 | ok',
    thing: 'pressed | deadline 120000 | ok',
    done: 'pressed | deadline 104000 | ok',
    invite: 'pressed | ok',
    open: `invited | +rating(S1 press000001 2 next-service) +${OPENED} | ${INVITED}`,
    press: 'pressed | +press(S1 press000002 4 key) | accepted | deadline 104000 | ok',
    chord: 'pressed | says one-key-only',
    touch: 'pressed',
    time: 'pressed | deadline 104000',
    cancel: 'idle | +rating(S1 press000001 2 cancelled) | lamps idle | deadline none | ok',
    dutyOn: 'pressed | +duty.off(A1) +duty.on(B2) | ok',
    dutyOff: 'offDuty | +rating(S1 press000001 2 off-duty) +duty.off(A1) | lamps off | deadline none | ok',
    pause: 'pressed | +pause(tea) | ok',
    resume: 'pressed | ok',
    fault: 'outOfService | lamps fault | deadline none',
    recover: 'pressed',
  },
};

const { invited, pressed, idle, paused, outOfService } = STATES;
const { open, press, cancel, dutyOn, pause, resume, time, reasons, reasonsOpen, done, touch } = INPUTS;
/** The citizen is at the reasons, and has chosen one. */
const reading = { ...pressed, reasonsOpen: true, reasons: ['214'], deadlineMonoMs: 120_000 };
const lastly = { ...POLICY, receipt: { ...POLICY.receipt, onOpen: true, onUnrated: true } };
const late = { now: at(150_000) };

/** What one line a cell does not tell: [what, state, input, step]. */
const FURTHER: readonly (readonly [string, SessionState, SessionInput, string])[] = [
  [
    'time over without a press',
    invited,
    { ...time, ...late },
    'idle | +unrated(S1 time-over) | lamps idle | deadline none',
  ],
  [
    'time over after a press',
    pressed,
    { ...time, now: at(104_000) },
    'idle | +rating(S1 press000001 2 time-over) | lamps idle | deadline none',
  ],
  ['the open service opened again', invited, { ...open, service: service('S1'), standing: 'open' }, 'invited | ok'],
  [
    'the open service opened again after a press',
    pressed,
    { ...open, service: service('S1'), standing: 'open' },
    'pressed | ok',
  ],
  [
    'its serviceId for another case',
    invited,
    { ...open, service: { ...service('S1'), caseNo: 'other' } },
    'invited | service-exists',
  ],
  ['an ended service opened again', idle, { ...open, standing: 'ended' }, 'idle | service-over'],
  ['an ended service opened again in a session', pressed, { ...open, standing: 'ended' }, 'pressed | service-over'],
  ['an ended service opened again while paused', paused, { ...open, standing: 'ended' }, 'paused | service-over'],
  ['no window known', idle, { ...open, window: undefined }, `invited | +opened(S2 command - A1 p@1) | ${INVITED}`],
  [
    'another service cancelled',
    pressed,
    { ...cancel, serviceId: 'S9', standing: 'unknown' },
    'pressed | session-absent',
  ],
  ['an ended service cancelled', idle, { ...cancel, standing: 'ended' }, 'idle | service-over'],
  ['the same staff sign on', idle, { ...dutyOn, staffNo: 'A1' }, 'idle | ok'],
  ['the same staff sign on while paused', paused, { ...dutyOn, staffNo: 'A1' }, 'paused | ok'],
  ['the same staff sign on in a session', invited, { ...dutyOn, staffNo: 'A1' }, 'invited | ok'],
  ['the stand-in signs on again', { ...invited, relief: 'B2' }, dutyOn, 'invited | ok'],
  [
    'the one who opened comes back',
    { ...pressed, relief: 'B2' },
    { ...dutyOn, staffNo: 'A1' },
    'pressed | +duty.off(B2) +duty.on(A1) | ok',
  ],
  [
    'the stand-in has not wished for the pause',
    { ...invited, pauseAfter: 'tea' },
    dutyOn,
    'invited | +resume +duty.off(A1) +duty.on(B2) | ok',
  ],
  [
    'a stand-in who opens the next service',
    { ...invited, relief: 'B2' },
    open,
    `invited | +unrated(S1 next-service) +opened(S2 command 12 B2 p@1) | ${INVITED}`,
  ],
  [
    'a stand-in who signs off',
    { ...pressed, relief: 'B2' },
    INPUTS.dutyOff,
    'offDuty | +rating(S1 press000001 2 off-duty) +duty.off(B2) | lamps off | deadline none | ok',
  ],
  ['the same pause', paused, { ...pause, reason: 'meal' }, 'paused | ok'],
  ['the same pause wished twice', { ...invited, pauseAfter: 'tea' }, pause, 'invited | ok'],
  ['a wished pause taken back', { ...invited, pauseAfter: 'tea' }, resume, 'invited | +resume | ok'],
  [
    'a wished pause begins when the session closes',
    { ...pressed, pauseAfter: 'tea' },
    { ...time, ...late },
    'paused | +rating(S1 press000001 2 time-over) | lamps off | deadline none',
  ],
  ['no next service after a wished pause', { ...pressed, pauseAfter: 'tea' }, open, 'pressed | terminal-paused'],
  [
    'off duty with a wished pause',
    { ...invited, pauseAfter: 'tea' },
    INPUTS.dutyOff,
    'offDuty | +unrated(S1 off-duty) +resume +duty.off(A1) | lamps off | deadline none | ok',
  ],
  [
    'a press after a session',
    { ...idle, ended: { service: service('S1'), how: 'unrated', atMonoMs: 99_000 } },
    press,
    'idle | says session-over | session-absent',
  ],
  [
    'a press from before the opening',
    invited,
    { ...press, now: at(89_999) },
    'invited | says nothing-open | session-absent',
  ],
  [
    'a press past the deadline, before the timer',
    pressed,
    { ...press, now: at(104_000) },
    'idle | +rating(S1 press000001 2 time-over) | lamps idle | deadline none | says session-over | session-absent',
  ],
  [
    'a press just before the deadline',
    pressed,
    { ...press, now: at(103_999) },
    'pressed | +press(S1 press000002 4 key) | accepted | deadline 104000 | ok',
  ],
  [
    'an opening past the deadline, before the timer',
    invited,
    { ...open, ...late },
    `invited | +unrated(S1 time-over) +${OPENED} | lamps invited | deadline 210000 | ok`,
  ],
  [
    'the open service opened again past the deadline',
    invited,
    { ...open, ...late, service: service('S1'), standing: 'open' },
    'idle | +unrated(S1 time-over) | lamps idle | deadline none | service-over',
  ],
  [
    'a service cancelled past the deadline',
    pressed,
    { ...cancel, ...late },
    'idle | +rating(S1 press000001 2 time-over) | lamps idle | deadline none | service-over',
  ],
  ['reasons of another level', pressed, { ...reasons, codes: ['510'] }, 'pressed | reason-unknown'],
  ['a reason twice', pressed, { ...reasons, codes: ['207', '207'] }, 'pressed | reason-unknown'],
  [
    'all reasons taken back',
    reading,
    { ...reasons, codes: [] },
    'pressed | +reasons(press000001 ) | deadline 120000 | ok',
  ],
  [
    'a press while the reasons are open: those chosen are not of its level',
    reading,
    press,
    'pressed | +press(S1 press000002 4 key) | accepted | deadline 104000 | ok',
  ],
  [
    'a press at the reasons, after the time for a change',
    reading,
    { ...press, now: at(104_000) },
    'pressed | says rating-stands | rating-stands',
  ],
  ['a touch at the reasons', reading, { ...touch, now: at(110_000) }, 'pressed | deadline 130000'],
  [
    'the reasons opened just before the end',
    pressed,
    { ...reasonsOpen, now: at(103_999) },
    'pressed | deadline 123999 | ok',
  ],
  [
    'finished with the reasons after the time for a change',
    reading,
    { ...done, now: at(110_000) },
    'idle | +rating(S1 press000001 2 time-over 214) | lamps idle | deadline none | ok',
  ],
  [
    'time over at the reasons',
    reading,
    { ...time, now: at(120_000) },
    'idle | +rating(S1 press000001 2 time-over 214) | lamps idle | deadline none',
  ],
  [
    'an invitation of another service',
    invited,
    { ...INPUTS.invite, serviceId: 'S9', standing: 'unknown' },
    'invited | session-absent',
  ],
  [
    'later when the slip was printed at the opening',
    { ...invited, slip: true },
    INPUTS.later,
    'idle | +unrated(S1 later) | lamps idle | deadline none | ok',
  ],
  ['a touch never shortens', { ...invited, deadlineMonoMs: 170_000 }, INPUTS.touch, 'invited | deadline 170000'],
  [
    'recovered into a session',
    { ...outOfService, before: pressed },
    INPUTS.recover,
    'pressed | lamps accepted | deadline 104000',
  ],
];

describe('the session table', () => {
  const cells = Object.entries(CELLS).flatMap(([state, row]) =>
    Object.entries(row).map(([input, expected]) => [state as StateName, input as InputType, expected] as const),
  );

  it.each(cells)('%s × %s', (state, input, expected) => {
    expect(line(transition(STATES[state], INPUTS[input], POLICY))).toBe(expected);
  });

  it.each(FURTHER)('%s', (_what, state, input, expected) => {
    expect(line(transition(state, input, POLICY))).toBe(expected);
  });

  it('a press takes the reasons of the press before with it', () => {
    const step = transition(reading, { ...press, level: 2 }, POLICY);
    expect(step.state).toMatchObject({
      name: 'pressed',
      reasons: [],
      reasonsOpen: false,
      press: { id: 'press000002' },
    });
    expect(line(transition(step.state, { ...time, now: at(104_000) }, POLICY))).toBe(
      'idle | +rating(S1 press000002 2 time-over) | lamps idle | deadline none',
    );
  });

  it('prints one slip a service, when the policy has it so', () => {
    const opened = transition(idle, open, lastly);
    expect(line(opened)).toBe(`invited | +${OPENED} +receipt(S2 1 opened queued) | ${INVITED}`);
    expect(line(transition(opened.state, { ...time, now: at(160_000) }, lastly))).toBe(
      'idle | +unrated(S2 time-over) | lamps idle | deadline none',
    );
    expect(line(transition(invited, { ...time, ...late }, lastly))).toBe(
      'idle | +unrated(S1 time-over) +receipt(S1 1 unrated queued) | lamps idle | deadline none',
    );
    // A rated session ends without paper.
    expect(line(transition(pressed, { ...time, ...late }, lastly))).not.toContain('receipt');
  });

  it('keeps the wished pause and the opening through a press', () => {
    const step = transition({ ...invited, pauseAfter: 'tea' }, press, POLICY);
    expect(step.state).toMatchObject({ pauseAfter: 'tea', openedMonoMs: 90_000, service: service('S1') });
  });
});
