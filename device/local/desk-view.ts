/**
 * What the staff page shows, as data. Of an open session staff learn that it is open: the moment of a press, and of
 * a change of mind, would let them match it with what they saw of the hand (I6). "Rated" comes when it is over.
 */
import type { Matter, Stage } from '../../protocol/index.js';
import type { Snapshot } from '../core/session-state.js';
import type { HallFacts } from '../hall-file.js';
import type { KnownService } from '../log/service-book.js';
import type { SelfCheckView } from '../self-check/self-check-view.js';
import type { PartState } from './kiosk-view.js';
import { staffShown, type StaffShown } from './staff-shown.js';

export interface DeskView {
  readonly v: 1;
  readonly state: Exclude<Snapshot['state'], 'invited' | 'pressed'> | 'inSession';
  readonly hall: HallFacts['hall'];
  readonly window: string | null;
  /** Who is on duty; a service that is open may still be somebody else's. */
  readonly staff: StaffShown | null;
  readonly pausedFor: string | null;
  readonly service: {
    readonly serviceId: string;
    readonly caseNo: string;
    readonly matter: string | null;
    readonly stage: Stage;
  } | null;
  readonly matters: readonly Matter[];
  /** `pin`: signing on by number needs it. */
  readonly roster: readonly {
    readonly staffNo: string;
    readonly name: string;
    readonly post: string | null;
    readonly pin: boolean;
  }[];
  /** Ended sessions, newest first. */
  readonly recent: readonly {
    readonly serviceId: string;
    readonly caseNo: string;
    readonly matter: string | null;
    readonly at: number;
    readonly outcome: 'rated' | 'not-rated';
  }[];
  readonly parts: Readonly<
    Record<'board' | 'keys' | 'log' | 'network' | 'printer' | 'screen' | 'keypad' | 'sound', PartState>
  >;
  readonly paper: 'ok' | 'near-end' | 'out' | 'unknown' | 'absent';
  /** What is wrong with the printer besides its paper and its cable. */
  readonly printerFault: 'cover-open' | 'cutter-error' | 'printer-offline' | 'printer-fault' | null;
  /** Entries that the gateway does not have yet. */
  readonly backlog: number;
  readonly selfCheck: SelfCheckView;
}

export interface DeskSources {
  readonly snapshot: Snapshot;
  readonly facts: HallFacts;
  readonly window: string | undefined;
  readonly recent: readonly KnownService[];
  readonly parts: DeskView['parts'];
  readonly paper: DeskView['paper'];
  readonly printerFault: DeskView['printerFault'];
  readonly backlog: number;
  readonly selfCheck: SelfCheckView;
}

export function deskView(sources: DeskSources): DeskView {
  const { snapshot, facts, window, recent, parts, paper, printerFault, backlog, selfCheck } = sources;
  const { state, serviceId, caseNo, stage } = snapshot;
  const inSession = state === 'invited' || state === 'pressed';
  return {
    v: 1,
    state: inSession ? 'inSession' : state,
    hall: facts.hall,
    window: window ?? null,
    staff: staffShown(facts, snapshot.relief ?? snapshot.staffNo),
    pausedFor: snapshot.pausedFor ?? null,
    service:
      serviceId === undefined || caseNo === undefined || stage === undefined
        ? null
        : { serviceId, caseNo, matter: snapshot.matter ?? null, stage },
    matters: facts.matters,
    roster: [...facts.staff.values()].map(({ staffNo, name, post, pin }) => ({
      staffNo,
      name,
      post,
      pin: pin !== null,
    })),
    recent: recent.map(({ facts: service, endedAtMs, rated }) => ({
      serviceId: service.serviceId,
      caseNo: service.caseNo,
      matter: service.matter?.label ?? service.matter?.name ?? null,
      at: endedAtMs ?? 0,
      outcome: rated ? 'rated' : 'not-rated',
    })),
    parts,
    paper,
    printerFault,
    backlog,
    selfCheck,
  };
}
