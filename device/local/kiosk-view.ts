/** What the citizen's screen shows, as data; every key is always there. Of a level it holds only what is sealed. */
import type { Level, Stage, TerminalPolicy } from '../../protocol/index.js';
import type { Choice, Questions, Snapshot } from '../core/session-state.js';
import type { HallFacts } from '../hall-file.js';
import type { CodePicture } from '../receipt/code-picture.js';
import type { KioskSelfCheck } from '../self-check/self-check-view.js';
import { staffShown, type StaffShown } from './staff-shown.js';

export type PartState = 'connected' | 'degraded' | 'lost' | 'absent';

export interface KioskView {
  readonly v: 1;
  readonly state: Snapshot['state'];
  readonly hall: HallFacts['hall'];
  readonly window: string | null;
  /** The hall's, IANA name: the machine's own may be any. */
  readonly timeZone: string;
  readonly staff: StaffShown | null;
  readonly service: { readonly caseNo: string; readonly matter: string | null; readonly stage: Stage } | null;
  readonly remainingMs: number | null;
  readonly totalMs: number | null;
  readonly pausedFor: string | null;
  readonly canChange: boolean;
  readonly reasonsOpen: boolean;
  /** What is asked besides the level; of every level the same. `null` until there is a press. */
  readonly reasons: Questions['reasons'] | null;
  readonly things: Questions['things'];
  /** Which thing is on the screen, by its place; the next press is its level. */
  readonly marking: number | null;
  /** The code for the phone: while invited, and for a while after a session that ended unrated. */
  readonly later: CodePicture | null;
  /** How the last session ended, while the farewell is on the screen. */
  readonly ended: 'rated' | 'unrated' | 'later' | null;
  readonly choice: string | null;
  /** What becomes of the slip of this service. */
  readonly slip: 'printing' | 'printed' | 'failed' | null;
  readonly parts: { readonly keys: PartState; readonly printer: PartState };
  /** Which key of a USB keypad is which level, by `KeyboardEvent.code`; `null`: the page's own digits. */
  readonly keypad: { readonly keys: Readonly<Record<string, Level>> } | null;
  /** The self-check that is going on; never while a service is open. */
  readonly selfCheck: KioskSelfCheck | null;
}

export interface KioskSources {
  readonly snapshot: Snapshot;
  readonly policy: TerminalPolicy;
  readonly facts: HallFacts;
  readonly window: string | undefined;
  readonly timeZone: string;
  readonly keys: PartState;
  readonly printer: PartState;
  readonly codeOf: (serviceId: string) => CodePicture | null;
  readonly slipOf: (serviceId: string) => KioskView['slip'];
  readonly choice: string | null;
  readonly questions: Questions | null;
  readonly keypad: KioskView['keypad'];
  readonly selfCheck: KioskView['selfCheck'];
}

export function kioskView(sources: KioskSources): KioskView {
  const { snapshot, policy, facts, window, timeZone, keys, printer, codeOf, slipOf } = sources;
  const { choice, questions, keypad, selfCheck } = sources;
  const { state, ended } = snapshot;
  const farewell = ended !== undefined && ended.agoMs < policy.farewellMs;
  const rateable =
    state === 'invited'
      ? snapshot.serviceId
      : ended !== undefined && ended.how !== 'rated' && ended.agoMs < Math.max(policy.farewellMs, policy.laterShownMs)
        ? ended.serviceId
        : undefined;
  const slipFor = snapshot.serviceId ?? (farewell ? ended.serviceId : undefined);
  return {
    v: 1,
    state,
    hall: facts.hall,
    window: window ?? null,
    timeZone,
    staff: staffShown(facts, snapshot.staffNo),
    service:
      snapshot.caseNo === undefined || snapshot.stage === undefined
        ? null
        : { caseNo: snapshot.caseNo, matter: snapshot.matter ?? null, stage: snapshot.stage },
    remainingMs: snapshot.remainingMs ?? null,
    totalMs: snapshot.totalMs ?? null,
    // One that is to begin after this session is no business of this citizen's.
    pausedFor: state === 'paused' ? (snapshot.pausedFor ?? null) : null,
    canChange: snapshot.canChange ?? false,
    reasonsOpen: snapshot.reasonsOpen ?? false,
    reasons: questions?.reasons ?? null,
    things: questions?.things ?? [],
    marking: questions?.marking ?? null,
    later: rateable === undefined ? null : codeOf(rateable),
    ended: farewell ? ended.how : null,
    choice,
    slip: slipFor === undefined ? null : slipOf(slipFor),
    parts: { keys, printer },
    keypad,
    selfCheck,
  };
}

/** Seals a choice once, so that a view that did not change reads the same. */
export class SealedChoice {
  readonly #seal: (value: unknown) => string;
  #of: string | undefined;
  #sealed: string | null = null;

  constructor(seal: (value: unknown) => string) {
    this.#seal = seal;
  }

  of(choice: Choice | null): string | null {
    const text = JSON.stringify(choice);
    if (text !== this.#of) {
      this.#of = text;
      this.#sealed = choice === null ? null : this.#seal(choice);
    }
    return this.#sealed;
  }
}
