/** How the counter goes on after the program ended: a session is taken up again, or ended with its cause. */
import type { Level, Mark, ServiceFacts, TerminalPolicy } from '../../protocol/index.js';
import { askedOf, type Wishes } from './asked.js';
import { afterClosing, closingEntry } from './session-close.js';
import type { InSession, InService, Now } from './session-state.js';
import { enter, type Step } from './session-step.js';

/** A moment as an entry has it. */
export interface RecordedMoment {
  readonly mono: number;
  readonly bootId: string;
}

/** What the log says about the counter. */
export interface RecordedCounter {
  readonly staffNo: string | null;
  readonly pausedFor: string | null;
  readonly service:
    (ServiceFacts & { readonly opened: RecordedMoment; readonly slip?: boolean; readonly staffNo?: string }) | null;
  readonly press: {
    readonly id: string;
    readonly level: Level;
    readonly first: RecordedMoment;
    readonly reasons?: readonly string[];
    readonly list?: string;
    readonly marks?: readonly Mark[];
  } | null;
}

/**
 * The state at start-up. Within one boot the clock since boot goes on, so the citizen keeps the rest of their
 * time; after another boot nobody knows how long it was, and the session ends with cause `restart`.
 */
export function resumeFrom(record: RecordedCounter, now: Now, policy: TerminalPolicy, wishes: Wishes): Step {
  const { staffNo, pausedFor } = record;
  const session = sessionOf(record, policy, wishes);
  if (session === null) return enter(standing(staffNo, pausedFor), []);
  const since = record.press?.first ?? record.service?.opened;
  const sameBoot = since !== undefined && since.bootId === now.bootId && since.mono <= now.monoMs;
  if (staffNo !== null && sameBoot && now.monoMs < session.deadlineMonoMs) return enter(session, []);
  const closed = staffNo === null ? standing(null, null) : afterClosing(session, 'restart', now);
  return enter(closed, [closingEntry(session, 'restart')]);
}

function standing(staffNo: string | null, pausedFor: string | null): InService {
  if (staffNo === null) return { name: 'offDuty' };
  if (pausedFor !== null) return { name: 'paused', staffNo, reason: pausedFor, ended: null };
  return { name: 'idle', staffNo, ended: null };
}

function sessionOf(record: RecordedCounter, policy: TerminalPolicy, wishes: Wishes): InSession | null {
  if (record.service === null) return null;
  const { opened, serviceId, caseNo, stage, matter, matters, staffNo = record.staffNo ?? '' } = record.service;
  const service: ServiceFacts = {
    serviceId,
    caseNo,
    stage,
    ...(matter === undefined ? {} : { matter }),
    ...(matters === undefined ? {} : { matters }),
  };
  const asked = askedOf(wishes, service);
  const open = {
    staffNo,
    relief: record.staffNo === staffNo ? null : record.staffNo,
    service,
    asked,
    openedMonoMs: opened.mono,
    pauseAfter: record.pausedFor,
    slip: record.service.slip ?? false,
  };
  if (record.press === null) return { name: 'invited', ...open, deadlineMonoMs: opened.mono + policy.invitationMs };
  const { id, level, first, reasons = [], list = asked.list.id, marks = [] } = record.press;
  const changeUntilMonoMs = first.mono + policy.changeOfMindMs;
  return {
    name: 'pressed',
    ...open,
    press: { id, level },
    changeUntilMonoMs,
    deadlineMonoMs: changeUntilMonoMs,
    reasons,
    list,
    reasonsOpen: false,
    marks,
    marking: null,
  };
}
