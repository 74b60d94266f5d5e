/** The states of the counter. At most one service is open at a time, and only somebody on duty can have one. */
import type { Level, ServiceFacts } from '../../protocol/index.js';
import type { LampSignal } from './session-effect.js';

/** A moment, as the shell reads it: wall clock, milliseconds since boot, and which boot. */
export interface Now {
  readonly wallMs: number;
  readonly monoMs: number;
  readonly bootId: string;
}

interface OpenService {
  readonly staffNo: string;
  readonly service: ServiceFacts;
  /** A press that was made before this belongs to somebody else. */
  readonly openedMonoMs: number;
  readonly deadlineMonoMs: number;
  /** A pause that was asked for during the session and begins when it closes. */
  readonly pauseAfter: string | null;
}

/** What each state holds, by its name. */
export interface StateMap {
  readonly offDuty: { readonly name: 'offDuty' };
  /** `afterSession`: a session has closed since duty began, so a press now comes too late rather than too early. */
  readonly idle: { readonly name: 'idle'; readonly staffNo: string; readonly afterSession: boolean };
  readonly paused: {
    readonly name: 'paused';
    readonly staffNo: string;
    readonly reason: string;
    readonly afterSession: boolean;
  };
  /** Nothing can be recorded; `before` is where the terminal goes on. */
  readonly outOfService: { readonly name: 'outOfService'; readonly before: InService };
  readonly invited: { readonly name: 'invited' } & OpenService;
  /** `press` is the last one: the rating, unless another follows before the deadline. */
  readonly pressed: {
    readonly name: 'pressed';
    readonly press: { readonly id: string; readonly level: Level };
  } & OpenService;
}

export type StateName = keyof StateMap;
export type SessionState = StateMap[StateName];
export type InService = StateMap[Exclude<StateName, 'outOfService'>];
export type InSession = StateMap['invited' | 'pressed'];

const SIGNALS: Readonly<Record<StateName, LampSignal>> = {
  offDuty: 'off',
  idle: 'idle',
  paused: 'off',
  outOfService: 'fault',
  invited: 'invited',
  pressed: 'accepted',
};

/** What the lamps say in a state. Of a press they say only that there is one (I6). */
export function signalOf(state: SessionState): LampSignal {
  return SIGNALS[state.name];
}

/** When time by itself changes the state, in ms since boot. */
export function deadlineOf(state: SessionState): number | null {
  return state.name === 'invited' || state.name === 'pressed' ? state.deadlineMonoMs : null;
}

/**
 * What may be shown of the counter. It never holds a level, nor how often the citizen pressed (I6); that there
 * is a press is for the citizen's own screen only.
 */
export interface Snapshot {
  readonly state: StateName;
  readonly staffNo?: string;
  readonly pausedFor?: string;
  readonly serviceId?: string;
  readonly caseNo?: string;
  /** The neutral label of the matter where it has one, else its name. */
  readonly matter?: string;
  /** Until the session closes by itself, ms. */
  readonly remainingMs?: number;
}

export function snapshotOf(state: SessionState, now: Now): Snapshot {
  switch (state.name) {
    case 'offDuty':
    case 'outOfService':
      return { state: state.name };
    case 'idle':
      return { state: 'idle', staffNo: state.staffNo };
    case 'paused':
      return { state: 'paused', staffNo: state.staffNo, pausedFor: state.reason };
    case 'invited':
    case 'pressed': {
      const { serviceId, caseNo, matter } = state.service;
      const shown = matter?.label ?? matter?.name;
      return {
        state: state.name,
        staffNo: state.staffNo,
        serviceId,
        caseNo,
        ...(shown === undefined ? {} : { matter: shown }),
        remainingMs: Math.max(0, state.deadlineMonoMs - now.monoMs),
      };
    }
  }
}
