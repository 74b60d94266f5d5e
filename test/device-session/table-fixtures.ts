/** One state and one input of each name, and a step in one line. */
import { NATIONAL_LIST, REASONS_VERSION, type ServiceFacts, type TerminalPolicy } from '../../protocol/index.js';
import type { Asked } from '../../device/core/asked.js';
import type { Effect, Draft } from '../../device/core/session-effect.js';
import type { InputMap } from '../../device/core/session-input.js';
import type { Now, StateMap } from '../../device/core/session-state.js';
import type { Step } from '../../device/core/session.js';

export const POLICY: TerminalPolicy = {
  changeOfMindMs: 5_000,
  invitationMs: 60_000,
  commandValidMs: 30_000,
  retentionDays: 30,
  reasonsMs: 20_000,
  farewellMs: 8_000,
  laterShownMs: 60_000,
  receipt: { onOpen: false, onLater: true, onUnrated: false, dropAfterMs: 600_000 },
  sound: {
    key: true,
    welcome: false,
    invite: true,
    thanks: true,
    volumePercent: 40,
    languages: ['zh'],
    quiet: [],
  },
};
export const BOOT = 'bootAAAAAAA';
export const NOW_MS = 100_000;

export function at(monoMs: number): Now {
  return { wallMs: 1_790_000_000_000 + monoMs, monoMs, bootId: BOOT };
}

export function service(serviceId: string): ServiceFacts {
  return { serviceId, caseNo: `case ${serviceId}`, stage: 'completion' };
}

export const ASKED: Asked = {
  list: NATIONAL_LIST,
  things: [{ of: 'indicator', code: 'service', zh: '服务评价', en: 'Service' }],
};

const open = {
  staffNo: 'A1',
  relief: null,
  service: service('S1'),
  asked: ASKED,
  openedMonoMs: 90_000,
  pauseAfter: null,
  slip: false,
};
export const STATES: StateMap = {
  offDuty: { name: 'offDuty' },
  idle: { name: 'idle', staffNo: 'A1', ended: null },
  paused: { name: 'paused', staffNo: 'A1', reason: 'meal', ended: null },
  outOfService: { name: 'outOfService', before: { name: 'idle', staffNo: 'A1', ended: null } },
  invited: { name: 'invited', ...open, deadlineMonoMs: 150_000 },
  pressed: {
    name: 'pressed',
    ...open,
    press: { id: 'press000001', level: 2 },
    changeUntilMonoMs: 104_000,
    deadlineMonoMs: 104_000,
    reasons: [],
    list: REASONS_VERSION,
    reasonsOpen: false,
    marks: [],
    marking: null,
  },
};

export const INPUTS: InputMap = {
  open: {
    type: 'open',
    now: at(NOW_MS),
    service: service('S2'),
    standing: 'unknown',
    origin: 'command',
    window: '12',
    policyId: 'p@1',
    asked: ASKED,
  },
  press: { type: 'press', now: at(NOW_MS), id: 'press000002', level: 4, via: 'key' },
  chord: { type: 'chord', now: at(NOW_MS) },
  touch: { type: 'touch', now: at(NOW_MS) },
  later: { type: 'later', now: at(NOW_MS) },
  reasonsOpen: { type: 'reasonsOpen', now: at(NOW_MS) },
  reasons: { type: 'reasons', now: at(NOW_MS), codes: ['207', '214'] },
  thing: { type: 'thing', now: at(NOW_MS), index: 0 },
  done: { type: 'done', now: at(NOW_MS) },
  time: { type: 'time', now: at(NOW_MS) },
  cancel: { type: 'cancel', now: at(NOW_MS), serviceId: 'S1', standing: 'open' },
  invite: { type: 'invite', now: at(NOW_MS), serviceId: 'S1', standing: 'open' },
  dutyOn: { type: 'dutyOn', now: at(NOW_MS), staffNo: 'B2' },
  dutyOff: { type: 'dutyOff', now: at(NOW_MS) },
  pause: { type: 'pause', now: at(NOW_MS), reason: 'tea' },
  resume: { type: 'resume', now: at(NOW_MS) },
  fault: { type: 'fault', now: at(NOW_MS) },
  recover: { type: 'recover', now: at(NOW_MS) },
};

/** `state | +entries | other effects`, in their order. */
export function line(step: Step): string {
  return [step.state.name, ...step.effects.map(effectText)].join(' | ');
}

function effectText(effect: Effect): string {
  switch (effect.type) {
    case 'append':
      return `+${effect.drafts.map(draftText).join(' +')}`;
    case 'lamps':
      return `lamps ${effect.signal}`;
    case 'accepted':
      return 'accepted';
    case 'notice':
      return `says ${effect.notice}`;
    case 'deadline':
      return `deadline ${effect.atMonoMs ?? 'none'}`;
    case 'answer':
      return effect.ok ? 'ok' : effect.code;
  }
}

function draftText(draft: Draft): string {
  switch (draft.kind) {
    case 'rating': {
      const { serviceId, id, level, cause, reasons } = draft.body;
      return `rating(${[serviceId, id, level, cause, ...(reasons ?? [])].join(' ')})`;
    }
    case 'reasons':
      return `reasons(${draft.body.pressId} ${draft.body.codes.join(' ')})`;
    case 'receipt':
      return `receipt(${draft.body.serviceId} ${draft.body.copy} ${draft.body.occasion} ${draft.body.state})`;
    case 'unrated':
      return `unrated(${draft.body.serviceId} ${draft.body.cause})`;
    case 'press':
      return `press(${draft.body.serviceId} ${draft.body.id} ${draft.body.level} ${draft.body.via})`;
    case 'service.opened':
      return `opened(${draft.body.serviceId} ${draft.body.origin} ${draft.body.window ?? '-'} ${draft.body.staffNo ?? '-'} ${draft.body.policy})`;
    case 'duty.on':
    case 'duty.off':
      return `${draft.kind}(${draft.body.staffNo})`;
    case 'pause':
      return `pause(${draft.body.reason})`;
    default:
      return draft.kind;
  }
}
