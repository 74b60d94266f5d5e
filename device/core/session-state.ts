/** The states of the counter. At most one service is open at a time, and only somebody on duty can have one. */
import type { Level, Mark, Reason, ServiceFacts, Stage, TerminalPolicy, Thing } from '../../protocol/index.js';
import { markOf, type Asked } from './asked.js';
import type { LampSignal } from './session-effect.js';

/** A moment, as the shell reads it: wall clock, milliseconds since boot, and which boot. */
export interface Now {
  readonly wallMs: number;
  readonly monoMs: number;
  readonly bootId: string;
}

interface OpenService {
  /** Who opened it: the service is theirs to its end, whoever is on duty by then. */
  readonly staffNo: string;
  /** Who has taken over duty since; `null` while it is who opened it. */
  readonly relief: string | null;
  readonly service: ServiceFacts;
  /** What is asked besides the level, as it was when the service opened. */
  readonly asked: Asked;
  /** A press that was made before this belongs to somebody else. */
  readonly openedMonoMs: number;
  readonly deadlineMonoMs: number;
  /** A pause that was asked for during the session and begins when it closes. */
  readonly pauseAfter: string | null;
  /** A slip of this service was asked for already; there is one a service. */
  readonly slip: boolean;
}

/** The session that ended last, for the farewell and for a late press. */
export interface Ended {
  readonly service: ServiceFacts;
  /** `later`: the citizen took the phone instead. */
  readonly how: 'rated' | 'unrated' | 'later';
  readonly atMonoMs: number;
}

/** What each state holds, by its name. */
export interface StateMap {
  readonly offDuty: { readonly name: 'offDuty' };
  /** `ended`: the last session since duty began; after one a press comes too late rather than too early. */
  readonly idle: { readonly name: 'idle'; readonly staffNo: string; readonly ended: Ended | null };
  readonly paused: {
    readonly name: 'paused';
    readonly staffNo: string;
    readonly reason: string;
    readonly ended: Ended | null;
  };
  /** Nothing can be recorded; `before` is where the terminal goes on. */
  readonly outOfService: { readonly name: 'outOfService'; readonly before: InService };
  readonly invited: { readonly name: 'invited' } & OpenService;
  /** `press` is the last one: the rating, unless another follows before the deadline. */
  readonly pressed: {
    readonly name: 'pressed';
    readonly press: { readonly id: string; readonly level: Level };
    /** Until then another press replaces this one. */
    readonly changeUntilMonoMs: number;
    /** What the citizen gave as reasons for this press. */
    readonly reasons: readonly string[];
    /** Of which list they are. */
    readonly list: string;
    /** The citizen has asked for the reasons: they are on the screen. */
    readonly reasonsOpen: boolean;
    /** Levels that single things were given beside the whole. */
    readonly marks: readonly Mark[];
    /** Which thing is on the screen, by its place in `asked`: a press is its mark. `null`: none, a press is the rating. */
    readonly marking: number | null;
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

/** Who is on duty now: the service that is open may be somebody else's. */
export function onDuty(state: InSession | StateMap['idle' | 'paused']): string {
  return 'relief' in state ? (state.relief ?? state.staffNo) : state.staffNo;
}

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
  /** Who is on duty; while a service is open, who opened it. */
  readonly staffNo?: string;
  /** Who has taken over duty while the service is open. */
  readonly relief?: string;
  readonly pausedFor?: string;
  readonly serviceId?: string;
  readonly caseNo?: string;
  /** The neutral label of the matter where it has one, else its name. */
  readonly matter?: string;
  readonly stage?: Stage;
  /** Until the session closes by itself, and how long that was at first, ms. */
  readonly remainingMs?: number;
  readonly totalMs?: number;
  /** Whether another press would still change the rating. */
  readonly canChange?: boolean;
  readonly reasonsOpen?: boolean;
  /** The session that ended last, and how long ago. */
  readonly ended?: { readonly serviceId: string; readonly how: Ended['how']; readonly agoMs: number };
}

/** The citizen's own choice, for their own screen and nobody else (I6). */
export interface Choice {
  readonly level: Level;
  readonly reasons: readonly string[];
  /** While a thing is on the screen: its own level, if it has one. */
  readonly mark?: Level | null;
}

export function choiceOf(state: SessionState): Choice | null {
  if (state.name !== 'pressed') return null;
  const { press, reasons, asked, marks, marking } = state;
  if (marking === null) return { level: press.level, reasons };
  return { level: press.level, reasons: [], mark: markOf(marks, asked.things[marking])?.level ?? null };
}

/** What is asked besides the level: for the citizen's screen. Of levels it tells nothing. */
export interface Questions {
  readonly reasons: readonly Reason[];
  readonly things: readonly (Thing & { readonly isMarked: boolean })[];
  readonly marking: number | null;
}

export function questionsOf(state: SessionState): Questions | null {
  if (state.name !== 'pressed') return null;
  const { asked, marks, marking } = state;
  const things = asked.things.map((thing) => ({ ...thing, isMarked: markOf(marks, thing) !== undefined }));
  return { reasons: asked.list.reasons, things, marking };
}

/** The citizen has asked for more than the level, and is at it. */
export function isAtMore({ reasonsOpen, marking }: StateMap['pressed']): boolean {
  return reasonsOpen || marking !== null;
}

export function snapshotOf(state: SessionState, now: Now, policy: TerminalPolicy): Snapshot {
  switch (state.name) {
    case 'offDuty':
    case 'outOfService':
      return { state: state.name };
    case 'idle':
      return { state: 'idle', staffNo: state.staffNo, ...endedOf(state.ended, now) };
    case 'paused':
      return { state: 'paused', staffNo: state.staffNo, pausedFor: state.reason, ...endedOf(state.ended, now) };
    case 'invited':
    case 'pressed': {
      const { serviceId, caseNo, matter, stage } = state.service;
      const shown = matter?.label ?? matter?.name;
      return {
        state: state.name,
        staffNo: state.staffNo,
        ...(state.relief === null ? {} : { relief: state.relief }),
        serviceId,
        caseNo,
        ...(shown === undefined ? {} : { matter: shown }),
        stage,
        remainingMs: Math.max(0, state.deadlineMonoMs - now.monoMs),
        totalMs: totalOf(state, policy),
        // A pause that begins when this session closes.
        ...(state.pauseAfter === null ? {} : { pausedFor: state.pauseAfter }),
        ...(state.name === 'pressed'
          ? { canChange: now.monoMs < state.changeUntilMonoMs, reasonsOpen: state.reasonsOpen }
          : {}),
      };
    }
  }
}

function totalOf(state: InSession, policy: TerminalPolicy): number {
  if (state.name === 'invited') return policy.invitationMs;
  return isAtMore(state) ? policy.reasonsMs : policy.changeOfMindMs;
}

function endedOf(ended: Ended | null, now: Now): Pick<Snapshot, 'ended'> {
  if (ended === null) return {};
  const { service, how, atMonoMs } = ended;
  return { ended: { serviceId: service.serviceId, how, agoMs: Math.max(0, now.monoMs - atMonoMs) } };
}
